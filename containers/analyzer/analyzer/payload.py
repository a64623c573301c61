"""The rows in the body of one request: CSV without header, JSON `{"instances": [...]}`, or JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

Values = list[str | None]
Row = Values | dict[str, str | None]
"""Values in the order of the features, or by their names; None and an empty text are missing."""


class PayloadError(ValueError):
    """A body that cannot be read; the message says why."""


class WidthError(PayloadError):
    """A row without names that has more or fewer values than there are features."""

    def __init__(self, width: int, expected: int) -> None:
        super().__init__(f"a row has {width} values, the baseline has {expected} features")
        self.width = width


def rows_of_csv(text: str, names: Sequence[str]) -> list[Row]:
    """The rows of a CSV body.

    Raises: PayloadError for a broken quotation, a header, or a row of another width.
    """
    try:
        rows: list[Values] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise PayloadError(f"the CSV body is broken: {error}") from error
    for row in rows:
        _check_width(row, names)
    if rows and rows[0] == list(names):
        raise PayloadError("the CSV body starts with a header")
    return list(rows)


def rows_of_json(data: str | bytes, names: Sequence[str], *, lines: bool) -> list[Row]:
    """The rows of a JSON body, or of JSON lines of which each is one row or an `instances` object.

    Raises: PayloadError for invalid JSON, another shape, or a row without names of another width.
    """
    raw = data.encode() if isinstance(data, str) else data
    documents = [_load(line) for line in raw.splitlines() if line.strip()] if lines else [_load(raw)]
    return [_row(instance, names) for document in documents for instance in _instances(document)]


def _load(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise PayloadError(f"the body is not valid JSON: {error}") from error


def _instances(document: Any) -> Sequence[Any]:
    if isinstance(document, dict) and "instances" in document:
        document = document["instances"]
        if not isinstance(document, list):
            raise PayloadError("instances must be a list")
        return document
    if isinstance(document, dict):
        return [document]
    if isinstance(document, list):
        return document if document and all(isinstance(row, (list, dict)) for row in document) else [document]
    raise PayloadError(f"expected rows, found {type(document).__name__}")


def _row(instance: Any, names: Sequence[str]) -> Row:
    if isinstance(instance, Mapping):
        return {name: _text(value) for name, value in instance.items()}
    if not isinstance(instance, list):
        raise PayloadError(f"a row must be a list or an object, not {type(instance).__name__}")
    _check_width(instance, names)
    return [_text(value) for value in instance]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))  # what the model takes a boolean for
    if isinstance(value, (int, float)):
        return repr(value)
    raise PayloadError(f"a value must be a text, a number or null, not {type(value).__name__}")


def _check_width(row: Sequence[Any], names: Sequence[str]) -> None:
    if len(row) != len(names):
        raise WidthError(len(row), len(names))
