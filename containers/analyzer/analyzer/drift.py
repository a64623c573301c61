"""Distances between a feature's distribution in the baseline and now: L-infinity, as Model Monitor measures them.

For numbers that is the Kolmogorov-Smirnov distance, the largest gap between the two distribution functions; for
categories the largest difference of a category's share. Both lie in [0, 1].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np

from analyzer.sketch import Sketch

Method = Literal["Simple", "Robust"]


def numeric_distance(baseline: Sketch, current: Sketch) -> float:
    """Kolmogorov-Smirnov distance of two sketches; 0.0 if one is empty.

    Exact up to the sketch's K values, then off by at most the sum of the two rank errors (about 0.3 %).
    """
    if baseline.count == 0 or current.count == 0:
        return 0.0
    points = np.union1d(np.concatenate(baseline.levels), np.concatenate(current.levels))
    return float(np.max(np.abs(baseline.cdf(points) - current.cdf(points))))


def categorical_distance(baseline: Mapping[str, int], current: Mapping[str, int]) -> float:
    """Largest difference of a category's share of the counts; 0.0 if one side is empty."""
    total, current_total = sum(baseline.values()), sum(current.values())
    if total == 0 or current_total == 0:
        return 0.0
    categories = baseline.keys() | current.keys()
    return max(abs(baseline.get(key, 0) / total - current.get(key, 0) / current_total) for key in categories)


def adjusted(distance: float, baseline_count: int, current_count: int, method: Method) -> float:
    """The distance that is compared with the threshold.

    Simple leaves it as it is. Robust takes off what two samples of these sizes would differ by even without drift, so
    that an hour of few requests raises no alarm.
    Source: Deequ (the engine of Model Monitor), `Distance.linfRobust`; the two-sample Kolmogorov-Smirnov test, whose
    c(alpha) = 1.8 stands for alpha of about 0.3 %.
    """
    if method == "Simple" or baseline_count == 0 or current_count == 0:
        return distance
    slack = 1.8 * math.sqrt((baseline_count + current_count) / (baseline_count * current_count))
    return max(0.0, distance - slack)
