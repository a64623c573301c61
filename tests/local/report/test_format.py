"""Values as a person reads them."""

from __future__ import annotations

import pytest

from local.report import format as shown


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.85, "850 ms"),
        (12.34, "12.3 s"),
        (59.96, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3725, "1 h 02 min"),
    ],
)
def test_durations_have_the_unit_that_fits(seconds, text) -> None:
    assert shown.duration(seconds) == text


@pytest.mark.parametrize(("value", "text"), [(0.4321, "0.432 ms"), (8.213, "8.21 ms"), (1240.4, "1,240 ms")])
def test_latencies_are_in_milliseconds(value, text) -> None:
    assert shown.milliseconds(value) == text


@pytest.mark.parametrize(
    "name", ["duration", "milliseconds", "count", "decimal", "percent", "plain", "moment", "clock"]
)
def test_what_is_missing_says_so(name) -> None:
    assert "no data yet" in shown.FILTERS[name](None)


def test_zero_is_not_missing() -> None:
    assert (shown.count(0), shown.decimal(0.0), shown.percent(0), shown.plain(0)) == ("0", "0.000", "0.0%", "0")


@pytest.mark.parametrize(
    ("status", "tone"),
    [
        ("CREATE_COMPLETE", "good"),
        ("UPDATE_ROLLBACK_COMPLETE", "bad"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "busy"),
        ("InService", "good"),
        ("Failed", "bad"),
        ("PendingManualApproval", "busy"),
        ("Rejected", "bad"),
        ("ALARM", "bad"),
        ("OK", "good"),
        ("INSUFFICIENT_DATA", "idle"),
        ("Executing", "busy"),
        ("not run", "idle"),
        ("", "idle"),
    ],
)
def test_a_status_has_its_colour(status, tone) -> None:
    assert shown.tone(status) == tone


def test_a_long_name_may_be_broken_and_is_escaped() -> None:
    assert shown.breakable("dew_point<b>") == "dew_<wbr>point&lt;b&gt;"
