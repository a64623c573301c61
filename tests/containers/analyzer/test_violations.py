"""Each kind of violation: a data set that has it, and one that just has not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from analyzer.columns import Column, Statistics
from analyzer.constraints import Constraints, MonitoringConfig, suggest
from analyzer.violations import Violation, check, check_widths, measure_drift, to_json

from .conftest import Profile

NAMES = ["carrier", "seats", "temperature"]
BASELINE: list[list[object]] = [["UA" if n % 2 else "DL", 50 + n % 100, 40.5 + n % 20] for n in range(400)]


class World:
    """A baseline, and what a data set of now violates of it."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.baseline = profile(NAMES, BASELINE)
        self.constraints = suggest(self.baseline, MonitoringConfig())

    def kinds(
        self, rows: Sequence[Sequence[object]], names: Sequence[str] = NAMES, **config: Any
    ) -> list[tuple[str, str]]:
        constraints = Constraints(self.constraints.features, self.constraints.config.merged(config))
        current = self.profile(names, rows, {feature.name: feature.inferred_type for feature in constraints.features})
        found = check(constraints, current, measure_drift(constraints, self.baseline, current))
        return [(violation.feature_name, violation.constraint_check_type) for violation in found]


@pytest.fixture
def world(profile: Profile) -> World:
    return World(profile)


def changed(column: int, value: object, rows: int) -> list[list[object]]:
    """The baseline with `value` in the first `rows` rows of a column."""
    return [[*row[:column], value, *row[column + 1 :]] if n < rows else row for n, row in enumerate(BASELINE)]


def test_the_baseline_itself_violates_nothing(world: World) -> None:
    assert world.kinds(BASELINE) == []


def test_a_value_of_another_type_is_a_data_type_violation(world: World) -> None:
    assert world.kinds(changed(1, "many", 1)) == [("seats", "data_type_check")]
    assert world.kinds(changed(1, 77.5, 1)) == [("seats", "data_type_check")]


def test_a_whole_number_is_integral_however_it_is_written(world: World) -> None:
    assert world.kinds(changed(1, "77.0", 1)) == []
    assert world.kinds(changed(2, "50", 1)) == []


def test_the_data_type_threshold_allows_a_share_of_wrong_values(world: World) -> None:
    assert world.kinds(changed(1, "many", 1), datatype_check_threshold=0.99) == []


def test_a_missing_value_is_a_completeness_violation_where_the_baseline_had_none(world: World) -> None:
    assert world.kinds(changed(2, "", 1)) == [("temperature", "completeness_check")]


def test_robust_completeness_allows_what_chance_does_to_a_small_sample(profile: Profile) -> None:
    baseline = profile(["seats"], [["" if n % 5 == 0 else n] for n in range(1_000)])
    constraints = suggest(baseline, MonitoringConfig())
    simple = Constraints(
        constraints.features, MonitoringConfig().merged({"distribution_constraints": {"comparison_method": "Simple"}})
    )
    current = profile(["seats"], [["" if n < 6 else n] for n in range(20)], {"seats": "Integral"})
    assert constraints.features[0].completeness == 0.77
    assert check(constraints, current, []) == []
    assert [violation.constraint_check_type for violation in check(simple, current, [])] == ["completeness_check"]


def test_a_numeric_shift_is_a_drift_violation(world: World) -> None:
    shifted = [[carrier, seats, float(str(temperature)) + 15] for carrier, seats, temperature in BASELINE]
    assert world.kinds(shifted) == [("temperature", "baseline_drift_check")]
    limits = {"comparison_threshold": 0.9}
    assert world.kinds(shifted, distribution_constraints=limits) == []


def test_other_shares_of_categories_are_a_drift_violation(world: World) -> None:
    assert world.kinds(changed(0, "UA", 400)) == [("carrier", "baseline_drift_check")]
    assert world.kinds(changed(0, "UA", 400), distribution_constraints={"perform_comparison": "Disabled"}) == []


def test_a_few_rows_of_the_same_distribution_are_no_drift(world: World) -> None:
    assert world.kinds(BASELINE[::21]) == []


def test_unknown_categories_are_a_violation_beyond_their_threshold(world: World) -> None:
    assert world.kinds(changed(0, "ZZ", 4)) == []
    assert world.kinds(changed(0, "ZZ", 5)) == [("carrier", "categorical_values_check")]
    assert world.kinds(changed(0, "ZZ", 1), domain_content_threshold=1.0) == [("carrier", "categorical_values_check")]


def test_a_missing_column_is_a_violation(world: World) -> None:
    assert world.kinds([row[:2] for row in BASELINE], NAMES[:2]) == [("temperature", "missing_column_check")]


def test_an_extra_column_is_a_violation(world: World) -> None:
    assert world.kinds([[*row, 1] for row in BASELINE], [*NAMES, "gate"]) == [("gate", "extra_column_check")]


def test_rows_of_another_width_are_missing_or_extra_columns(world: World) -> None:
    found = check_widths(world.constraints, {2: 5, 4: 1, 5: 1})
    assert [(violation.feature_name, violation.constraint_check_type) for violation in found] == [
        ("Missing columns", "missing_column_check"),
        ("Extra columns", "extra_column_check"),
    ]
    assert "in 2 requests" in found[1].description
    assert check_widths(world.constraints, {}) == []


def test_nothing_is_checked_without_rows_or_when_disabled(world: World) -> None:
    assert check(world.constraints, Statistics(0, ()), []) == []
    assert world.kinds(changed(1, "many", 400), evaluate_constraints="Disabled") == []


def test_a_feature_of_too_many_values_has_no_drift(world: World, profile: Profile) -> None:
    baseline = profile(["id"], [[f"id{n}"] for n in range(1_001)])
    constraints = suggest(baseline, MonitoringConfig())
    assert measure_drift(constraints, baseline, profile(["id"], [["x"]], {"id": "String"})) == []


def test_a_feature_without_values_has_no_drift(world: World) -> None:
    empty = Statistics(3, (Column("seats", "Unknown", 0, 3),))
    assert measure_drift(world.constraints, world.baseline, empty) == []


def test_the_descriptions_say_what_was_expected_and_observed(world: World, profile: Profile) -> None:
    types = {feature.name: feature.inferred_type for feature in world.constraints.features}
    current = profile(NAMES, [["ZZ", "many", ""], ["UA", "3", "1.5"], ["DL", "4", "41.5"]], types)
    texts = {v.constraint_check_type: v.description for v in check(world.constraints, current, [])}
    assert "Expected data type: Integral, Expected match: 100%. Observed: Only 66.6667%" in texts["data_type_check"]
    assert "Observed completeness: 66.6667%" in texts["completeness_check"]
    assert "domain of 2 values; unknown: ZZ." in texts["categorical_values_check"]


def test_violations_have_the_schema_of_model_monitor() -> None:
    violation = Violation("seats", "data_type_check", "text")
    assert to_json([violation]) == {
        "violations": [{"feature_name": "seats", "constraint_check_type": "data_type_check", "description": "text"}]
    }
