"""Alarms: their states over time."""

from __future__ import annotations

from dataclasses import dataclass

from infra import naming
from local.report.charts.scale import Span
from local.report.charts.states import Segment, segments
from local.report.facts import Alarm, Facts


@dataclass(frozen=True)
class AlarmRow:
    """One alarm; `short` is its name without the environment's prefix."""

    alarm: Alarm
    short: str
    segments: tuple[Segment, ...]

    @property
    def description(self) -> str:
        """The picture in words."""
        return "; ".join(segment.tip for segment in self.segments) or "no data yet"


@dataclass(frozen=True)
class AlarmsView:
    """The common time axis and the alarms, raised ones and those that were raised first."""

    span: Span | None
    rows: tuple[AlarmRow, ...]


def view(facts: Facts) -> AlarmsView:
    """The alarms over the time of the rehearsal, or of their history if that has no times."""
    known = [moment for moment in (facts.started, facts.finished) if moment]
    if len(known) < 2:
        known = [change.time for alarm in facts.alarms for change in alarm.history]
    span = Span.around(known)
    prefix = f"{naming.environment_name(facts.environment)}-"
    found = [
        AlarmRow(alarm, alarm.name.removeprefix(prefix), segments(alarm, span) if span else ())
        for alarm in facts.alarms
    ]
    return AlarmsView(span, tuple(sorted(found, key=_urgency)))


def _urgency(row: AlarmRow) -> tuple[bool, bool, str]:
    was_raised = any(change.new == "ALARM" for change in row.alarm.changes)
    return row.alarm.state != "ALARM", not was_raised, row.alarm.name
