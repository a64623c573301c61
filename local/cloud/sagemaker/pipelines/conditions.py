"""Conditions of a Condition step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.cloud.sagemaker.pipelines.expressions import ExpressionError

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda left, right: left == right,
    "GreaterThan": lambda left, right: left > right,
    "GreaterThanOrEqualTo": lambda left, right: left >= right,
    "LessThan": lambda left, right: left < right,
    "LessThanOrEqualTo": lambda left, right: left <= right,
}
TYPES = {*_COMPARISONS, "In", "Not", "Or"}


def check(condition: Any) -> list[str]:
    """What is wrong with a condition as it stands in a definition."""
    kind = condition.get("Type") if isinstance(condition, Mapping) else None
    if kind not in TYPES:
        return [f"unknown condition type '{kind}' (known: {', '.join(sorted(TYPES))})"]
    if kind == "Not":
        return check(condition.get("Condition"))
    if kind == "Or":
        return [problem for inner in condition.get("Conditions") or [None] for problem in check(inner)]
    needed = ("QueryValue", "Values") if kind == "In" else ("LeftValue", "RightValue")
    return [f"condition {kind} has no {key}" for key in needed if key not in condition]


def holds(condition: Mapping[str, Any]) -> bool:
    """Whether a condition holds, all its expressions being resolved.

    Raises:
        ExpressionError: if values of different kinds are compared.
    """
    kind = condition["Type"]
    if kind == "Not":
        return not holds(condition["Condition"])
    if kind == "Or":
        return any(holds(inner) for inner in condition["Conditions"])
    if kind == "In":
        return any(_compare("Equals", condition["QueryValue"], value) for value in condition["Values"])
    return _compare(kind, condition["LeftValue"], condition["RightValue"])


def _compare(kind: str, left: Any, right: Any) -> bool:
    if isinstance(left, str) != isinstance(right, str):  # a number from one side, its text from the other
        try:
            left, right = float(left), float(right)
        except (TypeError, ValueError):
            raise ExpressionError(f"cannot compare {left!r} with {right!r} ({kind})") from None
    try:
        return bool(_COMPARISONS[kind](left, right))
    except TypeError:
        raise ExpressionError(f"cannot compare {left!r} with {right!r} ({kind})") from None
