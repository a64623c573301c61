"""Requests and answers by botocore's own service model: parsed, validated and written back, never by hand."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from botocore.utils import parse_timestamp
from botocore.validate import ParamValidator

from local.cloud.kernel.errors import validation_error


@cache
def service_model(name: str) -> ServiceModel:
    """The service model that boto3's client of that name is made from."""
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


def parse(shape: Shape, value: Any) -> Any:
    """JSON from the wire as Python values: time stamps become aware datetimes, blobs bytes."""
    if value is None:
        return None
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        members = shape.members
        return {
            k: parse(members[k], v) if k in members else v
            for k, v in value.items()
            if v is not None or k not in members
        }
    if kind == "list" and isinstance(value, list):
        return [parse(shape.member, v) for v in value]
    if kind == "map" and isinstance(value, Mapping):
        return {k: parse(shape.value, v) for k, v in value.items()}
    if kind == "timestamp" and isinstance(value, int | float | str):
        stamp = parse_timestamp(value)
        return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    if kind == "blob" and isinstance(value, str):
        return base64.b64decode(value)
    return value


def render(shape: Shape, value: Any) -> Any:
    """Python values as the JSON that the shape allows: members that it does not know are left out."""
    if value is None:
        return None
    kind = shape.type_name
    if kind == "structure":
        members = shape.members
        return {k: render(members[k], v) for k, v in value.items() if k in members and v is not None}
    if kind == "list":
        return [render(shape.member, v) for v in value]
    if kind == "map":
        return {k: render(shape.value, v) for k, v in value.items()}
    if kind == "timestamp":
        return value.timestamp() if isinstance(value, datetime) else value
    if kind == "blob" and isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def coerce(shape: Shape, value: Any) -> Any:
    """CloudFormation properties, in which numbers and booleans may be strings, with the types of the shape."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        members = shape.members
        return {k: coerce(members[k], v) if k in members else v for k, v in value.items()}
    if kind == "list" and isinstance(value, list):
        return [coerce(shape.member, v) for v in value]
    if kind == "map" and isinstance(value, Mapping):
        return {k: coerce(shape.value, v) for k, v in value.items()}
    if isinstance(value, str):
        if kind in ("integer", "long"):
            return int(value)
        if kind in ("float", "double"):
            return float(value)
        if kind == "boolean" and value.lower() in ("true", "false"):
            return value.lower() == "true"
    if kind == "string" and isinstance(value, bool):
        return str(value).lower()
    if kind == "string" and isinstance(value, int | float):
        return str(value)
    return value


def validate(shape: Shape, value: Mapping[str, Any]) -> None:
    """Refuse what the service model refuses.

    Raises:
        ApiError: ValidationException with every problem: types, required and unknown members, ranges (botocore),
            enumerations, lengths and patterns (which botocore leaves to the service).
    """
    report = ParamValidator().validate(value, shape)
    problems = [report.generate_report()] if report.has_errors() else []
    problems += _constraints(shape, value, "")
    if problems:
        raise validation_error("; ".join(problems))


def _constraints(shape: Shape, value: Any, path: str) -> list[str]:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        members = shape.members
        found = [_constraints(members[k], v, f"{path}.{k}" if path else k) for k, v in value.items() if k in members]
        return [problem for problems in found for problem in problems]
    if kind == "list" and isinstance(value, list):
        found = [_constraints(shape.member, v, f"{path}[{i}]") for i, v in enumerate(value)]
        return _length(shape, len(value), path) + [problem for problems in found for problem in problems]
    if kind == "map" and isinstance(value, Mapping):
        found = [_constraints(shape.value, v, f"{path}.{k}") for k, v in value.items()]
        return _length(shape, len(value), path) + [problem for problems in found for problem in problems]
    if kind == "string" and isinstance(value, str):
        return _string(shape, value, path)
    if kind in ("integer", "long", "float", "double") and "max" in shape.metadata and value > shape.metadata["max"]:
        return [f"value {value} at '{path}' must be at most {shape.metadata['max']}"]
    return []


def _length(shape: Shape, length: int, path: str) -> list[str]:
    most = shape.metadata.get("max")
    return [f"'{path}' has length {length}, at most {most} is allowed"] if most is not None and length > most else []


def _string(shape: Shape, value: str, path: str) -> list[str]:
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        shown = ", ".join(enum) if len(enum) <= 12 else f"{', '.join(enum[:12])}, ... ({len(enum)} values)"
        return [f"value '{value}' at '{path}' must be one of: {shown}"]
    problems = _length(shape, len(value), path)
    pattern = _pattern(shape.metadata.get("pattern"))
    if pattern is not None and not pattern.fullmatch(value):
        problems.append(f"value '{value}' at '{path}' must satisfy the pattern {pattern.pattern}")
    return problems


@cache
def _pattern(pattern: str | None) -> re.Pattern[str] | None:
    """The service's Java pattern, or None where Python cannot read it (possessive POSIX classes and the like)."""
    if not pattern or r"\p{" in pattern:
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None
