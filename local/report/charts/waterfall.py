"""Steps one after the other, as bars on a common axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from local.report.charts.scale import Span
from local.report.facts import RehearsalStep, StepRun

MIN_PERCENT = 0.4
"""Narrower bars could not be seen."""


@dataclass(frozen=True)
class Bar:
    """One bar, in percent of the axis."""

    x: float
    width: float


def in_turn(steps: Sequence[RehearsalStep]) -> tuple[Bar, ...]:
    """The bars of steps of which each begins where the one before ends."""
    total = sum(step.seconds for step in steps)
    if total <= 0:
        return tuple(Bar(0.0, 0.0) for _ in steps)
    bars, elapsed = [], 0.0
    for step in steps:
        bars.append(_bar(100 * elapsed / total, 100 * step.seconds / total))
        elapsed += step.seconds
    return tuple(bars)


def by_clock(steps: Sequence[StepRun]) -> tuple[Bar | None, ...]:
    """The bars of steps by their own times; None for those without."""
    times = [moment for step in steps for moment in (step.start, step.end) if moment]
    span = Span.around(times)
    return tuple(_between(step.start, step.end, span) for step in steps)


def _between(start: datetime | None, end: datetime | None, span: Span | None) -> Bar | None:
    if start is None or end is None or span is None:
        return None
    return _bar(span.percent(start), span.percent(end) - span.percent(start))


def _bar(x: float, width: float) -> Bar:
    width = max(MIN_PERCENT, width)
    return Bar(round(min(x, 100 - width), 2), round(width, 2))
