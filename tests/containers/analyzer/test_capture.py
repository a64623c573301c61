"""Reading SageMaker's data-capture files."""

from __future__ import annotations

import base64
import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from analyzer import statistics
from analyzer.capture import CaptureReader, Counts, parse
from analyzer.payload import PayloadError, WidthError
from analyzer.table import Table
from analyzer.window import Window
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ("carrier", "seats", "temperature")
WINDOW = Window(datetime(2026, 3, 1, 14, tzinfo=UTC), datetime(2026, 3, 1, 15, tzinfo=UTC))


def record(data: Any, encoding: str = "CSV", content_type: str = "text/csv", time: str = "2026-03-01T14:30:00Z") -> str:
    """A line of a capture file. Source: developer guide, "Data capture file" of Model Monitor."""
    return json.dumps(
        {
            "captureData": {
                "endpointInput": {
                    "observedContentType": content_type,
                    "mode": "INPUT",
                    "data": data,
                    "encoding": encoding,
                },
                "endpointOutput": {
                    "observedContentType": "text/csv",
                    "mode": "OUTPUT",
                    "data": "0.5",
                    "encoding": "CSV",
                },
            },
            "eventMetadata": {"eventId": "id", "inferenceTime": time},
            "eventVersion": "0",
        }
    )


def rows(line: str) -> list[Any]:
    request = parse(line.encode(), NAMES, WINDOW)
    assert request is not None
    return request.rows


def read(lines: list[bytes], folder: Path) -> tuple[Counts, list[dict[str, str]], list[dict[str, Any]]]:
    with CaptureReader(NAMES, WINDOW, folder / "rows.csv", folder / "rejected.jsonl") as reader:
        reader.read("s3://bucket/file.jsonl", lines)
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    rejected = [json.loads(line) for line in (folder / "rejected.jsonl").read_text().splitlines()]
    return reader.counts, table, rejected


def test_a_csv_request_may_hold_several_rows() -> None:
    assert rows(record('UA,149,39.02\n"A,B",,1\n')) == [["UA", "149", "39.02"], ["A,B", "", "1"]]


def test_base64_is_read_by_its_content_type() -> None:
    csv_body, json_body = (base64.b64encode(body).decode() for body in (b"UA,149,39.02", b'[["UA",149,null]]'))
    assert rows(record(csv_body, "BASE64", "text/csv; charset=utf-8")) == [["UA", "149", "39.02"]]
    assert rows(record(json_body, "BASE64", "application/json")) == [["UA", "149", None]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"instances": [["UA", 149, 39.5], ["DL", null, -1]]}', [["UA", "149", "39.5"], ["DL", None, "-1"]]),
        ('{"instances": [{"carrier": "UA", "seats": 149}]}', [{"carrier": "UA", "seats": "149"}]),
        ('{"instances": []}', None),
        ('["UA", 149, true]', [["UA", "149", "1"]]),
        ('{"seats": 1e3}', [{"seats": "1000.0"}]),
    ],
)
def test_json_requests_are_lists_or_objects(body: str, expected: list[Any] | None) -> None:
    if expected is None:
        with pytest.raises(PayloadError, match="no row"):
            rows(record(body, "JSON", "application/json"))
    else:
        assert rows(record(body, "JSON", "application/json")) == expected


def test_each_json_line_is_a_row() -> None:
    assert rows(record('["UA",1,2]\n{"seats":3}\n', "JSON", "application/jsonlines")) == [
        ["UA", "1", "2"],
        {"seats": "3"},
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not valid JSON"),
        ("[]", "no eventMetadata"),
        ('{"eventMetadata": {"inferenceTime": "2026-03-01T14:30:00Z"}}', "no captureData"),
        (record("UA,1,2", time="yesterday"), "'yesterday' is not an ISO 8601 time"),
        (record(None), "not a text"),
        (record("UA,1"), "a row has 2 values, the baseline has 3 features"),
        (record("carrier,seats,temperature\nUA,1,2"), "header"),
        (record('UA,"1'), "CSV body is broken"),
        (record(""), "no row"),
        (record("%", "BASE64"), "not text in base64"),
        (record("UA,1,2", "PARQUET", "application/x-parquet"), "neither CSV nor JSON"),
        (record("{", "JSON", "application/json"), "not valid JSON"),
        (record('{"instances": 1}', "JSON", "application/json"), "must be a list"),
        (record("3", "JSON", "application/json"), "expected rows, found int"),
        (record('{"seats": [1]}', "JSON", "application/json"), "not list"),
        (record('{"instances": [1, [2]]}', "JSON", "application/json"), "must be a list or an object, not int"),
        (record('[["UA",1]]', "JSON", "application/json"), "a row has 2 values"),
        (record('{"instances": [[1,2,3], 4]}', "JSON", "application/json"), "a row"),
    ],
)
def test_what_cannot_be_read_says_why(line: str, reason: str) -> None:
    with pytest.raises(PayloadError, match=reason):
        rows(line)


