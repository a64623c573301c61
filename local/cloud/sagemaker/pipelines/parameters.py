"""Parameters of a pipeline: declared with a type, given as strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.cloud.kernel.errors import validation_error

_BOOLEANS = {"true": True, "false": False}
_PARSERS: dict[str, Callable[[str], Any]] = {
    "String": str,
    "Integer": int,
    "Float": float,
    "Boolean": lambda text: _BOOLEANS[text.lower()],
}
_TYPES: dict[str, tuple[type, ...]] = {"String": (str,), "Integer": (int,), "Float": (float, int), "Boolean": (bool,)}


def check_declarations(declared: list[dict[str, Any]]) -> list[str]:
    """What is wrong with a definition's `Parameters`."""
    problems, seen = [], set()
    for item in declared:
        name, kind, default = item.get("Name"), item.get("Type"), item.get("DefaultValue")
        if not name:
            problems.append("a parameter has no Name")
        elif name in seen:
            problems.append(f"duplicate parameter '{name}'")
        seen.add(name)
        if kind not in _TYPES:
            problems.append(f"parameter '{name}' has the unknown Type '{kind}' (known: {', '.join(_TYPES)})")
        elif default is not None and not _fits(default, kind):
            problems.append(f"parameter '{name}' has a DefaultValue {default!r} that is no {kind}")
    return problems


def _fits(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "Boolean") == isinstance(value, bool)


def values(declared: list[dict[str, Any]], given: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of an execution by name: what was given, typed, over the defaults.

    Raises:
        ApiError: ValidationException that names every unknown, missing or ill-typed parameter.
    """
    known = {item["Name"]: item for item in declared}
    problems = [f"Unknown parameter '{name}'" for name in given if name not in known]
    found: dict[str, Any] = {}
    for name, item in known.items():
        if name in given:
            try:
                found[name] = _PARSERS[item["Type"]](given[name])
            except (ValueError, KeyError):
                problems.append(f"Parameter '{name}' must be of type {item['Type']}, not '{given[name]}'")
                continue
        elif item.get("DefaultValue") is not None:
            found[name] = item["DefaultValue"]
        else:
            problems.append(f"Missing value for parameter '{name}', which has no default")
            continue
        allowed = item.get("EnumValues")
        if allowed and found[name] not in allowed:
            problems.append(f"Parameter '{name}' must be one of {allowed}, not {found[name]!r}")
    if problems:
        raise validation_error("; ".join(problems))
    return found
