"""Features of flights in three seasons, for the tests of the page: normal distributions of about the right size."""

from __future__ import annotations

import math
from itertools import pairwise

from local.report.facts import Distribution, FeatureDrift

FEATURES = (
    # name, type, mean and deviation in the winter, in March, in June
    ("temperature_fahrenheit", "Fractional", (35.6, 10.0), (40.1, 7.2), (72.3, 8.6)),
    ("dew_point_fahrenheit", "Fractional", (21.4, 13.4), (26.0, 9.1), (60.1, 7.7)),
    ("humidity_percent", "Fractional", (58.0, 17.0), (56.3, 16.0), (67.5, 18.0)),
    ("pressure_millibars", "Fractional", (1018.2, 8.4), (1014.9, 7.6), (1013.6, 5.1)),
    ("wind_speed_mph", "Fractional", (10.8, 6.0), (12.0, 5.9), (9.9, 5.0)),
    ("scheduled_departure_hour", "Integral", (13.0, 4.7), (13.1, 4.7), (13.2, 4.7)),
    ("day_of_week", "Integral", (3.0, 2.0), (3.1, 2.0), (3.1, 2.0)),
)
RANGES = {
    "temperature_fahrenheit": (10.0, 98.0),
    "dew_point_fahrenheit": (-10.0, 78.0),
    "humidity_percent": (15.0, 100.0),
    "pressure_millibars": (985.0, 1042.0),
    "wind_speed_mph": (0.0, 36.0),
    "scheduled_departure_hour": (4.5, 23.5),
    "day_of_week": (-0.5, 6.5),
}


def features(season: int, baseline: int) -> tuple[FeatureDrift, ...]:
    """Every feature in a season (1: winter, 2: March, 3: June) against another season's baseline."""
    return (*(_numeric(entry, season, baseline) for entry in FEATURES), _categorical(season, baseline))


def _numeric(entry: tuple, season: int, baseline: int) -> FeatureDrift:
    name, kind = entry[0], entry[1]
    low, high = RANGES[name]
    bins = round(high - low) if kind == "Integral" else 20
    edges = tuple(low + (high - low) * index / bins for index in range(bins + 1))
    before, now = _shares(edges, *entry[1 + baseline]), _shares(edges, *entry[season + 1])
    distance = round(_distance(before, now), 4)
    return FeatureDrift(
        name,
        kind,
        distance,
        0.5,
        distance > 0.5,
        ("baseline_drift_check",) if distance > 0.5 else (),
        Distribution(before, edges=edges),
        Distribution(now, edges=edges),
    )


def _shares(edges: tuple[float, ...], mean: float, deviation: float) -> tuple[float, ...]:
    below = [0.5 * (1 + math.erf((edge - mean) / deviation / math.sqrt(2))) for edge in edges]
    shares = [high - low for low, high in pairwise(below)]
    return tuple(share / sum(shares) for share in shares)


def _distance(before: tuple[float, ...], now: tuple[float, ...]) -> float:
    difference, largest = 0.0, 0.0
    for a, b in zip(before, now, strict=True):
        difference += b - a
        largest = max(largest, abs(difference))
    return largest


def _categorical(season: int, baseline: int) -> FeatureDrift:
    names = ("UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN", "VX", "FL", "AS", "(other)")
    seasons = {
        1: (17.1, 16.4, 15.7, 13.6, 9.9, 8.4, 6.0, 6.0, 3.6, 1.2, 1.1, 0.2, 0.8),
        2: (17.3, 16.5, 16.0, 14.4, 9.5, 7.7, 6.0, 5.6, 3.6, 1.4, 1.1, 0.2, 0.7),
        3: (17.6, 16.4, 15.8, 14.8, 9.9, 7.7, 6.1, 5.1, 3.6, 1.8, 0.9, 0.2, 0.1),
    }
    before, now = (tuple(share / 100 for share in seasons[s]) for s in (baseline, season))
    distance = round(max(abs(a - b) for a, b in zip(before, now, strict=True)), 4)
    sides = (Distribution(before, categories=names), Distribution(now, categories=names))
    return FeatureDrift("carrier", "String", distance, 0.1, distance > 0.1, (), *sides)
