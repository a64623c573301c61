"""A blue/green deployment: a new fleet beside the old one, traffic shifted in steps, back again if an alarm fires."""

from __future__ import annotations

import logging
import math
import time
from typing import Any

from local.cloud.kernel import clients
from local.cloud.kernel.store import store
from local.cloud.sagemaker.hosting import capture, records, route, status
from local.cloud.sagemaker.hosting.fleet import Fleet
from local.cloud.sagemaker.hosting.instance import InstanceError
from local.cloud.sagemaker.hosting.plan import FleetPlan
from local.cloud.sagemaker.hosting.policy import Policy, Step

log = logging.getLogger("local.cloud.sagemaker.deployment")
POLL_SECONDS = 0.5


class RollbackError(Exception):
    """The deployment must be undone; the message says why."""


def create(name: str, plan: FleetPlan) -> None:
    """Bring up an endpoint's first fleet: InService in the end, or Failed with the reason."""
    fleet = Fleet(name, plan)
    status.variants(name, [fleet], "Creating", lambda count: f"Launching {count} instance(s).")
    try:
        fleet.launch()
    except InstanceError as error:
        log.error("endpoint %s failed: %s", name, error)
        status.change(name, "Failed", FailureReason=str(error))
        return
    route.of(name).share((fleet, 1.0))
    status.change(name, "InService", plan=plan)


def update(name: str, plan: FleetPlan, policy: Policy) -> None:
    """Replace an endpoint's fleet. It ends InService either way: with the new configuration, or, rolled back, with
    the old one and a FailureReason."""
    blue, green = route.of(name).fleets[:1], Fleet(name, plan)
    deadline = time.monotonic() + policy.maximum_seconds
    try:
        status.pending(name, green, "Creating", lambda count: f"Launching {count} instance(s).")
        green.launch()
        for step in policy.steps:
            _shift(name, blue, green, step)
            _bake(policy, step, deadline)
    except (RollbackError, InstanceError) as error:
        _roll_back(name, blue, green, str(error))
        return
    route.of(name).share((green, 1.0))
    with store.lock:
        records.endpoints[name].pop("FailureReason", None)
        records.endpoints[name]["EndpointConfigName"] = plan["config_name"]
    status.pending(name, green, "Deleting", lambda count: f"Terminating {count} instance(s).")
    for fleet in blue:
        fleet.stop()
    capture.flush(name)
    status.change(name, "InService", plan=plan)


def _shift(name: str, blue: list[Fleet], green: Fleet, step: Step) -> None:
    def activating(count: int) -> str:
        return f"Activating traffic on {step.capacity} of {max(1, math.ceil(count * step.share))} instance(s)."

    def baking(count: int) -> str:
        return (
            f"Baking for {step.bake_seconds} seconds ({step.wait_name}) with traffic enabled on {step.capacity} of "
            f"{max(1, math.ceil(count * step.share))} instance(s)."
        )

    status.pending(name, green, "ActivatingTraffic", activating)
    route.of(name).share(*((fleet, 1 - step.share) for fleet in blue), (green, step.share if blue else 1.0))
    if step.bake_seconds:
        status.pending(name, green, "Baking", baking)


def _bake(policy: Policy, step: Step, deadline: float) -> None:
    end = time.monotonic() + step.bake_seconds
    while True:
        if fired := _fired(policy.alarms):
            raise RollbackError(
                f"One or more alarms are in ALARM state: {', '.join(fired)}. The endpoint was rolled back."
            )
        left = end - time.monotonic()
        if left <= 0:
            return
        if time.monotonic() > deadline:
            raise RollbackError(f"The deployment took longer than {policy.maximum_seconds} seconds.")
        time.sleep(min(POLL_SECONDS, left))


def _fired(alarms: list[str]) -> list[str]:
    if not alarms:
        return []
    kinds: Any = ["MetricAlarm", "CompositeAlarm"]
    answer = clients.client("cloudwatch").describe_alarms(AlarmNames=alarms, AlarmTypes=kinds)
    found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
    return sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM")


def _roll_back(name: str, blue: list[Fleet], green: Fleet, reason: str) -> None:
    log.error("endpoint %s is rolled back: %s", name, reason)
    route.of(name).share(*((fleet, 1.0) for fleet in blue))
    status.change(name, "RollingBack", FailureReason=reason)
    green.stop()
    capture.flush(name)
    status.change(name, "InService" if blue else "Failed", FailureReason=reason)
