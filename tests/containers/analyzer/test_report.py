"""report.json: both distributions of a feature on common bins."""

from __future__ import annotations

from typing import Any

import pytest
from analyzer import report
from analyzer.columns import Statistics
from analyzer.constraints import MonitoringConfig, suggest
from analyzer.violations import Drift, Violation

from .conftest import Profile

TYPES: dict[str, Any] = {"hour": "Integral", "temperature": "Fractional", "carrier": "String"}
BASELINE = [[n % 24, n / 7, "abc"[n % 3]] for n in range(240)]
CURRENT = [[23, 100.0, "z"]] * 10


@pytest.fixture
def entries(profile: Profile) -> dict[str, dict[str, Any]]:
    baseline = profile(list(TYPES), BASELINE)
    constraints = suggest(baseline, MonitoringConfig())
    drifts = [Drift("temperature", 0.9, 0.1), Drift("carrier", 0.05, 0.1)]
    found = [Violation("temperature", "baseline_drift_check", "text")]
    current = profile(list(TYPES), CURRENT, TYPES)
    return {entry["name"]: entry for entry in report.features(constraints, baseline, current, drifts, found)}


def test_shares_of_both_sides_add_up_to_one(entries: dict[str, dict[str, Any]]) -> None:
    for entry in entries.values():
        assert sum(entry["baseline"]["shares"]) == pytest.approx(1)
        assert sum(entry["current"]["shares"]) == pytest.approx(1)


def test_both_sides_have_the_same_bins_that_hold_all_values(entries: dict[str, dict[str, Any]]) -> None:
    temperature = entries["temperature"]
    assert temperature["baseline"]["edges"] == temperature["current"]["edges"]
    assert (temperature["baseline"]["edges"][0], temperature["baseline"]["edges"][-1]) == (0.0, 100.0)
    assert len(temperature["baseline"]["shares"]) == report.BINS
    assert temperature["current"]["shares"][-1] == 1


def test_few_whole_numbers_have_a_bin_each(entries: dict[str, dict[str, Any]]) -> None:
    hour = entries["hour"]
    assert hour["baseline"]["edges"] == [n - 0.5 for n in range(25)]
    assert hour["baseline"]["shares"] == pytest.approx([1 / 24] * 24)


def test_both_sides_have_the_same_categories(entries: dict[str, dict[str, Any]]) -> None:
    carrier = entries["carrier"]
    assert carrier["baseline"]["categories"] == carrier["current"]["categories"] == ["z", "a", "b", "c"]
    assert carrier["current"]["shares"] == [1, 0, 0, 0]


def test_drift_threshold_and_verdict_stand_beside(entries: dict[str, dict[str, Any]]) -> None:
    verdicts = {name: (entry["drift"], entry["threshold"], entry["violated"]) for name, entry in entries.items()}
    assert verdicts == {"hour": (None, None, False), "temperature": (0.9, 0.1, True), "carrier": (0.05, 0.1, False)}
    assert entries["temperature"]["checks"] == ["baseline_drift_check"]


def test_many_categories_end_in_a_rest(profile: Profile) -> None:
    baseline = profile(["x"], [[f"v{n:02}"] for n in range(40)])
    constraints = suggest(baseline, MonitoringConfig())
    side = report.features(constraints, baseline, baseline, [], [])[0]["baseline"]
    assert side["categories"][-1] == report.OTHER
    assert len(side["categories"]) == report.CATEGORIES + 1
    assert side["shares"][-1] == pytest.approx(28 / 40)


def test_a_feature_without_current_values_has_only_its_baseline(profile: Profile) -> None:
    baseline = profile(list(TYPES), BASELINE)
    constraints = suggest(baseline, MonitoringConfig())
    for entry in report.features(constraints, baseline, Statistics(0, ()), [], []):
        assert entry["current"] is None
        assert entry["baseline"] is not None
        assert entry["completeness"] == {"baseline": 1.0, "current": None}
    assert report.features(constraints, Statistics(0, ()), baseline, [], [])[0]["baseline"] is None


def test_one_constant_value_has_one_bin(profile: Profile) -> None:
    baseline = profile(["x"], [[1.5]] * 3)
    constraints = suggest(baseline, MonitoringConfig())
    assert report.features(constraints, baseline, baseline, [], [])[0]["baseline"] == {
        "edges": [1.0, 2.0],
        "shares": [1.0],
    }
