"""Series, histograms, states, waterfalls and ROC curves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from local.report.charts import histogram, roc, series, states, waterfall
from local.report.charts.scale import Span
from local.report.facts import Alarm, Distribution, FeatureDrift, RehearsalStep, Series, StateChange, StepRun
from tests.local.report.course import START, at
from tests.local.report.facts import facts

SPAN = Span(START, at(100))


def drifted(**changes: object) -> FeatureDrift:
    sides = Distribution((0.25, 0.75), edges=(0.0, 5.0, 10.0)), Distribution((0.5, 0.5), edges=(0.0, 5.0, 10.0))
    feature = FeatureDrift("x", "Fractional", 0.25, 0.5, False, (), *sides)
    return replace(feature, **changes)


def test_counts_are_drawn_as_rates_per_second() -> None:
    counts = Series(10, ((at(0), 500.0), (at(10), 1000.0), (at(20), 0.0)))
    chart = series.rate_bars([("requests", "requests", counts)], SPAN, "requests/s")
    assert chart is not None
    ((_, bars),) = chart.bars
    assert [bar.height for bar in bars] == [50.0, 100.0]
    assert bars[0].tip == "14:02:07: 500 requests in 10 s (50.0 requests/s)"
    assert chart.y_ticks[-1].label == "100"


def test_a_line_is_broken_where_periods_have_no_value() -> None:
    values = Series(10, ((at(0), 1.0), (at(10), 2.0), (at(60), 2.0)))
    chart = series.lines([("p50", "p50", values), ("p99", "p99", Series(10))], SPAN)
    assert chart is not None
    (line,) = chart.lines
    assert line.path == "M50.0 50.0h0.01L150.0 0.0M650.0 0.0h0.01"


def test_series_without_values_make_no_chart() -> None:
    assert series.rate_bars([("requests", "requests", Series(10))], SPAN, "requests/s") is None
    assert series.lines([("p50", "p50", Series(10))], SPAN) is None


def test_both_distributions_are_drawn_to_the_same_scale() -> None:
    feature = drifted()
    picture = histogram.histogram(feature, histogram.ceiling([feature, None]))
    assert picture is not None
    assert [bar.height for bar in picture.bins] == [33.33, 33.33]
    assert picture.outline == "M0.00 50V33.33H50.00V0.00H100.00V50"
    assert (picture.low, picture.high) == ("0", "10")
    assert picture.change == "0 to 5: baseline 25.0%, now 50.0%"


def test_whole_numbers_and_categories_are_named_as_such() -> None:
    hours = Distribution((0.5, 0.5), edges=(4.5, 5.5, 6.5))
    assert histogram.labels(hours, integral=True) == ["5", "6"]
    assert histogram.labels(hours, integral=False) == ["4.5 to 5.5", "5.5 to 6.5"]
    carriers = Distribution((0.4, 0.6), categories=("AA", "UA"))
    picture = histogram.histogram(drifted(type="String", baseline=carriers, current=carriers), 0.6)
    assert picture is not None
    assert (picture.low, picture.high) == ("AA", "UA")


def test_a_feature_of_one_value_is_one_bin() -> None:
    single = Distribution((1.0,), edges=(2.5, 3.5))
    picture = histogram.histogram(drifted(baseline=single, current=single), 1.0)
    assert picture is not None
    assert len(picture.bins) == 1
    assert picture.bins[0].height == 50


@pytest.mark.parametrize(
    "feature",
    [None, drifted(current=None), drifted(baseline=None), drifted(current=Distribution((1.0,), edges=(0, 1)))],
)
def test_without_two_distributions_to_compare_there_is_no_picture(feature) -> None:
    assert histogram.histogram(feature, 1.0) is None
    assert histogram.histogram(drifted(), 0.0) is None


def test_states_fill_the_span_without_gaps() -> None:
    history = (StateChange(at(20), "OK", "ALARM"), StateChange(at(50), "ALARM", "OK"))
    found = states.segments(Alarm("drift", "OK", history=history), SPAN)
    assert [(s.x, s.width, s.state) for s in found] == [(0, 20, "OK"), (20, 30, "ALARM"), (50, 50, "OK")]
    assert found[1].tip == "ALARM for 30 s from 14:02:27"


def test_changes_before_and_after_the_span_are_cut_off() -> None:
    history = (
        StateChange(START - timedelta(hours=1), "INSUFFICIENT_DATA", "OK"),
        StateChange(at(40), "OK", "ALARM"),
        StateChange(at(200), "ALARM", "OK"),
    )
    found = states.segments(Alarm("drift", "OK", history=history), SPAN)
    assert [(s.x, s.width, s.state) for s in found] == [(0, 40, "OK"), (40, 60, "ALARM")]


def test_before_its_creation_an_alarm_has_no_state() -> None:
    history = (
        StateChange(at(30), "INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "Initial alarm creation"),
        StateChange(at(40), "INSUFFICIENT_DATA", "OK"),
    )
    alarm = Alarm("drift", "OK", history=history)
    assert [(s.x, s.state) for s in states.segments(alarm, SPAN)] == [(30, "INSUFFICIENT_DATA"), (40, "OK")]
    assert alarm.changes == history[1:]


def test_an_alarm_that_never_changed_is_in_its_state_since_it_exists() -> None:
    found = states.segments(Alarm("cpu", "OK", since=at(25)), SPAN)
    assert [(s.x, s.width, s.state) for s in found] == [(25, 75, "OK")]
    assert states.segments(Alarm("cpu", "OK"), SPAN)[0].width == 100


def test_steps_follow_each_other_and_even_the_shortest_can_be_seen() -> None:
    steps = [RehearsalStep("a", 30, "done"), RehearsalStep("b", 0, "done"), RehearsalStep("c", 70, "done")]
    bars = waterfall.in_turn(steps)
    assert [(bar.x, bar.width) for bar in bars] == [(0, 30), (30, waterfall.MIN_PERCENT), (30, 70)]
    assert [bar.width for bar in waterfall.in_turn([RehearsalStep("a", 0, "done")])] == [0]


def test_steps_of_an_execution_are_placed_by_their_times() -> None:
    runs = [
        StepRun("a", "Succeeded", at(0), at(25)),
        StepRun("b", "Succeeded", at(20), at(100)),
        StepRun("c", "Executing", at(50)),
    ]
    first, second, third = waterfall.by_clock(runs)
    assert first is not None
    assert second is not None
    assert (first.x, first.width, second.x, second.width) == (0, 25, 20, 80)
    assert third is None


def test_a_roc_curve_goes_from_the_lower_left_to_the_upper_right() -> None:
    first, second = roc.curves(facts().packages)
    assert first.points.startswith("0.00,100.00 ")
    assert second.points.endswith("100.00,0.00")
    assert roc.curves([replace(facts().packages[0], roc=None)]) == ()
