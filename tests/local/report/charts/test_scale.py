"""Scales and ticks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from local.report.charts.scale import Span, nice_ceiling, value_ticks

NOON = datetime(2026, 11, 23, 12, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 1), (-3, 1), (float("nan"), 1), (1, 1), (1.01, 2), (2.2, 2.5), (4, 5), (70, 100), (0.003, 0.005)],
)
def test_an_axis_ends_at_a_round_number(value, ceiling) -> None:
    assert nice_ceiling(value) == pytest.approx(ceiling)


def test_values_are_marked_from_the_bottom_to_the_top() -> None:
    assert [(tick.percent, tick.label) for tick in value_ticks(2500)] == [(100, "0"), (50, "1,250"), (0, "2,500")]


def test_times_are_marked_at_round_seconds() -> None:
    ticks = Span(NOON, NOON + timedelta(seconds=60)).ticks(6)
    assert [tick.label for tick in ticks] == ["12:00:10", "12:00:20", "12:00:30", "12:00:40", "12:00:50", "12:01:00"]
    assert all(0 <= tick.percent <= 100 for tick in ticks)
    assert [tick.minor for tick in ticks[:2]] == [False, True]


@pytest.mark.parametrize("hours", [0.001, 0.2, 3, 40, 24 * 30])
def test_there_are_never_many_more_marks_than_wanted(hours) -> None:
    assert len(Span(NOON, NOON + timedelta(hours=hours)).ticks(6)) <= 7


def test_moments_outside_are_at_the_ends() -> None:
    span = Span(NOON, NOON + timedelta(seconds=10))
    assert span.percent(NOON - timedelta(seconds=5)) == 0
    assert span.percent(NOON + timedelta(seconds=5)) == 50
    assert span.percent(NOON + timedelta(seconds=50)) == 100


def test_an_empty_span_is_refused_and_none_is_made_of_no_moments() -> None:
    with pytest.raises(ValueError, match="needs an end after its start"):
        Span(NOON, NOON)
    assert Span.around([]) is None
    single = Span.around([NOON])
    assert single is not None
    assert single.seconds == 1
