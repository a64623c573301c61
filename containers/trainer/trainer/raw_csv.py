"""Reads raw CSV files: what a column must hold is checked, and a row that does not is set aside with the reason."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_MISSING = ("", "NA")


@dataclass(frozen=True)
class Column:
    """What a column holds: text, numbers within limits (both inclusive), or UTC times such as 2013-01-01T10:00:00Z."""

    name: str
    kind: Literal["text", "number", "time"] = "text"
    required: bool = True
    minimum: float = float("-inf")
    maximum: float = float("inf")


@dataclass(frozen=True)
class Table:
    """The good rows, typed, and the rejected ones with columns `file`, `reason` and `row` (its text)."""

    rows: pd.DataFrame
    rejected: pd.DataFrame

    def reject(self, bad: pd.Series[bool], reason: str) -> Table:
        """This table with the rows where `bad` is true set aside too."""
        file = self.rows.loc[bad, "file"]
        lines = _lines(self.rows[bad].drop(columns="file"))
        more = pd.DataFrame({"file": file, "reason": reason, "row": lines}, dtype=str)
        return Table(self.rows[~bad], pd.concat([self.rejected, more], ignore_index=True))


def concat(tables: Sequence[Table]) -> Table:
    """The rows and the rejected rows of several tables, in their order."""
    return Table(
        pd.concat([table.rows for table in tables], ignore_index=True),
        pd.concat([table.rejected for table in tables], ignore_index=True),
    )


def missing_columns(file: Path, columns: Sequence[Column]) -> list[str]:
    """The names that the header of `file` lacks; all of them if the file is empty."""
    header = _header(file)
    return [column.name for column in columns if column.name not in header]


def read(file: Path, columns: Sequence[Column]) -> Table:
    """The rows of `file`: `columns` in their order, then `file` (its name); an empty field and NA are missing.

    Raises: ValueError if a column is missing or the file is not UTF-8 text.
    """
    missing = missing_columns(file, columns)
    if missing:
        raise ValueError(f"{file} lacks the columns {', '.join(missing)}")
    rejected: list[dict[str, str]] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        reason = f"{row.actual_columns} fields instead of {row.expected_columns}"
        rejected.append({"file": file.name, "reason": reason, "row": row.text})
        return "skip"

    text = _read_text(file, set_aside)
    typed = pd.DataFrame(index=text.index)
    reasons = pd.Series("", index=text.index, dtype=str)
    for column in columns:
        typed[column.name], problem = _convert(text[column.name].str.strip(), column)
        reasons = reasons.where(reasons != "", problem)
    typed["file"] = file.name
    bad = reasons != ""
    malformed = pd.DataFrame({"file": file.name, "reason": reasons[bad], "row": _lines(text[bad])}, dtype=str)
    width = pd.DataFrame(rejected, columns=["file", "reason", "row"], dtype=str)
    return Table(typed[~bad].reset_index(drop=True), pd.concat([width, malformed], ignore_index=True))


def _lines(rows: pd.DataFrame) -> list[str]:
    return [",".join(map(str, values)) for values in rows.itertuples(index=False, name=None)]


def _header(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return next(csv.reader(lines), [])


def _read_text(file: Path, set_aside: Any) -> pd.DataFrame:
    try:
        table = pa_csv.read_csv(
            file,
            parse_options=pa_csv.ParseOptions(invalid_row_handler=set_aside),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in _header(file)}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise ValueError(f"{file} cannot be read as CSV: {error}") from error
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _convert(text: pd.Series[Any], column: Column) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The typed column, and for each row what is wrong with it ("" if nothing)."""
    empty = text.isin(_MISSING)
    problem = pd.Series("", index=text.index, dtype=str)
    if column.required:
        problem = problem.mask(empty, f"{column.name} is missing")
    if column.kind == "text":
        return text.mask(empty), problem
    present = text.mask(empty)
    if column.kind == "time":
        times = pd.to_datetime(present, format=TIME_FORMAT, utc=True, errors="coerce")
        return times, problem.mask(times.isna() & ~empty, f"{column.name} is not a time: " + text)
    numbers = pd.to_numeric(present, errors="coerce").astype("float64")
    problem = problem.mask(numbers.isna() & ~empty, f"{column.name} is not a number: " + text)
    outside = (numbers < column.minimum) | (numbers > column.maximum)
    limits = f" (allowed: {column.minimum:g} to {column.maximum:g})"
    return numbers, problem.mask(outside, f"{column.name} is out of range: " + text + limits)
