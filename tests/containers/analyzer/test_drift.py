"""Distances between distributions against their definitions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from analyzer.drift import adjusted, categorical_distance, numeric_distance
from analyzer.sketch import Sketch
from hypothesis import given, settings
from hypothesis import strategies as st

SAMPLES = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=200)
COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 1000), min_size=1)


def sketch(values: Iterable[float]) -> Sketch:
    return Sketch.of([np.array(list(values))])


def kolmogorov_smirnov(first: Iterable[float], second: Iterable[float]) -> float:
    """The statistic by its definition: the largest difference of the shares of values <= x, over all x."""
    one, two = np.sort(list(first)), np.sort(list(second))
    points = np.concatenate([one, two])
    shares = [np.searchsorted(side, points, side="right") / len(side) for side in (one, two)]
    return float(np.abs(shares[0] - shares[1]).max())


@given(first=SAMPLES, second=SAMPLES)
def test_the_distance_of_numbers_is_the_kolmogorov_smirnov_statistic(first: list[float], second: list[float]) -> None:
    assert numeric_distance(sketch(first), sketch(second)) == pytest.approx(kolmogorov_smirnov(first, second), abs=1e-9)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(0, 2))
def test_the_distance_of_large_samples_is_within_the_rank_error(seed: int, shift: float) -> None:
    random = np.random.default_rng(seed)
    first, second = random.normal(0, 1, 30_000), random.normal(shift, 1, 20_000)
    assert numeric_distance(sketch(first), sketch(second)) == pytest.approx(
        kolmogorov_smirnov(first, second), abs=0.015
    )


@given(first=SAMPLES, second=SAMPLES)
def test_the_distance_of_numbers_is_symmetric(first: list[float], second: list[float]) -> None:
    assert numeric_distance(sketch(first), sketch(second)) == numeric_distance(sketch(second), sketch(first))


@given(first=COUNTS, second=COUNTS)
def test_the_distance_of_categories_is_a_share_and_zero_only_for_equal_shares(
    first: dict[str, int], second: dict[str, int]
) -> None:
    distance = categorical_distance(first, second)
    assert 0 <= distance <= 1
    assert categorical_distance(first, {key: 3 * count for key, count in first.items()}) == pytest.approx(0)


def test_the_distance_of_categories_is_the_largest_difference_of_shares() -> None:
    assert categorical_distance({"a": 6, "b": 4}, {"a": 1, "c": 9}) == pytest.approx(0.9)


def test_the_distance_to_nothing_is_zero() -> None:
    assert numeric_distance(sketch([1.0]), Sketch(())) == 0
    assert categorical_distance({"a": 1}, {}) == 0


def test_robust_takes_off_what_small_samples_differ_by_anyway() -> None:
    assert adjusted(0.5, 10_000, 100, "Simple") == 0.5
    assert adjusted(0.5, 10_000, 100, "Robust") == pytest.approx(0.5 - 1.8 * np.sqrt(10_100 / 1_000_000))
    assert adjusted(0.1, 10_000, 100, "Robust") == 0
    assert adjusted(0.1, 0, 100, "Robust") == 0.1


def test_robust_rarely_sees_drift_in_small_samples_of_one_distribution() -> None:
    random = np.random.default_rng(7)
    baseline = sketch(random.normal(size=2_000))
    distances = [numeric_distance(baseline, sketch(random.normal(size=30))) for _ in range(300)]
    assert sum(adjusted(distance, 2_000, 30, "Robust") > 0 for distance in distances) <= 5
