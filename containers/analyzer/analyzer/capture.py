"""Reads the requests in SageMaker's data-capture files (JSON lines)."""

from __future__ import annotations

import base64
import binascii
import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from analyzer.payload import PayloadError, Row, WidthError, rows_of_csv, rows_of_json
from analyzer.window import Window, parse_time


@dataclass
class Counts:
    """What became of the records: each is either read, rejected, or outside the window."""

    read: int = 0
    rejected: int = 0
    outside: int = 0
    rows: int = 0
    refused_widths: Counter[int] = field(default_factory=Counter)
    unnamed: int = 0
    """How many rows had values in the order of the baseline's features, without names."""
    named: Counter[str] = field(default_factory=Counter)
    """In how many rows each name was given, the baseline's or not."""
    extra: Counter[str] = field(default_factory=Counter)
    """In how many rows a value was given under a name that the baseline does not have."""


@dataclass(frozen=True)
class Request:
    """One captured request."""

    time: datetime
    rows: list[Row]


def parse(line: bytes, names: Sequence[str], window: Window) -> Request | None:
    """The request in a line of a capture file; None if it was made outside the window.

    Raises: PayloadError saying why the record cannot be read.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise PayloadError(f"the record is not valid JSON: {error}") from error
    time = _time(record)
    return Request(time, _rows(_part(record, "captureData", "endpointInput"), names)) if time in window else None


def _part(record: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        if not isinstance(record, dict) or not isinstance(record.get(key), dict):
            raise PayloadError(f"the record has no {'.'.join(keys)}")
        record = record[key]
    return dict(record)


def _time(record: Any) -> datetime:
    text = _part(record, "eventMetadata").get("inferenceTime")
    try:
        return parse_time(str(text))
    except ValueError as error:
        raise PayloadError(f"eventMetadata.inferenceTime: {error}") from error


def _rows(captured: Mapping[str, Any], names: Sequence[str]) -> list[Row]:
    data, encoding = captured.get("data"), captured.get("encoding")
    content_type = str(captured.get("observedContentType") or "").partition(";")[0].strip().lower()
    if not isinstance(data, str):
        raise PayloadError("endpointInput.data is not a text")
    if encoding == "BASE64":
        try:
            data = base64.b64decode(data, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise PayloadError(f"endpointInput.data is not text in base64: {error}") from error
    if encoding == "CSV" or content_type == "text/csv":
        rows = rows_of_csv(data, names)
    elif encoding == "JSON" or "json" in content_type:
        rows = rows_of_json(data, names, lines="jsonlines" in content_type)
    else:
        raise PayloadError(f"encoding {encoding!r} with content type {content_type!r} is neither CSV nor JSON")
    if not rows:
        raise PayloadError("the body has no row")
    return rows


class CaptureReader:
    """Turns capture files into one CSV file of the baseline's features, and a file of what could not be read.

    A record is taken or rejected as a whole, as the model answers or refuses a request as a whole.
    """

    def __init__(self, names: Sequence[str], window: Window, rows_file: Path, rejected_file: Path) -> None:
        self.counts = Counts()
        self._names, self._known, self._window = list(names), frozenset(names), window
        for file in (rows_file, rejected_file):
            file.parent.mkdir(parents=True, exist_ok=True)
        self._rows = rows_file.open("w", encoding="utf-8", newline="")
        self._rejected = rejected_file.open("w", encoding="utf-8")
        # With "\n" alone, a lone "\r" in a value would not be quoted and would end the row when it is read.
        self._writer = csv.writer(self._rows, lineterminator="\r\n")
        self._writer.writerow(self._names)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()
        self._rejected.close()

    def read(self, source: str, lines: Iterable[bytes]) -> None:
        """Read the records of one capture file; `source` names it in the file of rejected records."""
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                request = parse(line, self._names, self._window)
            except PayloadError as error:
                self._reject(source, number, line, error)
                continue
            if request is None:
                self.counts.outside += 1
                continue
            self.counts.read += 1
            self.counts.rows += len(request.rows)
            self._writer.writerows(self._ordered(row) for row in request.rows)

    def _ordered(self, row: Row) -> Sequence[str | None]:
        if isinstance(row, list):
            self.counts.unnamed += 1
            return row
        self.counts.named.update(row.keys())  # of a mapping, Counter would add the values
        self.counts.extra.update(name for name, value in row.items() if name not in self._known and value)
        return [row.get(name) for name in self._names]

    def _reject(self, source: str, number: int, line: bytes, error: PayloadError) -> None:
        self.counts.rejected += 1
        if isinstance(error, WidthError):
            self.counts.refused_widths[error.width] += 1
        record = line.decode(errors="replace").rstrip("\n")
        entry = {"source": source, "line": number, "reason": str(error), "record": record}
        self._rejected.write(json.dumps(entry) + "\n")
