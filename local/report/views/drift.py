"""Drift: how far each feature is from the baseline in each window, and its distributions."""

from __future__ import annotations

from dataclasses import dataclass

from local.report.charts.histogram import Histogram, ceiling, histogram
from local.report.facts import Facts, FeatureDrift, Window


@dataclass(frozen=True)
class Meter:
    """A distance and its threshold in percent of a common scale."""

    distance: float
    threshold: float


@dataclass(frozen=True)
class Cell:
    """One feature in one window."""

    window: Window
    feature: FeatureDrift | None
    meter: Meter | None
    histogram: Histogram | None


@dataclass(frozen=True)
class FeatureRow:
    """One feature over all windows."""

    name: str
    type: str
    cells: tuple[Cell, ...]

    @property
    def violated(self) -> bool:
        """Whether it is too far in any window."""
        return any(cell.feature is not None and cell.feature.violated for cell in self.cells)


def rows(facts: Facts) -> tuple[FeatureRow, ...]:
    """Every feature of any window, the one farthest from its baseline (in thresholds) first."""
    every = [feature for window in facts.windows for feature in window.features]
    far = max([0.0, *(v for f in every for v in (f.distance, f.threshold) if v is not None)])
    types = {feature.name: feature.type for feature in every}
    found = [_row(name, kind, facts.windows, far) for name, kind in types.items()]
    return tuple(sorted(found, key=_worst, reverse=True))


def _row(name: str, kind: str, windows: tuple[Window, ...], far: float) -> FeatureRow:
    features = [window.feature(name) for window in windows]
    top = ceiling(features)
    return FeatureRow(
        name,
        kind,
        tuple(
            Cell(window, feature, _meter(feature, far), histogram(feature, top))
            for window, feature in zip(windows, features, strict=True)
        ),
    )


def _meter(feature: FeatureDrift | None, far: float) -> Meter | None:
    if feature is None or feature.distance is None or feature.threshold is None or far <= 0:
        return None
    # A margin at the right, so that the farthest bar and the threshold's mark do not touch the edge.
    scale = 96 / far
    return Meter(round(feature.distance * scale, 2), round(feature.threshold * scale, 2))


def _worst(row: FeatureRow) -> float:
    known = [cell.feature for cell in row.cells if cell.feature is not None]
    return max((f.distance / f.threshold for f in known if f.distance is not None and f.threshold), default=-1.0)
