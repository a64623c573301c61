"""The training pipeline, its executions, and the models that they made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class GraphStep:
    """A step of the pipeline's definition, with the steps that must come before it."""

    name: str
    type: str
    after: tuple[str, ...] = ()
    branch: str = ""
    """`if` or `else`, for a step that a condition leads to."""

    @property
    def short(self) -> str:
        """Its name without the type that the SDK puts behind the name of a model step (`Register-RegisterModel`)."""
        return self.name.removesuffix(f"-{self.type}")


@dataclass(frozen=True)
class StepRun:
    """One step of one execution."""

    name: str
    status: str
    start: datetime | None = None
    end: datetime | None = None
    cached: bool = False
    failure: str = ""

    @property
    def seconds(self) -> float | None:
        """Duration in seconds; None if it has not ended."""
        return (self.end - self.start).total_seconds() if self.start and self.end else None


@dataclass(frozen=True)
class Execution:
    """One execution of the training pipeline."""

    label: str
    arn: str
    status: str
    start: datetime | None = None
    end: datetime | None = None
    steps: tuple[StepRun, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def seconds(self) -> float | None:
        """From the first step's start to the last one's end."""
        starts = [step.start for step in self.steps if step.start]
        ends = [step.end for step in self.steps if step.end]
        return (max(ends) - min(starts)).total_seconds() if starts and ends else None


@dataclass(frozen=True)
class RocCurve:
    """A receiver operating characteristic: rates from 0 to 1, equally many of both."""

    false_positive_rates: tuple[float, ...]
    true_positive_rates: tuple[float, ...]


@dataclass(frozen=True)
class Package:
    """One version of the model in the registry, with its evaluation."""

    arn: str
    version: int | None
    approval: str
    created: datetime | None = None
    data_version: str | None = None
    training_days: str | None = None
    metrics: tuple[tuple[str, float], ...] = ()
    test_rows: int | None = None
    roc: RocCurve | None = None

    def metric(self, name: str) -> float | None:
        """The value of a metric of the evaluation."""
        return dict(self.metrics).get(name)
