"""A feature's distribution now over that of the baseline, in a view box of WIDTH x HEIGHT units that is stretched."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from local.report.facts import Distribution, FeatureDrift

WIDTH, HEIGHT = 100, 50


@dataclass(frozen=True)
class Bin:
    """One bin or category: its place, and the heights of both distributions; `tip` says it in words."""

    x: float
    width: float
    height: float
    tip: str


@dataclass(frozen=True)
class Histogram:
    """One small picture: bars of now, the outline of the baseline, and what the axis spans."""

    bins: tuple[Bin, ...]
    outline: str
    low: str
    high: str
    change: str
    """The bin whose share changed most, in words."""


def ceiling(features: list[FeatureDrift | None]) -> float:
    """The largest share in these pictures, so that all are drawn to the same scale."""
    sides = [side for f in features if f for side in (f.baseline, f.current) if side]
    return max((share for side in sides for share in side.shares), default=0.0)


def histogram(feature: FeatureDrift | None, top: float) -> Histogram | None:
    """The picture of a feature, `top` the share of the full height; None without both distributions."""
    if feature is None or feature.baseline is None or feature.current is None or not top:
        return None
    before, now = feature.baseline, feature.current
    if len(before.shares) != len(now.shares):
        return None
    edges, names = _edges(before), labels(before, integral=feature.type == "Integral")
    bins = []
    for index, share in enumerate(now.shares):
        tip = f"{names[index]}: baseline {before.shares[index]:.1%}, now {share:.1%}"
        x, width = edges[index], edges[index + 1] - edges[index]
        bins.append(Bin(round(x + 0.06 * width, 2), round(0.88 * width, 2), round(HEIGHT * share / top, 2), tip))
    most = max(range(len(bins)), key=lambda index: abs(now.shares[index] - before.shares[index]))
    low, high = (_first(names), _last(names))
    return Histogram(tuple(bins), _outline(before, edges, top), low, high, bins[most].tip)


def labels(distribution: Distribution, *, integral: bool) -> list[str]:
    """The name of each bin: a category, a whole number, or `from to`."""
    if distribution.categories:
        return list(distribution.categories)
    pairs = list(pairwise(distribution.edges))
    if integral and all(abs(high - low - 1) < 1e-9 and (low + 0.5).is_integer() for low, high in pairs):
        return [f"{low + 0.5:.0f}" for low, _ in pairs]
    digits = _digits(distribution.edges)
    return [f"{_number(low, digits)} to {_number(high, digits)}" for low, high in pairs]


def _number(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _digits(edges: tuple[float, ...]) -> int:
    """As many decimals as tell the edges apart."""
    width = min((b - a for a, b in pairwise(edges)), default=1.0)
    return next((digits for digits in range(4) if width * 10**digits >= 2), 4)


def _first(names: list[str]) -> str:
    return names[0].partition(" to ")[0]


def _last(names: list[str]) -> str:
    return names[-1].rpartition(" to ")[2]


def _edges(distribution: Distribution) -> list[float]:
    """The bins' edges in units of the view box; categories are equally wide."""
    count = len(distribution.shares)
    if not distribution.edges:
        return [WIDTH * index / count for index in range(count + 1)]
    low, high = distribution.edges[0], distribution.edges[-1]
    scale = WIDTH / (high - low) if high > low else 0.0
    return [round((edge - low) * scale, 3) for edge in distribution.edges]


def _outline(distribution: Distribution, edges: list[float], top: float) -> str:
    """The baseline as steps from the left to the right end of the axis."""
    parts = [f"M{edges[0]:.2f} {HEIGHT}"]
    for index, share in enumerate(distribution.shares):
        parts.append(f"V{HEIGHT * (1 - share / top):.2f}H{edges[index + 1]:.2f}")
    return "".join(parts) + f"V{HEIGHT}"
