"""Deployment guardrails: from a DeploymentConfig to the steps in which traffic moves to the new fleet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.sagemaker.hosting import records
from local.cloud.sagemaker.hosting.plan import FleetPlan

DEFAULT_MAXIMUM_SECONDS = 14400
LARGEST_STEP = 0.5


@dataclass(frozen=True)
class Step:
    """A share of the traffic (0 to 1) for the new fleet, and how long it bakes before the next step."""

    share: float
    bake_seconds: int
    capacity: str
    wait_name: str


@dataclass(frozen=True)
class Policy:
    """How a blue/green deployment goes."""

    steps: list[Step]
    maximum_seconds: int = DEFAULT_MAXIMUM_SECONDS
    alarms: list[str] = field(default_factory=list)


def read(config: dict[str, Any] | None, plan: FleetPlan) -> Policy:
    """The policy of a DeploymentConfig for a fleet of that plan; without one, all traffic at once and no baking.

    Raises:
        ApiError: ValidationException for rolling updates, missing or too large steps, and waits that do not fit.
    """
    config = config or {}
    if "RollingUpdatePolicy" in config:
        raise records.unsupported("rolling updates (RollingUpdatePolicy); use a BlueGreenUpdatePolicy")
    blue_green = config.get("BlueGreenUpdatePolicy", {})
    routing = blue_green.get("TrafficRoutingConfiguration", {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0})
    termination = blue_green.get("TerminationWaitInSeconds", 0)
    maximum = blue_green.get("MaximumExecutionTimeoutInSeconds", DEFAULT_MAXIMUM_SECONDS)
    steps = [*_first_steps(routing, plan), Step(1.0, termination, "full capacity", "TerminationWaitInSeconds")]
    if sum(step.bake_seconds for step in steps) > maximum:
        raise validation_error(
            f"MaximumExecutionTimeoutInSeconds ({maximum}) must be larger than all WaitIntervalInSeconds and "
            f"TerminationWaitInSeconds of the deployment together ({sum(step.bake_seconds for step in steps)})."
        )
    alarms = config.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    return Policy(steps, maximum, [alarm["AlarmName"] for alarm in alarms])


def _first_steps(routing: dict[str, Any], plan: FleetPlan) -> list[Step]:
    wait, kind = routing["WaitIntervalInSeconds"], routing["Type"]
    if kind == "CANARY":
        share = _share(routing, "CanarySize", plan)
        return [Step(share, wait, "canary capacity", "WaitIntervalInSeconds")]
    if kind == "LINEAR":
        share = _share(routing, "LinearStepSize", plan)
        count = math.ceil(1 / share - 1e-9) - 1
        return [Step(share * i, wait, "linear step capacity", "WaitIntervalInSeconds") for i in range(1, count + 1)]
    return []


def _share(routing: dict[str, Any], member: str, plan: FleetPlan) -> float:
    size = routing.get(member)
    if size is None:
        raise validation_error(f"{member} is required for traffic routing of type {routing['Type']}.")
    if size["Type"] == "CAPACITY_PERCENT":
        share = size["Value"] / 100
        if not 0 < share <= LARGEST_STEP:
            raise validation_error(f"{member} must be at most 50 percent of the capacity, got {size['Value']}.")
        return float(share)
    # With one instance there is no smaller step than all of it; SageMaker then has nothing to shift gradually.
    smallest = min(variant["count"] for variant in plan["variants"])
    if size["Value"] > max(1, smallest * LARGEST_STEP):
        raise validation_error(
            f"{member} must be at most 50 percent of the variant's instances ({smallest}), got {size['Value']}."
        )
    return min(1.0, float(size["Value"]) / smallest)
