"""What a data set must satisfy, and its form in Model Monitor's constraints.json."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self, cast, get_args

from analyzer.columns import Column, InferredType, Statistics
from analyzer.drift import Method

Switch = Literal["Enabled", "Disabled"]

DOMAIN_LIMIT = 120
"""Up to how many distinct values make a domain. Source: Deequ, `lowCardinalityHistogramThreshold`."""
SINGLETON_LIMIT = 0.1
"""A string feature has no domain if more than this share of its values occurs once: others are likely to exist.
Source: Deequ, CategoricalRangeRule."""


@dataclass(frozen=True)
class DriftLimits:
    """`distribution_constraints`: how far a distribution may move from the baseline's, an L-infinity distance."""

    perform_comparison: Switch = "Enabled"
    comparison_threshold: float = 0.1
    comparison_method: Method = "Robust"
    categorical_comparison_threshold: float = 0.1
    categorical_drift_method: Literal["LInfinity"] = "LInfinity"


@dataclass(frozen=True)
class MonitoringConfig:
    """`monitoring_config`: what is checked, and from which share of wrong values on.

    The two shares are those that must be met; 1.0 allows no wrong value. Model Monitor suggests 1.0 for both; here a
    few categories that the baseline does not know are allowed, for the model takes them as missing.
    """

    evaluate_constraints: Switch = "Enabled"
    emit_metrics: Switch = "Enabled"
    datatype_check_threshold: float = 1.0
    domain_content_threshold: float = 0.99
    distribution_constraints: DriftLimits = field(default_factory=DriftLimits)

    def merged(self, overrides: Mapping[str, Any]) -> Self:
        """This config with the values of `overrides` (same keys) instead of its own.

        Raises: ValueError naming a key that does not exist or a value that is not allowed.
        """
        values = dict(overrides)
        nested = dict(values.pop("distribution_constraints", {}))
        # Older files have one threshold for both kinds of features.
        if "comparison_threshold" in nested:
            nested.setdefault("categorical_comparison_threshold", nested["comparison_threshold"])
        for given, known in ((values, self), (nested, self.distribution_constraints)):
            if unknown := sorted(given.keys() - asdict(known).keys()):
                raise ValueError(f"monitoring_config: unknown key {', '.join(unknown)}")
        merged = replace(self, **values, distribution_constraints=replace(self.distribution_constraints, **nested))
        _validate(merged)
        return merged


@dataclass(frozen=True)
class FeatureConstraint:
    """What one feature's values must satisfy; `domain` None allows every string."""

    name: str
    inferred_type: InferredType
    completeness: float
    is_non_negative: bool | None = None
    domain: tuple[str, ...] | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """An entry of `features`."""
        entry = {"name": self.name, "inferred_type": self.inferred_type, "completeness": self.completeness}
        if self.is_non_negative is not None:
            entry |= {"num_constraints": {"is_non_negative": self.is_non_negative}}
        if self.domain is not None:
            entry |= {"string_constraints": {"domains": list(self.domain)}}
        return entry | ({"monitoringConfigOverrides": dict(self.overrides)} if self.overrides else {})

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """The constraint of one entry of `features`."""
        domains = (entry.get("string_constraints") or {}).get("domains")
        return cls(
            entry["name"],
            entry["inferred_type"],
            float(entry.get("completeness", 0.0)),
            (entry.get("num_constraints") or {}).get("is_non_negative"),
            None if domains is None else tuple(domains),
            entry.get("monitoringConfigOverrides") or {},
        )


@dataclass(frozen=True)
class Constraints:
    """What every feature and the data set must satisfy; the features' order is that of a row without a header."""

    features: tuple[FeatureConstraint, ...]
    config: MonitoringConfig = field(default_factory=MonitoringConfig)

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names in the order of a row."""
        return tuple(feature.name for feature in self.features)

    def config_of(self, feature: FeatureConstraint) -> MonitoringConfig:
        """The monitoring config of one feature: the data set's with the feature's overrides."""
        return self.config.merged(feature.overrides)

    def to_json(self) -> dict[str, Any]:
        """The document of constraints.json."""
        features = [feature.to_json() for feature in self.features]
        return {"version": 0, "features": features, "monitoring_config": asdict(self.config)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The constraints of a constraints.json, be it suggested by this analyzer, by Model Monitor or edited.

        Raises: ValueError naming what is missing or not allowed.
        """
        try:
            features = tuple(FeatureConstraint.from_json(entry) for entry in document["features"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"constraints.json is not in Model Monitor's schema: {error!r}") from error
        return cls(features, MonitoringConfig().merged(document.get("monitoring_config") or {}))


def suggest(statistics: Statistics, config: MonitoringConfig) -> Constraints:
    """The constraints that a baseline's statistics suggest."""
    return Constraints(tuple(_suggest(column) for column in statistics.columns), config)


def _suggest(column: Column) -> FeatureConstraint:
    non_negative = None if column.numbers is None else column.numbers.min >= 0
    domain = _domain(column) if column.inferred_type == "String" else None
    return FeatureConstraint(column.name, column.inferred_type, _completeness(column), non_negative, domain)


def _completeness(column: Column) -> float:
    """The lower end of the 95 % confidence interval, in whole percents. Source: Deequ, RetainCompletenessRule."""
    share, rows = column.completeness, column.num_present + column.num_missing
    if share in (0.0, 1.0):
        return share
    return max(0.0, math.floor(100 * (share - 1.96 * math.sqrt(share * (1 - share) / rows))) / 100)


def _domain(column: Column) -> tuple[str, ...] | None:
    texts = column.texts
    if texts is None or not texts.complete or not 0 < texts.distinct_count <= DOMAIN_LIMIT:
        return None
    singletons = sum(count == 1 for count in texts.counts.values())
    return tuple(sorted(texts.counts)) if singletons / texts.distinct_count <= SINGLETON_LIMIT else None


def _validate(config: MonitoringConfig) -> None:
    limits = config.distribution_constraints
    allowed: dict[str, tuple[Any, tuple[str, ...]]] = {
        "evaluate_constraints": (config.evaluate_constraints, get_args(Switch)),
        "emit_metrics": (config.emit_metrics, get_args(Switch)),
        "perform_comparison": (limits.perform_comparison, get_args(Switch)),
        "comparison_method": (limits.comparison_method, get_args(Method)),
        "categorical_drift_method": (limits.categorical_drift_method, ("LInfinity",)),
    }
    shares = {
        "datatype_check_threshold": config.datatype_check_threshold,
        "domain_content_threshold": config.domain_content_threshold,
        "comparison_threshold": limits.comparison_threshold,
        "categorical_comparison_threshold": limits.categorical_comparison_threshold,
    }
    wrong = [
        f"{key}={value!r} must be one of {', '.join(words)}"
        for key, (value, words) in allowed.items()
        if value not in words
    ]
    wrong += [f"{key}={value!r} must be a number from 0 to 1" for key, value in shares.items() if not _is_share(value)]
    if wrong:
        raise ValueError("monitoring_config: " + "; ".join(wrong))


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= cast(float, value) <= 1
