"""What the report page shows: plain values, read once; None and empty tuples mean that there is no data yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from local.report.facts.monitoring import Alarm, Distribution, FeatureDrift, StateChange, Violation, Window
from local.report.facts.serving import Deployment, Endpoint, ScalingActivity, Sent, Series, Variant, VariantTraffic
from local.report.facts.training import Execution, GraphStep, Package, RocCurve, StepRun

__all__ = [
    "Alarm",
    "Deployment",
    "Distribution",
    "Endpoint",
    "Execution",
    "Facts",
    "FeatureDrift",
    "Gap",
    "GraphStep",
    "Package",
    "RehearsalStep",
    "RocCurve",
    "ScalingActivity",
    "Sent",
    "Series",
    "Stack",
    "StateChange",
    "StepRun",
    "Variant",
    "VariantTraffic",
    "Violation",
    "Window",
]


@dataclass(frozen=True)
class Stack:
    """One CloudFormation stack."""

    name: str
    status: str
    resources: int | None = None
    updated: datetime | None = None
    reason: str = ""


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
