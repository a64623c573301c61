"""The time window of an execution."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from analyzer.window import Window, parse_time


def test_without_a_start_the_window_ends_at_the_end() -> None:
    window = Window.parse("", "2026-03-01T15:10:00Z", 60)
    assert window.to_json() == {"start": "2026-03-01T14:10:00Z", "end": "2026-03-01T15:10:00Z"}


def test_the_hours_are_those_that_the_window_touches() -> None:
    window = Window.parse("2026-02-28T22:59:59Z", "2026-03-01T00:00:00Z", 60)
    assert [f"{hour:%d/%H}" for hour in window.hours()] == ["28/22", "28/23"]


def test_times_are_in_utc() -> None:
    assert parse_time("2026-03-01T15:00:00+02:00") == datetime(2026, 3, 1, 13, tzinfo=UTC)
    assert parse_time("2026-03-01T15:00:00") == datetime(2026, 3, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"), [("2026-03-01T15:00:00Z", "2026-03-01T15:00:00Z"), ("2026-03-02", "2026-03-01")]
)
def test_an_empty_window_is_refused(start: str, end: str) -> None:
    with pytest.raises(ValueError, match="is not before its end"):
        Window.parse(start, end, 60)


def test_a_text_that_is_no_time_is_named() -> None:
    with pytest.raises(ValueError, match=r"'<aws.scheduler.scheduled-time>' is not an ISO 8601 time"):
        parse_time("<aws.scheduler.scheduled-time>")
