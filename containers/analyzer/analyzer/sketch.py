"""Quantile sketches (KLL) of numeric features, in the form that Model Monitor's statistics.json holds."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from datasketches import kll_doubles_sketch

Vector = npt.NDArray[np.float64]

K = 2048
"""Accuracy parameter. Source: Model Monitor's statistics.json has k = 2048. Up to K values are kept exactly; beyond,
a rank is off by about 0.1 % (normalized_rank_error of the sketch)."""
C = 2 / 3
"""How fast the capacity of the levels shrinks. Source: Karnin, Lang, Liberty; fixed in Apache DataSketches."""
BUCKETS = 10
"""Source: "By default, the distribution is materialized in 10 buckets" (developer guide, statistics.json)."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """A distribution as levels of values: a value of level i stands for 2**i values of the data."""

    levels: tuple[Vector, ...]

    @classmethod
    def of(cls, batches: Iterable[Vector]) -> Self:
        """The sketch of all values (finite) of the batches; reads them once, in constant memory."""
        builder = kll_doubles_sketch(K)
        for batch in batches:
            builder.update(np.ascontiguousarray(batch, dtype=np.float64))
        return cls.from_builder(builder)

    @classmethod
    def from_builder(cls, builder: kll_doubles_sketch) -> Self:
        """The levels of a DataSketches sketch."""
        return cls(_levels(builder.serialize()))

    @classmethod
    def from_json(cls, data: Sequence[Sequence[float]]) -> Self:
        """The sketch of `distribution.kll.sketch.data`."""
        return cls(tuple(np.asarray(level, dtype=np.float64) for level in data))

    def to_json(self) -> dict[str, Any]:
        """`distribution.kll.sketch`."""
        return {"parameters": {"c": C, "k": K}, "data": [level.tolist() for level in self.levels]}

    @property
    def count(self) -> int:
        """How many values the sketch stands for."""
        return sum(len(level) << depth for depth, level in enumerate(self.levels))

    def steps(self) -> tuple[Vector, Vector]:
        """The distribution function as (values ascending, share of the data <= that value)."""
        if self.count == 0:
            return np.empty(0), np.empty(0)
        values = np.concatenate(self.levels)
        weights = np.concatenate([np.full(len(level), 2.0**depth) for depth, level in enumerate(self.levels)])
        order = np.argsort(values, kind="stable")
        cumulative = np.cumsum(weights[order])
        return values[order], cumulative / cumulative[-1]

    def cdf(self, points: Vector, *, inclusive: bool = True) -> Vector:
        """Share of the data <= each point (< if not inclusive)."""
        values, shares = self.steps()
        position = np.searchsorted(values, points, side="right" if inclusive else "left")
        return np.concatenate([[0.0], shares])[position]

    def shares(self, edges: Vector) -> Vector:
        """Share of the data in each interval [edge, next edge); the last one is closed."""
        below = self.cdf(edges, inclusive=False)
        below[-1] = self.cdf(edges[-1:], inclusive=True)[0]
        return np.diff(below)

    def buckets(self, minimum: float, maximum: float) -> list[dict[str, Any]]:
        """`distribution.kll.buckets`: ten of equal width (one, if all values are equal); counts add up to `count`."""
        width = maximum - minimum
        edges = np.linspace(minimum, maximum, BUCKETS + 1) if 0 < width < np.inf else np.array([minimum, maximum])
        below = np.concatenate([[0.0], np.cumsum(self.shares(edges))])
        below[-1] = 1.0
        counts = np.diff(np.rint(below * self.count)).astype(int)
        return [
            {"lower_bound": float(low), "upper_bound": float(high), "count": int(count)}
            for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
        ]


def _levels(serialized: bytes) -> tuple[Vector, ...]:
    """The levels in a serialized KLL doubles sketch.

    Python's binding has no accessor for them. Source: Apache DataSketches, kll_sketch.hpp, "serialized layout".
    """
    _, _, _, flags, _, _, _ = struct.unpack_from("<BBBBHBB", serialized)
    if flags & 0b001:
        return ()
    if flags & 0b100:
        return (np.frombuffer(serialized, dtype="<f8", offset=8, count=1).copy(),)
    total, _, level_count, _ = struct.unpack_from("<QHBB", serialized, 8)
    starts = np.frombuffer(serialized, dtype="<u4", offset=20, count=level_count).astype(int)
    # The smallest and the largest value stand between the level offsets and the values.
    items = np.frombuffer(serialized, dtype="<f8", offset=20 + 4 * level_count + 16)
    levels = tuple(part.copy() for part in np.split(items, starts[1:] - starts[0]))
    if sum(len(level) << depth for depth, level in enumerate(levels)) != total:
        raise ValueError("the serialized KLL sketch has another layout than this analyzer reads")
    return levels
