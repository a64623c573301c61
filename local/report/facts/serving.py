"""The endpoint, its traffic and its deployments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
