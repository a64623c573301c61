"""Requests and responses as bytes: CSV, JSON and JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from contract.features import Feature

CSV = "text/csv"
JSON = "application/json"
JSON_LINES = "application/jsonlines"
CONTENT_TYPES = (CSV, JSON, JSON_LINES)

Row = Sequence[Any]


class RequestError(ValueError):
    """A request that cannot be answered: an HTTP `status` (4xx), and what is wrong and what is allowed."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def parse(body: bytes, content_type: str, features: Sequence[Feature]) -> list[Row]:
    """The rows of a body, each with its values in the order of the features.

    Raises: RequestError 415 for another content type, 400 for a body that is not of it or has no row.
    """
    parser = _PARSERS.get(content_type)
    if parser is None:
        raise RequestError(415, f"content type {content_type!r} is not supported; use {' or '.join(CONTENT_TYPES)}")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"the body is not UTF-8: byte {error.start} is {body[error.start]:#x}") from error
    rows = parser(text, features)
    if not rows:
        raise RequestError(400, "the body has no row; send at least one")
    return rows


def negotiate(accept: str, content_type: str) -> str:
    """The content type of the answer: the first of the Accept header that is supported, or that of the request.

    Raises: RequestError 406 if none of them is supported.
    """
    wanted = sorted(_weighted(accept), key=lambda entry: -entry[1])
    for media_type, weight in wanted:
        if weight > 0 and media_type in CONTENT_TYPES:
            return media_type
        if weight > 0 and media_type in ("*/*", f"{content_type.partition('/')[0]}/*"):
            return content_type
    if not wanted:
        return content_type
    raise RequestError(406, f"accept {accept!r} is not supported; use {' or '.join(CONTENT_TYPES)}")


def render(predictions: npt.NDArray[np.float32], content_type: str) -> bytes:
    """The predictions as a body: one line each as CSV and JSON lines, or `{"predictions": [...]}`."""
    if content_type == JSON:
        return orjson.dumps({"predictions": predictions}, option=orjson.OPT_SERIALIZE_NUMPY)
    # orjson writes a float32 with the fewest digits that identify it, and many times faster than a loop does.
    lines: list[bytes] = [orjson.dumps(item, option=orjson.OPT_SERIALIZE_NUMPY) for item in predictions]
    if content_type == CSV:
        lines = [line.strip(b"[]") for line in lines]
    return b"\n".join(lines) + b"\n"


def _parse_csv(text: str, features: Sequence[Feature]) -> list[Row]:
    try:
        rows: list[Row] = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise RequestError(400, f"the CSV body is broken: {error}") from error
    names = [feature.name for feature in features]
    if rows and [value.strip() for value in rows[0]] == names:
        raise RequestError(400, "the first row is a header; send only rows, with values in the order of that header")
    return rows


def _parse_json(text: str, features: Sequence[Feature]) -> list[Row]:
    document = _load(text, "the body")
    if not isinstance(document, dict) or not isinstance(document.get("instances"), list):
        raise RequestError(400, 'the JSON body must be {"instances": [...]}, a list of rows or of objects')
    return [_row(instance, number, features) for number, instance in enumerate(document["instances"])]


def _parse_json_lines(text: str, features: Sequence[Feature]) -> list[Row]:
    lines = [line for line in text.split("\n") if line.strip()]
    return [_row(_load(line, f"line {number}"), number, features) for number, line in enumerate(lines)]


def _load(text: str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(400, f"{what} is not valid JSON: {error}") from error


def _row(instance: Any, number: int, features: Sequence[Feature]) -> Row:
    if isinstance(instance, dict):
        instance = _ordered(instance, number, features)
    if not isinstance(instance, list):
        raise RequestError(400, f"row {number} must be a list or an object, not {instance!r}")
    for feature, value in zip(features, instance, strict=False):
        allowed: tuple[type, ...] = (str,) if feature.type == "string" else (str, int, float)
        if value is not None and not isinstance(value, allowed):
            expected = "a string or null" if feature.type == "string" else "a number or null"
            raise RequestError(400, f"feature {feature.name!r}, row {number}: {value!r} is not {expected}")
    return instance


def _ordered(instance: dict[str, Any], number: int, features: Sequence[Feature]) -> list[Any]:
    names = [feature.name for feature in features]
    missing = [name for name in names if name not in instance]
    unknown = sorted(instance.keys() - set(names))
    if missing or unknown:
        problems = [f"misses {', '.join(missing)} (null is allowed)"] * bool(missing)
        problems += [f"has unknown {', '.join(unknown)}"] * bool(unknown)
        raise RequestError(400, f"row {number} {' and '.join(problems)}; the features are {', '.join(names)}")
    return [instance[name] for name in names]


def _weighted(accept: str) -> list[tuple[str, float]]:
    entries = []
    for part in filter(None, (part.strip() for part in accept.split(","))):
        media_type, *parameters = (item.strip().lower() for item in part.split(";"))
        weights = [item.removeprefix("q=") for item in parameters if item.startswith("q=")]
        try:
            entries.append((media_type, float(weights[0]) if weights else 1.0))
        except ValueError:
            raise RequestError(406, f"accept {part!r} has a q that is not a number") from None
    return entries


_PARSERS: dict[str, Callable[[str, Sequence[Feature]], list[Row]]] = {
    CSV: _parse_csv,
    JSON: _parse_json,
    JSON_LINES: _parse_json_lines,
}
