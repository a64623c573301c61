"""What the report page shows: plain values, read once; None and empty tuples mean that there is no data yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stack:
    """One CloudFormation stack."""

    name: str
    status: str
    resources: int | None = None
    updated: datetime | None = None
    reason: str = ""


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


@dataclass(frozen=True)
class Series:
    """A metric over time: (start of the period in UTC, value), in time order."""

    period_seconds: int
    points: tuple[tuple[datetime, float], ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """The values alone."""
        return tuple(value for _, value in self.points)


@dataclass(frozen=True)
class VariantTraffic:
    """What CloudWatch says of one variant; latencies in milliseconds, use in percent."""

    variant: str
    invocations: Series
    server_errors: Series
    latency_p50_ms: Series
    latency_p99_ms: Series
    cpu_percent: Series
    memory_percent: Series
    overall_p50_ms: float | None = None
    overall_p99_ms: float | None = None


@dataclass(frozen=True)
class Variant:
    """One variant of the endpoint, and its autoscaling if there is any."""

    name: str
    current_instances: int | None = None
    desired_instances: int | None = None
    weight: float | None = None
    instance_type: str | None = None
    min_instances: int | None = None
    max_instances: int | None = None
    scaling_policies: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScalingActivity:
    """One thing that autoscaling did."""

    start: datetime | None
    status: str
    description: str


@dataclass(frozen=True)
class Endpoint:
    """The model's endpoint."""

    name: str
    status: str
    config: str | None = None
    updated: datetime | None = None
    capture_percent: int | None = None
    package_arn: str | None = None
    variants: tuple[Variant, ...] = ()
    activities: tuple[ScalingActivity, ...] = ()


@dataclass(frozen=True)
class Sent:
    """A batch of requests that the rehearsal sent."""

    label: str
    rows: int
    errors: int
    seconds: float


@dataclass(frozen=True)
class Deployment:
    """A change of the model behind the endpoint."""

    label: str
    start: datetime | None
    end: datetime | None
    package_arn: str
    requests: int = 0
    errors: int = 0


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


@dataclass(frozen=True)
class RehearsalStep:
    """One step of the rehearsal."""

    name: str
    seconds: float
    status: str
    detail: str = ""


@dataclass(frozen=True)
class Gap:
    """Something that could not be read, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Facts:
    """Everything on the page, of one environment and one model."""

    environment: str
    account: str
    region: str
    model: str
    collected: datetime
    description: str = ""
    started: datetime | None = None
    finished: datetime | None = None
    stacks: tuple[Stack, ...] = ()
    graph: tuple[GraphStep, ...] = ()
    executions: tuple[Execution, ...] = ()
    packages: tuple[Package, ...] = ()
    endpoint: Endpoint | None = None
    traffic: tuple[VariantTraffic, ...] = ()
    sent: tuple[Sent, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    windows: tuple[Window, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    steps: tuple[RehearsalStep, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def version_of(self, package_arn: str | None) -> int | None:
        """The version of a package of this model's group."""
        return next((package.version for package in self.packages if package.arn == package_arn), None)
