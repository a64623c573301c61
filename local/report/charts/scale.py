"""Scales and their ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TIME_STEPS_SECONDS = (1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in percent of it, with its label; a minor one may go where space is short."""

    percent: float
    label: str
    minor: bool = False


@dataclass(frozen=True)
class Span:
    """The stretch of time that an axis shows; refuses an empty one."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a time axis needs an end after its start, not {self.start} to {self.end}")

    @classmethod
    def around(cls, moments: list[datetime]) -> Span | None:
        """The span from the first to the last of these moments; None if there is none, a second at least."""
        if not moments:
            return None
        start = min(moments)
        return cls(start, max(max(moments), start + timedelta(seconds=1)))

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return (self.end - self.start).total_seconds()

    def percent(self, moment: datetime) -> float:
        """Where a moment is, from 0 to 100; moments outside are at the ends."""
        share = (moment - self.start).total_seconds() / self.seconds
        return round(100 * min(1.0, max(0.0, share)), 3)

    def ticks(self, count: int = 6) -> tuple[Tick, ...]:
        """At most about `count` ticks at round times of the day (UTC); every second one is minor."""
        step = next((s for s in TIME_STEPS_SECONDS if self.seconds / s <= count), 7 * 86400)
        form = "%H:%M:%S" if step < 60 else "%H:%M" if step < 86400 else "%d %b"
        first = math.ceil(self.start.timestamp() / step) * step
        times = range(first, math.floor(self.end.timestamp()) + 1, step)
        moments = [datetime.fromtimestamp(time, UTC) for time in times]
        return tuple(
            Tick(self.percent(moment), moment.strftime(form), minor=index % 2 == 1)
            for index, moment in enumerate(moments)
        )


def nice_ceiling(value: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `value`; 1 if there is nothing to show."""
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 2.5, 5) if step * power >= value * (1 - 1e-9)), 10 * power)


def value_ticks(ceiling: float, count: int = 2) -> tuple[Tick, ...]:
    """Ticks of a vertical axis from 0 to `ceiling`, in percent from the top."""
    ticks = []
    for index in range(count + 1):
        value = ceiling * index / count
        ticks.append(Tick(round(100 * (1 - index / count), 3), f"{value:,.4g}"))
    return tuple(ticks)
