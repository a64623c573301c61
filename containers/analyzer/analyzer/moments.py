"""Running statistics of a numeric column, batch by batch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from datasketches import kll_doubles_sketch

from analyzer.columns import Numbers
from analyzer.sketch import K, Sketch


class Moments:
    """Running count, mean, squared deviation, extremes and sketch of a column, one batch after the other."""

    def __init__(self) -> None:
        self.count, self.whole = 0, 0
        self.mean, self.squares, self.total = 0.0, 0.0, 0.0
        self.low, self.high = np.inf, -np.inf
        self.sketch = kll_doubles_sketch(K)

    def add(self, values: npt.NDArray[np.float64]) -> None:
        """Take in a batch. Source: Chan, Golub, LeVeque, "Updating Formulae ... for Sample Variances" (1979)."""
        if len(values) == 0:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(values.mean())
            shift, both = mean - self.mean, self.count + len(values)
            self.squares += float(np.square(values - mean).sum()) + shift * shift * self.count * len(values) / both
            self.mean += shift * len(values) / both
            self.total += float(values.sum())
        self.count = both
        self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))
        self.whole += int(np.count_nonzero(values == np.trunc(values)))
        self.sketch.update(values)

    def result(self) -> Numbers:
        """The statistics so far; std_dev is the population's, as Model Monitor's."""
        deviation = float(np.sqrt(self.squares / self.count))
        return Numbers(self.mean, self.total, deviation, self.low, self.high, Sketch.from_builder(self.sketch))
