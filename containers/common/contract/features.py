"""How a model's features become numbers: the same code when it is trained and when it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, cast, get_args

import numpy as np
import numpy.typing as npt

FeatureType = Literal["string", "integral", "fractional"]
Matrix = npt.NDArray[np.float32]

_MISSING = frozenset({"", "NA", "NaN", "nan", "null", "None"})
_NAN = float("nan")


@dataclass(frozen=True)
class Feature:
    """One input of a model; a string feature has its known categories, in the order of their codes."""

    name: str
    type: FeatureType
    categories: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The feature as an entry of model.json."""
        entry: dict[str, Any] = {"name": self.name, "type": self.type}
        return entry | {"categories": list(self.categories)} if self.type == "string" else entry


class Encoder:
    """Turns values into the float32 matrix a model was trained on.

    A string becomes the position of its category, an unknown one becomes missing; an empty or null number is missing.
    Refuses text that is not a number in a numeric feature, and rows of another width.
    """

    def __init__(self, features: Sequence[Feature]) -> None:
        if not features:
            raise ValueError("an encoder needs at least one feature")
        self.features = tuple(features)
        self.names = tuple(feature.name for feature in features)
        self._codes = {
            feature.name: {category: float(code) for code, category in enumerate(feature.categories)}
            for feature in features
            if feature.type == "string"
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The encoder of a model.json.

        Raises: ValueError if `features` is missing, an entry has no name, or its type is not a known one.
        """
        features = []
        for entry in document.get("features", []):
            if "name" not in entry or entry.get("type") not in get_args(FeatureType):
                raise ValueError(f"model.json: {entry!r} needs a name and a type of {get_args(FeatureType)}")
            categories = tuple(entry.get("categories", ()))
            features.append(Feature(entry["name"], cast(FeatureType, entry["type"]), categories))
        return cls(features)

    def to_json(self) -> list[dict[str, Any]]:
        """The `features` of a model.json."""
        return [feature.to_json() for feature in self.features]

    def encode_columns(self, columns: Mapping[str, Iterable[Any]]) -> Matrix:
        """A matrix (rows x features) of columns by name; further columns are ignored.

        Raises: ValueError naming missing columns, or the feature and row of a value that is not a number.
        """
        missing = [name for name in self.names if name not in columns]
        if missing:
            raise ValueError(f"missing features: {', '.join(missing)}")
        encoded = [self._encode(feature, columns[feature.name]) for feature in self.features]
        return np.stack(encoded, axis=1)

    def encode_rows(self, rows: Sequence[Sequence[Any]]) -> Matrix:
        """A matrix (rows x features) of rows whose values are in the order of the features.

        Raises: ValueError naming the first row of another width, or the feature and row of a wrong value.
        """
        width = len(self.names)
        for number, row in enumerate(rows):
            if len(row) != width:
                expected = f"expected {width} ({', '.join(self.names)})"
                raise ValueError(f"row {number} has {len(row)} values, {expected}")
        if not rows:
            return np.empty((0, width), dtype=np.float32)
        return self.encode_columns(dict(zip(self.names, zip(*rows, strict=True), strict=True)))

    def _encode(self, feature: Feature, values: Iterable[Any]) -> Matrix:
        if feature.type == "string":
            codes = self._codes[feature.name]
            return np.fromiter((codes.get(value, _NAN) for value in values), dtype=np.float32)
        values = values if isinstance(values, (list, tuple, np.ndarray)) else list(values)
        try:
            numbers = np.fromiter(map(float, values), dtype=np.float64)
        except (TypeError, ValueError):
            # Slower, so only where a value is missing or wrong.
            numbers = np.array([_number(value, feature.name, row) for row, value in enumerate(values)])
        # Beyond float32 a number would become infinite, which XGBoost refuses.
        beyond = np.abs(numbers) > np.finfo(np.float32).max
        if beyond.any():
            row = int(np.argmax(beyond))
            raise ValueError(f"feature {feature.name!r}, row {row}: {values[row]!r} is not a finite number")
        return numbers.astype(np.float32)


def _number(value: Any, feature: str, row: int) -> float:
    if value is None or (isinstance(value, str) and value.strip() in _MISSING):
        return _NAN
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"feature {feature!r}, row {row}: {value!r} is not a number") from None
