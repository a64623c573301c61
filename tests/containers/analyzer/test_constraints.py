"""Constraints: what a baseline suggests, and their form in constraints.json."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzer.constraints import Constraints, MonitoringConfig, suggest

from .conftest import Profile

NAMES = ["carrier", "seats", "temperature", "flight"]


def rows(count: int = 40) -> list[list[object]]:
    return [["UA" if n % 2 else "DL", "" if n % 4 == 0 else n, n - 10.5, f"F{n}"] for n in range(count)]


def test_a_baseline_suggests_constraints_in_the_schema_of_model_monitor(profile: Profile) -> None:
    document = suggest(profile(NAMES, rows()), MonitoringConfig()).to_json()
    assert document == {
        "version": 0,
        "features": [
            {
                "name": "carrier",
                "inferred_type": "String",
                "completeness": 1.0,
                "string_constraints": {"domains": ["DL", "UA"]},
            },
            {
                "name": "seats",
                "inferred_type": "Integral",
                "completeness": 0.61,
                "num_constraints": {"is_non_negative": True},
            },
            {
                "name": "temperature",
                "inferred_type": "Fractional",
                "completeness": 1.0,
                "num_constraints": {"is_non_negative": False},
            },
            {"name": "flight", "inferred_type": "String", "completeness": 1.0},
        ],
        "monitoring_config": {
            "evaluate_constraints": "Enabled",
            "emit_metrics": "Enabled",
            "datatype_check_threshold": 1.0,
            "domain_content_threshold": 0.99,
            "distribution_constraints": {
                "perform_comparison": "Enabled",
                "comparison_threshold": 0.1,
                "comparison_method": "Robust",
                "categorical_comparison_threshold": 0.1,
                "categorical_drift_method": "LInfinity",
            },
        },
    }


def test_constraints_survive_json(profile: Profile) -> None:
    constraints = suggest(profile(NAMES, rows()), MonitoringConfig())
    assert Constraints.from_json(json.loads(json.dumps(constraints.to_json()))) == constraints


def test_the_order_of_the_features_is_kept(profile: Profile) -> None:
    assert suggest(profile(NAMES, rows()), MonitoringConfig()).names == tuple(NAMES)


def test_a_file_of_model_monitor_with_one_threshold_uses_it_for_both_kinds() -> None:
    limits = {"perform_comparison": "Enabled", "comparison_threshold": 0.3, "comparison_method": "Simple"}
    document = {"version": 0.0, "features": [], "monitoring_config": {"distribution_constraints": limits}}
    read = Constraints.from_json(document).config.distribution_constraints
    assert (read.comparison_threshold, read.categorical_comparison_threshold) == (0.3, 0.3)


def test_a_feature_may_override_the_config() -> None:
    override = {"distribution_constraints": {"comparison_threshold": 0.7}}
    entry = {"name": "seats", "inferred_type": "Integral", "monitoringConfigOverrides": override}
    constraints = Constraints.from_json({"features": [entry]})
    feature = constraints.features[0]
    assert constraints.config_of(feature).distribution_constraints.comparison_threshold == 0.7
    assert feature.to_json()["monitoringConfigOverrides"] == override


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"threshold": 1}, "unknown key threshold"),
        ({"distribution_constraints": {"threshold": 1}}, "unknown key threshold"),
        ({"domain_content_threshold": 1.5}, "domain_content_threshold=1.5 must be a number from 0 to 1"),
        ({"datatype_check_threshold": "1"}, "datatype_check_threshold='1' must be a number"),
        ({"emit_metrics": "Yes"}, "emit_metrics='Yes' must be one of Enabled, Disabled"),
        (
            {"distribution_constraints": {"comparison_method": "KS"}},
            "comparison_method='KS' must be one of Simple, Robust",
        ),
        ({"distribution_constraints": {"categorical_drift_method": "ChiSquared"}}, "must be one of LInfinity"),
    ],
)
def test_a_config_that_is_not_allowed_names_key_and_value(overrides: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        MonitoringConfig().merged(overrides)


def test_constraints_of_another_schema_are_refused() -> None:
    with pytest.raises(ValueError, match=r"constraints\.json is not in Model Monitor's schema"):
        Constraints.from_json({"features": [{"inferred_type": "String"}]})
