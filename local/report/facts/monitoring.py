"""What the data-quality monitor and the alarms found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Distribution:
    """Shares (0 to 1) of a feature's values, by bin (one edge more than shares) or by category."""

    shares: tuple[float, ...]
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeatureDrift:
    """One feature in one window; `distance` is the L-infinity distance from the baseline."""

    name: str
    type: str
    distance: float | None
    threshold: float | None
    violated: bool
    checks: tuple[str, ...] = ()
    baseline: Distribution | None = None
    current: Distribution | None = None


@dataclass(frozen=True)
class Violation:
    """One entry of a window's constraint violations."""

    feature: str
    check: str
    description: str


@dataclass(frozen=True)
class Window:
    """What one execution of the data-quality monitor found in its window of time."""

    label: str
    execution_arn: str
    start: datetime | None = None
    end: datetime | None = None
    package_arn: str | None = None
    records: int | None = None
    rejected: int | None = None
    features: tuple[FeatureDrift, ...] = ()
    violations: tuple[Violation, ...] | None = None
    """None if the execution left no report."""

    def feature(self, name: str) -> FeatureDrift | None:
        """The feature of that name."""
        return next((feature for feature in self.features if feature.name == name), None)


@dataclass(frozen=True)
class StateChange:
    """An alarm went from one state to another."""

    time: datetime
    old: str
    new: str
    reason: str = ""


@dataclass(frozen=True)
class Alarm:
    """One CloudWatch alarm, its changes in time order."""

    name: str
    state: str
    description: str = ""
    since: datetime | None = None
    reason: str = ""
    history: tuple[StateChange, ...] = ()

    @property
    def changes(self) -> tuple[StateChange, ...]:
        """The history without the entry of the alarm's creation, which changes from a state to the same."""
        return tuple(change for change in self.history if change.old != change.new)
