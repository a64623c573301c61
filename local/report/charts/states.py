"""An alarm's states over time, as segments of a bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from local.report.charts.scale import Span
from local.report.facts import Alarm


@dataclass(frozen=True)
class Segment:
    """A state that lasted, in percent of the bar."""

    x: float
    width: float
    state: str
    tip: str


def segments(alarm: Alarm, span: Span) -> tuple[Segment, ...]:
    """The states of an alarm within the span; before its first known change the state that it then left.

    An entry from a state to the same is the alarm's creation: before it there is nothing.
    """
    if not alarm.history:
        starts = [(alarm.since or span.start, alarm.state)]
    else:
        first = alarm.history[0]
        before = [] if first.old == first.new else [(span.start, first.old)]
        starts = [*before, *((change.time, change.new) for change in alarm.history)]
    found = []
    for index, (start, state) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else span.end
        segment = _segment(start, end, state, span)
        if segment is not None:
            found.append(segment)
    return tuple(found)


def _segment(start: datetime, end: datetime, state: str, span: Span) -> Segment | None:
    left, right = span.percent(start), span.percent(end)
    if right <= left:
        return None
    seconds = (min(end, span.end) - max(start, span.start)).total_seconds()
    tip = f"{state} for {seconds:,.0f} s from {max(start, span.start):%H:%M:%S}"
    return Segment(left, round(right - left, 3), state, tip)
