"""report.json: what an execution found, with both distributions of each feature on common bins, ready to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzer.columns import Column, Numbers, Statistics, Texts
from analyzer.constraints import Constraints
from analyzer.violations import Drift, Violation

BINS = 20
CATEGORIES = 12
OTHER = "(other)"


def features(
    constraints: Constraints,
    baseline: Statistics,
    current: Statistics,
    drifts: Sequence[Drift],
    violations: Sequence[Violation],
) -> list[dict[str, Any]]:
    """One entry for each feature of the baseline, in its order; drift is null where there is nothing to compare."""
    drift_of = {drift.feature: drift for drift in drifts}
    entries = []
    for feature in constraints.features:
        drift = drift_of.get(feature.name)
        before, now = baseline.column(feature.name), current.column(feature.name)
        entry: dict[str, Any] = {
            "name": feature.name,
            "type": feature.inferred_type,
            "drift": None if drift is None else drift.distance,
            "threshold": None if drift is None else drift.threshold,
            "violated": drift is not None and drift.violated,
            "checks": [v.constraint_check_type for v in violations if v.feature_name == feature.name],
            "completeness": {"baseline": _completeness(before), "current": _completeness(now)},
        }
        entries.append(entry | _pair(before, now))
    return entries


def _completeness(column: Column | None) -> float | None:
    return None if column is None else column.completeness


def _pair(before: Column | None, now: Column | None) -> dict[str, Any]:
    if before is None:
        return {"baseline": None, "current": None}
    if before.numbers is not None:
        return _histograms(before, before.numbers, now.numbers if now is not None else None)
    return _categories(before.texts or Texts(0, {}), now.texts if now is not None else None)


def _histograms(before: Column, numbers: Numbers, current: Numbers | None) -> dict[str, Any]:
    low = min(numbers.min, current.min if current else numbers.min)
    high = max(numbers.max, current.max if current else numbers.max)
    edges = _edges(low, high, integral=before.inferred_type == "Integral")
    sides = {"baseline": numbers, "current": current}
    return {
        side: None if values is None else {"edges": edges.tolist(), "shares": values.sketch.shares(edges).tolist()}
        for side, values in sides.items()
    }


def _edges(low: float, high: float, *, integral: bool) -> npt.NDArray[np.float64]:
    # Few whole numbers (hours, days of the week) get a bin each, so that none falls between two bins.
    if integral and high - low <= BINS + 4:
        return np.arange(np.floor(low), np.ceil(high) + 2) - 0.5
    return np.linspace(low, high, BINS + 1) if high > low else np.array([low - 0.5, low + 0.5])


def _categories(before: Texts, now: Texts | None) -> dict[str, Any]:
    shares = [_shares(before), _shares(now or Texts(0, {}))]
    names = sorted(shares[0].keys() | shares[1].keys())
    top = sorted(names, key=lambda name: -max(side.get(name, 0.0) for side in shares))[:CATEGORIES]
    rest = len(names) > len(top)

    def side(values: dict[str, float]) -> dict[str, Any]:
        listed = [values.get(name, 0.0) for name in top]
        other = [max(0.0, sum(values.values()) - sum(listed))] if rest else []
        return {"categories": top + [OTHER] * rest, "shares": listed + other}

    return {"baseline": side(shares[0]), "current": None if now is None else side(shares[1])}


def _shares(texts: Texts) -> dict[str, float]:
    total = sum(texts.counts.values())
    return {value: count / total for value, count in texts.counts.items()}
