"""Compares the statistics of now with the constraints and statistics of the baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from analyzer.columns import Column, Statistics
from analyzer.constraints import Constraints, FeatureConstraint, MonitoringConfig
from analyzer.drift import adjusted, categorical_distance, numeric_distance

CheckType = Literal[
    "data_type_check",
    "completeness_check",
    "baseline_drift_check",
    "missing_column_check",
    "extra_column_check",
    "categorical_values_check",
]


@dataclass(frozen=True)
class Violation:
    """One entry of constraint_violations.json."""

    feature_name: str
    constraint_check_type: CheckType
    description: str


@dataclass(frozen=True)
class Drift:
    """How far one feature's distribution is from the baseline's, and how far it may be."""

    feature: str
    distance: float
    threshold: float

    @property
    def violated(self) -> bool:
        """Whether the distance is over the threshold."""
        return self.distance > self.threshold


def measure_drift(constraints: Constraints, baseline: Statistics, current: Statistics) -> list[Drift]:
    """The drift of every feature that both sides have values of and whose comparison is enabled."""
    drifts = []
    for feature in constraints.features:
        limits = constraints.config_of(feature).distribution_constraints
        before, now = baseline.column(feature.name), current.column(feature.name)
        if limits.perform_comparison == "Disabled" or before is None or now is None:
            continue
        if before.num_present == 0 or now.num_present == 0:
            continue
        if before.numbers is not None and now.numbers is not None:
            distance, threshold = (
                numeric_distance(before.numbers.sketch, now.numbers.sketch),
                limits.comparison_threshold,
            )
        # A feature of so many values that not all are counted (an id) has no distribution to compare.
        elif before.texts is not None and now.texts is not None and before.texts.complete:
            distance = categorical_distance(before.texts.counts, now.texts.counts)
            threshold = limits.categorical_comparison_threshold
        else:
            continue
        distance = adjusted(distance, before.num_present, now.num_present, limits.comparison_method)
        drifts.append(Drift(feature.name, distance, threshold))
    return drifts


def check(constraints: Constraints, current: Statistics, drifts: Sequence[Drift]) -> list[Violation]:
    """The violations of the current data set, in the order of the baseline's features; none if it has no rows."""
    if current.item_count == 0 or constraints.config.evaluate_constraints == "Disabled":
        return []
    found = _columns(constraints, current)
    far = {drift.feature: drift for drift in drifts if drift.violated}
    for feature in constraints.features:
        column = current.column(feature.name)
        if column is None:
            continue
        found += _values(feature, column, constraints.config_of(feature))
        if feature.name in far:
            drift = far[feature.name]
            text = f"Baseline drift distance: {drift.distance:.4f} exceeds threshold: {drift.threshold}"
            found.append(Violation(feature.name, "baseline_drift_check", text))
    return found


def check_widths(constraints: Constraints, widths: Mapping[int, int]) -> list[Violation]:
    """Violations by requests whose rows had no names and another width; `widths` are the counts of those widths."""
    expected = len(constraints.names)
    few = sum(count for width, count in widths.items() if width < expected)
    many = sum(count for width, count in widths.items() if width > expected)
    kinds: list[tuple[int, str, CheckType]] = [
        (few, "Missing columns", "missing_column_check"),
        (many, "Extra columns", "extra_column_check"),
    ]
    return [
        Violation(
            name,
            check_type,
            f"{name} in {count} requests. Number of columns in baseline constraints: {expected}",
        )
        for count, name, check_type in kinds
        if count
    ]


def to_json(violations: Sequence[Violation]) -> dict[str, Any]:
    """The document of constraint_violations.json."""
    return {"violations": [asdict(violation) for violation in violations]}


def _columns(constraints: Constraints, current: Statistics) -> list[Violation]:
    names = [column.name for column in current.columns]
    counts = f"Number of columns in current dataset: {len(names)}, in baseline constraints: {len(constraints.names)}"
    found = [
        Violation(name, "missing_column_check", f"There are missing columns in current dataset. {counts}")
        for name in constraints.names
        if name not in names
    ]
    return found + [
        Violation(name, "extra_column_check", f"There are extra columns in current dataset. {counts}")
        for name in names
        if name not in constraints.names
    ]


def _values(feature: FeatureConstraint, column: Column, config: MonitoringConfig) -> list[Violation]:
    found = []
    if column.num_present > 0 and column.type_match < config.datatype_check_threshold:
        text = (
            f"Data type match requirement is not met. Expected data type: {feature.inferred_type}, "
            f"Expected match: {_percent(config.datatype_check_threshold)}. "
            f"Observed: Only {_percent(column.type_match)} of data is {feature.inferred_type}."
        )
        found.append(Violation(feature.name, "data_type_check", text))
    if column.completeness < _expected_completeness(feature, column, config):
        text = (
            f"Data completeness requirement is not met. Expected completeness: {_percent(feature.completeness)}. "
            f"Observed completeness: {_percent(column.completeness)}."
        )
        found.append(Violation(feature.name, "completeness_check", text))
    if feature.domain is not None and column.texts is not None:
        found += _domain(feature, feature.domain, column, config.domain_content_threshold)
    return found


def _domain(feature: FeatureConstraint, domain: Sequence[str], column: Column, threshold: float) -> list[Violation]:
    counts = column.texts.counts if column.texts is not None else {}
    known = sum(counts.get(value, 0) for value in domain)
    share = known / column.num_present if column.num_present else 1.0
    if share >= threshold:
        return []
    unknown = [value for value in counts if value not in set(domain)][:5]
    text = (
        f"Categorical values match requirement is not met. Expected match: {_percent(threshold)}. "
        f"Observed: Only {_percent(share)} of data is in the domain of {len(domain)} values; "
        f"unknown: {', '.join(unknown)}."
    )
    return [Violation(feature.name, "categorical_values_check", text)]


def _expected_completeness(feature: FeatureConstraint, column: Column, config: MonitoringConfig) -> float:
    """The completeness below which it is a violation: with Robust, not what chance does to a sample of this size."""
    expected, rows = feature.completeness, column.num_present + column.num_missing
    if config.distribution_constraints.comparison_method == "Simple" or rows == 0:
        return expected
    # Three standard errors: one false alarm in some 700 checks, about that of the robust drift distance.
    return expected - 3 * math.sqrt(expected * (1 - expected) / rows)


def _percent(share: float) -> str:
    return f"{100 * share:.4f}".rstrip("0").rstrip(".") + "%"
