from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from contract.features import Encoder
from hypothesis import given
from hypothesis import strategies as st

DOCUMENT: dict[str, Any] = {
    "features": [
        {"name": "carrier", "type": "string", "categories": ["AA", "UA"]},
        {"name": "seats", "type": "integral"},
        {"name": "wind", "type": "fractional"},
    ]
}


@pytest.fixture
def encoder() -> Encoder:
    return Encoder.from_json(DOCUMENT)


def test_a_category_becomes_its_position_and_an_unknown_one_missing(encoder: Encoder) -> None:
    encoded = encoder.encode_rows([["UA", "149", "10.5"], ["ZZ", "55", "0"]])
    np.testing.assert_array_equal(encoded, [[1, 149, 10.5], [np.nan, 55, 0]])
    assert encoded.dtype == np.float32


@pytest.mark.parametrize("missing", ["", " ", None, "NA", float("nan"), "nan"])
def test_a_number_that_is_not_there_is_missing(encoder: Encoder, missing: object) -> None:
    assert np.isnan(encoder.encode_rows([["AA", missing, 1.0]])[0, 1])


def test_columns_are_taken_by_name_in_the_order_of_the_model(encoder: Encoder) -> None:
    columns: dict[str, Iterable[Any]] = {"extra": [1], "wind": [2.5], "seats": np.array([7]), "carrier": iter(["AA"])}
    np.testing.assert_array_equal(encoder.encode_columns(columns), [[0, 7, 2.5]])


def test_text_in_a_number_is_refused_with_its_feature_and_row(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="feature 'seats', row 1: 'many' is not a number"):
        encoder.encode_rows([["AA", "1", "1"], ["AA", "many", "1"]])


@pytest.mark.parametrize("value", ["inf", "-1e39", 1e300])
def test_a_number_beyond_float32_is_refused(encoder: Encoder, value: object) -> None:
    with pytest.raises(ValueError, match=r"feature 'wind', row 0: .* is not a finite number"):
        encoder.encode_rows([["AA", 1, value]])


def test_a_row_of_another_width_is_refused(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match=r"row 1 has 2 values, expected 3 \(carrier, seats, wind\)"):
        encoder.encode_rows([["AA", 1, 1], ["AA", 1]])


def test_missing_columns_are_named(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="missing features: seats, wind"):
        encoder.encode_columns({"carrier": ["AA"]})


def test_no_rows_are_an_empty_matrix(encoder: Encoder) -> None:
    assert encoder.encode_rows([]).shape == (0, 3)


def test_the_encoder_survives_its_own_json(encoder: Encoder) -> None:
    assert encoder.to_json() == DOCUMENT["features"]


@pytest.mark.parametrize("entry", [{"type": "string"}, {"name": "a"}, {"name": "a", "type": "int"}])
def test_a_malformed_feature_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="needs a name and a type"):
        Encoder.from_json({"features": [entry]})


def test_a_model_without_features_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one feature"):
        Encoder.from_json({})


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6)), min_size=1))
def test_rows_and_columns_text_and_numbers_encode_alike(rows: list[tuple[str, int, float]]) -> None:
    encoder = Encoder.from_json(DOCUMENT)
    as_numbers = encoder.encode_rows(rows)
    as_text = encoder.encode_rows([[name, str(whole), repr(number)] for name, whole, number in rows])
    columns = dict(zip(encoder.names, zip(*rows, strict=True), strict=True))
    np.testing.assert_array_equal(as_numbers, as_text)
    np.testing.assert_array_equal(as_numbers, encoder.encode_columns(columns))
