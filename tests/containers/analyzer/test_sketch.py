"""The quantile sketch against exact computation."""

from __future__ import annotations

import json

import numpy as np
import pytest
from analyzer.sketch import K, Sketch
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBERS = st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=1, max_size=300)


def exact_cdf(values: list[float], points: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(values), points, side="right") / len(values)


@given(values=NUMBERS)
def test_few_values_are_kept_exactly(values: list[float]) -> None:
    sketch = Sketch.of([np.array(values)])
    points = np.unique(values)
    assert sketch.count == len(values)
    np.testing.assert_allclose(sketch.cdf(points), exact_cdf(values, points))


@given(values=NUMBERS)
def test_a_sketch_survives_json(values: list[float]) -> None:
    sketch = Sketch.of([np.array(values)])
    read = Sketch.from_json(json.loads(json.dumps(sketch.to_json()))["data"])
    points = np.unique(values)
    np.testing.assert_array_equal(read.cdf(points), sketch.cdf(points))


@given(values=NUMBERS)
def test_bucket_counts_add_up_and_bounds_join(values: list[float]) -> None:
    buckets = Sketch.of([np.array(values)]).buckets(min(values), max(values))
    assert sum(bucket["count"] for bucket in buckets) == len(values)
    assert all(bucket["count"] >= 0 for bucket in buckets)
    assert [bucket["upper_bound"] for bucket in buckets[:-1]] == [bucket["lower_bound"] for bucket in buckets[1:]]


@given(values=st.lists(st.integers(-50, 50), min_size=1, max_size=200))
def test_bucket_counts_are_those_of_an_exact_histogram(values: list[int]) -> None:
    buckets = Sketch.of([np.array(values, dtype=float)]).buckets(min(values), max(values))
    edges = [bucket["lower_bound"] for bucket in buckets] + [buckets[-1]["upper_bound"]]
    if len(set(values)) > 1:
        assert [bucket["count"] for bucket in buckets] == np.histogram(values, bins=edges)[0].tolist()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(K + 1, 60_000))
def test_many_values_are_kept_within_the_rank_error(seed: int, size: int) -> None:
    values = np.random.default_rng(seed).gamma(2.0, 10.0, size)
    sketch = Sketch.of(np.array_split(values, 3))
    points = np.quantile(values, np.linspace(0, 1, 101))
    assert sketch.count == size
    assert np.max(np.abs(sketch.cdf(points) - exact_cdf(values.tolist(), points))) < 0.01


def test_the_order_of_batches_does_not_matter_for_few_values() -> None:
    points = np.arange(5.0)
    forth, back = (
        Sketch.of([np.array(part, dtype=float) for part in parts]) for parts in ([[1, 2], [3]], [[3], [2, 1]])
    )
    np.testing.assert_array_equal(forth.cdf(points), back.cdf(points))


def test_equal_values_make_one_bucket() -> None:
    assert Sketch.of([np.full(7, 3.5)]).buckets(3.5, 3.5) == [{"lower_bound": 3.5, "upper_bound": 3.5, "count": 7}]


def test_an_empty_sketch_has_no_values() -> None:
    empty = Sketch.of([])
    assert empty.count == 0
    assert empty.to_json()["data"] == []
    assert empty.cdf(np.array([1.0])).tolist() == [0.0]


def test_another_serialized_layout_is_refused() -> None:
    from analyzer import sketch

    serialized = bytearray(
        b"".join([b"\x05\x01\x0f\x00\x00\x08\x08\x00", (9).to_bytes(8, "little"), b"\x00\x08\x01\x00"])
    )
    serialized += (2047).to_bytes(4, "little") + bytes(16) + bytes(8)
    with pytest.raises(ValueError, match="another layout"):
        sketch._levels(bytes(serialized))
