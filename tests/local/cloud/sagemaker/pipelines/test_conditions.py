"""Conditions of a Condition step."""

from __future__ import annotations

from typing import Any

import pytest

from local.cloud.sagemaker.pipelines import conditions
from local.cloud.sagemaker.pipelines.expressions import ExpressionError


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (compare("Equals", "a", "a"), True),
        (compare("Equals", True, False), False),
        (compare("GreaterThan", 1, 1), False),
        (compare("GreaterThanOrEqualTo", 1, 1.0), True),
        (compare("LessThan", 0.5, "0.6"), True),
        (compare("LessThanOrEqualTo", "0.7", 0.6), False),
        ({"Type": "In", "QueryValue": "b", "Values": ["a", "b"]}, True),
        ({"Type": "In", "QueryValue": 3, "Values": [1, 2]}, False),
        ({"Type": "Not", "Condition": compare("Equals", 1, 1)}, False),
        ({"Type": "Or", "Conditions": [compare("Equals", 1, 2), compare("Equals", 1, 1)]}, True),
        ({"Type": "Or", "Conditions": [compare("Equals", 1, 2)]}, False),
    ],
)
def test_a_condition_holds_or_not(condition: dict[str, Any], expected: bool) -> None:
    assert conditions.check(condition) == []
    assert conditions.holds(condition) is expected


@pytest.mark.parametrize(("left", "right"), [("high", 1), (None, 1), ({}, [])])
def test_things_that_cannot_be_compared_are_named(left: Any, right: Any) -> None:
    with pytest.raises(ExpressionError, match="cannot compare"):
        conditions.holds(compare("GreaterThan", left, right))


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ({"Type": "Like"}, "unknown condition type 'Like'"),
        (None, "unknown condition type 'None'"),
        ({"Type": "Equals", "LeftValue": 1}, "has no RightValue"),
        ({"Type": "In", "QueryValue": 1}, "has no Values"),
        ({"Type": "Not", "Condition": {"Type": "Like"}}, "unknown condition type 'Like'"),
        ({"Type": "Or", "Conditions": []}, "unknown condition type 'None'"),
    ],
)
def test_a_wrong_condition_is_named(condition: Any, problem: str) -> None:
    assert any(problem in found for found in conditions.check(condition))
