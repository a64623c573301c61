from __future__ import annotations

from pathlib import Path

import pytest
from trainer import raw_csv
from trainer.raw_csv import Column

COLUMNS = (
    Column("origin"),
    Column("hour", "time"),
    Column("wind", "number", required=False, minimum=0, maximum=250),
)
HEADER = "origin,ignored,hour,wind"


def _read(folder: Path, *lines: str) -> raw_csv.Table:
    file = folder / "2013-01.csv"
    file.write_text("\n".join([HEADER, *lines]) + "\n")
    return raw_csv.read(file, COLUMNS)


def test_good_rows_are_typed_and_missing_values_stay_missing(tmp_path: Path) -> None:
    table = _read(tmp_path, "EWR,x,2013-01-01T10:00:00Z,12.5", "LGA,,2013-01-01T11:00:00Z,NA")
    assert list(table.rows.columns) == ["origin", "hour", "wind", "file"]
    assert table.rows["hour"].dt.hour.tolist() == [10, 11]
    assert table.rows["wind"].isna().tolist() == [False, True]
    assert table.rejected.empty


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",x,2013-01-01T10:00:00Z,1", "origin is missing"),
        ("EWR,x,1 January,1", "hour is not a time: 1 January"),
        ("EWR,x,2013-01-01T10:00:00Z,calm", "wind is not a number: calm"),
        ("EWR,x,2013-01-01T10:00:00Z,1048.4", "wind is out of range: 1048.4 (allowed: 0 to 250)"),
        ("EWR,x,2013-01-01T10:00:00Z,inf", "wind is out of range: inf (allowed: 0 to 250)"),
        ("EWR,x,2013-01-01T10:00:00Z", "3 fields instead of 4"),
        ("EWR,x,2013-01-01T10:00:00Z,1,1", "5 fields instead of 4"),
    ],
)
def test_a_malformed_row_is_set_aside_with_its_reason(tmp_path: Path, line: str, reason: str) -> None:
    table = _read(tmp_path, "LGA,x,2013-01-01T11:00:00Z,1", line)
    assert table.rows["origin"].tolist() == ["LGA"]
    assert table.rejected.to_dict("records") == [{"file": "2013-01.csv", "reason": reason, "row": line}]


def test_further_rows_can_be_rejected(tmp_path: Path) -> None:
    table = _read(tmp_path, "EWR,x,2013-01-01T10:00:00Z,1", "EWR,x,2013-01-01T10:00:00Z,2")
    table = table.reject(table.rows.duplicated(["origin", "hour"]), "twice")
    assert table.rows["wind"].tolist() == [1]
    assert table.rejected["reason"].tolist() == ["twice"]


def test_a_file_that_lacks_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("origin,other\nEWR,1\n")
    with pytest.raises(ValueError, match="lacks the columns hour, wind"):
        raw_csv.read(file, COLUMNS)


def test_an_empty_file_lacks_all_columns(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.touch()
    assert raw_csv.missing_columns(file, COLUMNS) == ["origin", "hour", "wind"]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(HEADER.encode() + b"\nEWR\xff,x,2013-01-01T10:00:00Z,1\n")
    with pytest.raises(ValueError, match="cannot be read as CSV"):
        raw_csv.read(file, COLUMNS)


def test_several_tables_become_one(tmp_path: Path) -> None:
    table = _read(tmp_path, "EWR,x,2013-01-01T10:00:00Z,1", ",,,")
    both = raw_csv.concat([table, table])
    assert (len(both.rows), len(both.rejected)) == (2, 2)
