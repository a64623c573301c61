"""Metrics over time as bars and lines, in a view box of WIDTH x HEIGHT units that is stretched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from local.report.charts.scale import Span, Tick, nice_ceiling, value_ticks
from local.report.facts import Series

WIDTH, HEIGHT = 1000, 100


@dataclass(frozen=True)
class Bar:
    """A rectangle of the view box, with what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    tip: str


@dataclass(frozen=True)
class Line:
    """A named series as an SVG path; `style` is the class that it is drawn in."""

    name: str
    style: str
    path: str


@dataclass(frozen=True)
class Chart:
    """One picture with a common time axis."""

    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    bars: tuple[tuple[str, tuple[Bar, ...]], ...] = ()
    """(style, bars), those of later styles on top."""
    lines: tuple[Line, ...] = ()


def rate_bars(series: Sequence[tuple[str, str, Series]], span: Span, unit: str) -> Chart | None:
    """Counts per period as rates per second; `series` are (name, style, counts). None if nothing was counted."""
    rates = [value / s.period_seconds for _, _, s in series for value in s.values]
    if not rates:
        return None
    ceiling = nice_ceiling(max(rates))
    bars = tuple((style, tuple(_bars(name, counts, span, ceiling, unit))) for name, style, counts in series)
    return Chart(value_ticks(ceiling), span.ticks(), bars=bars)


def _bars(name: str, series: Series, span: Span, ceiling: float, unit: str) -> list[Bar]:
    bars = []
    for time, value in series.points:
        left = span.percent(time) * WIDTH / 100
        right = span.percent(time + timedelta(seconds=series.period_seconds)) * WIDTH / 100
        if value <= 0 or right <= left:
            continue
        rate = value / series.period_seconds
        height = HEIGHT * rate / ceiling
        tip = f"{time:%H:%M:%S}: {value:,.0f} {name} in {series.period_seconds} s ({rate:,.1f} {unit})"
        # A gap of a tenth keeps the periods apart.
        width = (right - left) * 0.9
        bars.append(Bar(round(left, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2), tip))
    return bars


def lines(series: Sequence[tuple[str, str, Series]], span: Span) -> Chart | None:
    """Values over time; `series` are (name, style, values). None if there is no value."""
    values = [value for _, _, s in series for value in s.values]
    if not values:
        return None
    ceiling = nice_ceiling(max(values))
    drawn = tuple(Line(name, style, _path(s, span, ceiling)) for name, style, s in series if s.points)
    return Chart(value_ticks(ceiling), span.ticks(), lines=drawn)


def _path(series: Series, span: Span, ceiling: float) -> str:
    """A line through the middles of the periods, broken where periods have no value."""
    half = timedelta(seconds=series.period_seconds / 2)
    parts, last = [], None
    for time, value in series.points:
        x = round(span.percent(time + half) * WIDTH / 100, 2)
        y = round(HEIGHT * (1 - value / ceiling), 2)
        connected = last is not None and (time - last).total_seconds() <= 1.5 * series.period_seconds
        # A value on its own is a dot: a line of no length with round ends.
        parts.append(f"L{x} {y}" if connected else f"M{x} {y}h0.01")
        last = time
    return "".join(parts)
