"""Requests and responses as bytes."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from contract.features import Feature
from hypothesis import given
from hypothesis import strategies as st
from inference.codec import CSV, JSON, JSON_LINES, RequestError, negotiate, parse, render

FEATURES = [Feature("carrier", "string", ("UA",)), Feature("seats", "integral"), Feature("temperature", "fractional")]


def refused(body: bytes, content_type: str) -> tuple[int, str]:
    with pytest.raises(RequestError) as caught:
        parse(body, content_type, FEATURES)
    return caught.value.status, str(caught.value)


def test_csv_holds_strings_and_missing_values() -> None:
    body = b'UA,149,39.02\r\n"A,""B",,\n'
    assert parse(body, CSV, FEATURES) == [["UA", "149", "39.02"], ['A,"B', "", ""]]


@given(
    rows=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=3, max_size=3), min_size=1
    )
)
def test_csv_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    if not stream.getvalue().startswith("\ufeff"):
        assert parse(stream.getvalue().encode(), CSV, FEATURES) == rows


def test_json_instances_are_lists_or_objects() -> None:
    body = b'{"instances": [["UA", 149, null], {"temperature": 1.5, "carrier": null, "seats": "3"}]}'
    assert parse(body, JSON, FEATURES) == [["UA", 149, None], [None, "3", 1.5]]


def test_each_json_line_is_a_row() -> None:
    body = b'["UA", 149, 1.5]\n\n{"temperature": 1, "carrier": "DL", "seats": null}\n'
    assert parse(body, JSON_LINES, FEATURES) == [["UA", 149, 1.5], ["DL", None, 1]]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        (b"<a/>", "text/xml", 415, "content type 'text/xml' is not supported; use text/csv or"),
        (b"", CSV, 400, "the body has no row"),
        (b"\n\n", CSV, 400, "the body has no row"),
        (b"carrier, seats,temperature\nUA,1,2", CSV, 400, "the first row is a header"),
        (b'UA,"1', CSV, 400, "the CSV body is broken"),
        (b"UA,\xff,1", CSV, 400, "the body is not UTF-8: byte 3 is 0xff"),
        (b"{", JSON, 400, "the body is not valid JSON"),
        (b'[["UA",1,2]]', JSON, 400, 'must be {"instances": [...]}'),
        (b'{"instances": {}}', JSON, 400, 'must be {"instances": [...]}'),
        (b'{"instances": []}', JSON, 400, "the body has no row"),
        (b'{"instances": [["UA",1,2], 3]}', JSON, 400, "row 1 must be a list or an object, not 3"),
        (
            b'{"instances": [{"carrier": "UA", "Seats": 1}]}',
            JSON,
            400,
            "row 0 misses seats, temperature (null is allowed)",
        ),
        (
            b'{"instances": [{"carrier": "UA", "Seats": 1}]}',
            JSON,
            400,
            "has unknown Seats; the features are carrier, seats",
        ),
        (b'{"instances": [[5, 1, 2]]}', JSON, 400, "feature 'carrier', row 0: 5 is not a string or null"),
        (b'{"instances": [["UA", [1], 2]]}', JSON, 400, "feature 'seats', row 0: [1] is not a number or null"),
        (b'["UA",1,2]\n[', JSON_LINES, 400, "line 1 is not valid JSON"),
    ],
)
def test_what_cannot_be_read_says_what_is_wrong(body: bytes, content_type: str, status: int, reason: str) -> None:
    answered, message = refused(body, content_type)
    assert answered == status
    assert reason in message


@pytest.mark.parametrize(
    ("accept", "content_type", "expected"),
    [
        ("", CSV, CSV),
        ("*/*", JSON, JSON),
        ("text/*", CSV, CSV),
        (JSON, CSV, JSON),
        ("application/json; charset=utf-8", CSV, JSON),
        ("image/png, text/csv;q=0.5, application/jsonlines;q=0.9", JSON, JSON_LINES),
        ("Text/CSV", JSON, CSV),
    ],
)
def test_the_answer_has_the_first_accepted_content_type(accept: str, content_type: str, expected: str) -> None:
    assert negotiate(accept, content_type) == expected


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "text/csv;q=high"])
def test_an_accept_header_that_cannot_be_met_is_refused(accept: str) -> None:
    with pytest.raises(RequestError) as caught:
        negotiate(accept, CSV)
    assert caught.value.status == 406


PREDICTIONS = np.array([0.25, 0.1], dtype=np.float32)


def test_predictions_are_one_line_each_or_a_json_list() -> None:
    assert render(PREDICTIONS, CSV) == b"0.25\n0.1\n"
    assert render(PREDICTIONS, JSON_LINES) == b"0.25\n0.1\n"
    assert json.loads(render(PREDICTIONS, JSON)) == {"predictions": [0.25, 0.1]}


def test_several_classes_are_several_columns() -> None:
    predictions = np.array([[0.25, 0.75], [0.5, 0.5]], dtype=np.float32)
    assert render(predictions, CSV) == b"0.25,0.75\n0.5,0.5\n"
    assert render(predictions, JSON_LINES) == b"[0.25,0.75]\n[0.5,0.5]\n"
    assert json.loads(render(predictions, JSON)) == {"predictions": [[0.25, 0.75], [0.5, 0.5]]}


@given(values=st.lists(st.floats(0, 1, width=32), min_size=1))
def test_a_prediction_is_written_so_that_it_reads_back_as_itself(values: list[float]) -> None:
    lines = render(np.array(values, dtype=np.float32), CSV).split()
    assert np.array_equal(np.array(lines, dtype=np.float32), np.array(values, dtype=np.float32))
