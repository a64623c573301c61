"""The statistics of a data set's columns, and their form in Model Monitor's statistics.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from analyzer.sketch import Sketch

InferredType = Literal["Integral", "Fractional", "String", "Unknown"]


@dataclass(frozen=True)
class Numbers:
    """What is known of a numeric feature's values."""

    mean: float
    sum: float
    std_dev: float
    min: float
    max: float
    sketch: Sketch


@dataclass(frozen=True)
class Texts:
    """What is known of a string feature's values: the counts of the most frequent ones."""

    distinct_count: int
    counts: dict[str, int]

    @property
    def complete(self) -> bool:
        """Whether every value is counted."""
        return len(self.counts) == self.distinct_count


@dataclass(frozen=True)
class Column:
    """The statistics of one feature; `type_match` is the share of its present values that fit the expected type."""

    name: str
    inferred_type: InferredType
    num_present: int
    num_missing: int
    numbers: Numbers | None = None
    texts: Texts | None = None
    type_match: float = 1.0

    @property
    def completeness(self) -> float:
        """Share of the values that are present; 1.0 if there are no rows."""
        total = self.num_present + self.num_missing
        return self.num_present / total if total else 1.0

    def to_json(self) -> dict[str, Any]:
        """An entry of `features`."""
        common = {"num_present": self.num_present, "num_missing": self.num_missing}
        entry: dict[str, Any] = {"name": self.name, "inferred_type": self.inferred_type}
        if self.numbers is None:
            texts = self.texts or Texts(0, {})
            buckets = [{"value": value, "count": count} for value, count in texts.counts.items()]
            distribution = {"categorical": {"buckets": buckets}}
            statistics = {
                "common": common,
                "distinct_count": texts.distinct_count,
                "distribution": distribution,
            }
            return entry | {"string_statistics": statistics}
        numbers = self.numbers
        buckets = numbers.sketch.buckets(numbers.min, numbers.max)
        scalars = {name: getattr(numbers, name) for name in ("mean", "sum", "std_dev", "min", "max")}
        kll = {"kll": {"buckets": buckets, "sketch": numbers.sketch.to_json()}}
        return entry | {"numerical_statistics": {"common": common, **scalars, "distribution": kll}}

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """A column of statistics.json, be it written by this analyzer or by Model Monitor."""
        name, inferred_type = entry["name"], entry["inferred_type"]
        if "numerical_statistics" in entry:
            stats = entry["numerical_statistics"]
            scalars = {key: _number(stats.get(key)) for key in ("mean", "sum", "std_dev", "min", "max")}
            data = stats.get("distribution", {}).get("kll", {}).get("sketch", {}).get("data", [])
            numbers = Numbers(**scalars, sketch=Sketch.from_json(data))
            return cls(name, inferred_type, **stats["common"], numbers=numbers)
        stats = entry.get("string_statistics") or {"common": {"num_present": 0, "num_missing": 0}}
        buckets = stats.get("distribution", {}).get("categorical", {}).get("buckets", [])
        counts = {bucket["value"]: int(bucket["count"]) for bucket in buckets}
        texts = Texts(int(stats.get("distinct_count", len(counts))), counts)
        return cls(name, inferred_type, **stats["common"], texts=texts)


@dataclass(frozen=True)
class Statistics:
    """The statistics of a data set."""

    item_count: int
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """The document of statistics.json."""
        features = [column.to_json() for column in self.columns]
        return {"version": 0, "dataset": {"item_count": self.item_count}, "features": features}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The statistics of a statistics.json.

        Raises: ValueError naming what is missing.
        """
        try:
            columns = tuple(Column.from_json(entry) for entry in document["features"])
            return cls(int(document["dataset"]["item_count"]), columns)
        except (KeyError, TypeError) as error:
            raise ValueError(f"statistics.json is not in Model Monitor's schema: {error!r}") from error


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