def test_a_row_of_another_width_tells_its_width() -> None:
    with pytest.raises(WidthError) as caught:
        rows(record("UA,1,2,3"))
    assert caught.value.width == 4


@pytest.mark.parametrize(
    ("time", "inside"),
    [
        ("2026-03-01T13:59:59.999Z", False),
        ("2026-03-01T14:00:00Z", True),
        ("2026-03-01T14:59:59.999999Z", True),
        ("2026-03-01T15:00:00Z", False),
        ("2026-03-01T15:30:00+01:00", True),
    ],
)
def test_the_window_is_half_open(time: str, inside: bool) -> None:
    assert (parse(record("UA,1,2", time=time).encode(), NAMES, WINDOW) is not None) == inside


def test_rejected_records_are_kept_with_file_line_and_reason(tmp_path: Path) -> None:
    counts, table, rejected = read([record("UA,1,2").encode(), b"\n", b"\xff{", record("UA,1").encode()], tmp_path)
    assert (counts.read, counts.rejected, counts.rows, len(table)) == (1, 2, 1, 1)
    assert [entry["line"] for entry in rejected] == [3, 4]
    assert rejected[1]["source"] == "s3://bucket/file.jsonl"
    assert rejected[1]["record"] == record("UA,1")
    assert counts.refused_widths == {2: 1}


def test_one_bad_row_rejects_its_whole_request(tmp_path: Path) -> None:
    counts, table, _ = read([record("UA,1,2\nDL,3").encode()], tmp_path)
    assert (counts.read, counts.rejected, table) == (0, 1, [])


def test_names_are_ordered_and_unknown_ones_are_counted(tmp_path: Path) -> None:
    body = '{"instances": [{"temperature": 1, "carrier": "UA", "gate": "B2"}, {"gate": null}]}'
    counts, table, _ = read([record(body, "JSON", "application/json").encode()], tmp_path)
    assert table[0] == {"carrier": "UA", "seats": "", "temperature": "1"}
    assert counts.named == {"carrier": 1, "temperature": 1, "gate": 2}
    assert counts.extra == {"gate": 1}


VALUES = st.one_of(
    st.none(), st.text(max_size=8), st.integers(-(2**63), 2**63), st.floats(allow_nan=False, allow_infinity=False)
)
NAMED = st.dictionaries(st.sampled_from([*NAMES, "gate", "\u00fc"]), VALUES)
GOOD = st.lists(st.lists(VALUES, min_size=3, max_size=3) | NAMED, min_size=1, max_size=3).map(
    lambda instances: record(json.dumps({"instances": instances}), "JSON", "application/json").encode()
)
OUTSIDE = st.just(record("UA,1,2", time="2026-03-01T16:00:00Z").encode())
BAD = st.one_of(
    st.binary(min_size=1, max_size=40).map(lambda data: data.replace(b"\n", b"").replace(b"\r", b"") or b"x"),
    st.text(max_size=20).map(lambda text: record(text).encode()),
    st.recursive(
        st.none() | st.booleans() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    ).map(lambda document: json.dumps(document).encode()),
)


@settings(deadline=None, max_examples=40)
@given(lines=st.lists(st.one_of(GOOD, OUTSIDE, BAD), max_size=12))
def test_every_record_is_read_rejected_or_outside_the_window(lines: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        counts, table, rejected = read(lines, Path(folder))
        with Table([Path(folder) / "rows.csv"], Path(folder)) as opened:
            profiled = statistics.compute(opened)
            texts = [column.texts.counts if column.texts else {} for column in profiled.columns]
    written = sum(bool(line.strip()) for line in lines)
    assert counts.read + counts.rejected + counts.outside == written
    assert len(table) == counts.rows
    assert profiled.item_count == counts.rows
    assert len(rejected) == counts.rejected
    for name, found in zip(NAMES, texts, strict=True):
        assert not found or found == Counter(row[name] for row in table if row[name])
