"""Target tracking: the metric is looked at every few seconds, instances follow it."""

from __future__ import annotations

import logging
import math
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from local.cloud.autoscaling import endpoint_variants
from local.cloud.autoscaling import targets as scalable
from local.cloud.autoscaling.policies import PREDEFINED
from local.cloud.autoscaling.service import Request, activities, policies, targets
from local.cloud.kernel import clients, scope
from local.cloud.kernel.errors import ApiError

log = logging.getLogger("local.cloud.autoscaling")
LOOK_SECONDS = 3.0
WINDOW_SECONDS = 60
DEFAULT_COOLDOWN_SECONDS = 300
SCALE_IN_SHARE = 0.9
"""SageMaker scales in below 90 % of the target. Source: Application Auto Scaling user guide, "Target tracking"."""
KEPT_ACTIVITIES = 200


def look_everywhere() -> None:
    """Look at every target of every account and region."""
    for here, key, target in targets.all():
        with scope.use(here):
            look(key, target)


def look(key: str, target: Request) -> None:
    """Bring one variant within its limits, and after its metrics; a target whose variant is gone is forgotten."""
    resource = target["ResourceId"]
    try:
        status, variant = endpoint_variants.describe(resource)
    except ApiError:
        scalable.forget(key)
        return
    current = variant["DesiredInstanceCount"]
    if status != "InService":
        return
    limited = min(max(current, target["MinCapacity"]), target["MaxCapacity"])
    if limited != current:
        which = "minimum" if limited > current else "maximum"
        _scale(target, limited, f"{which} capacity was set to {limited}")
        return
    wishes = [wish for name in list(policies) if name.startswith(f"{key}|") and (wish := _wish(target, name, current))]
    if wishes:
        count, cause = max(wishes)  # where policies disagree, the larger capacity wins
        if count != current:
            _scale(target, count, cause)


def _wish(target: Request, name: str, current: int) -> tuple[int, str] | None:
    policy = policies[name]
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    value = _metric(target["ResourceId"], tracking)
    if value is None:
        return None  # no data, no decision: SageMaker does not scale in an endpoint without requests either
    wanted = math.ceil(current * value / tracking["TargetValue"] - 1e-9)
    wanted = min(max(wanted, target["MinCapacity"]), target["MaxCapacity"])
    if wanted > current:
        allowed = not target["SuspendedState"]["DynamicScalingOutSuspended"]
        cooldown = tracking.get("ScaleOutCooldown", DEFAULT_COOLDOWN_SECONDS)
    else:
        low = value < tracking["TargetValue"] * SCALE_IN_SHARE and not tracking.get("DisableScaleIn", False)
        allowed = low and not target["SuspendedState"]["DynamicScalingInSuspended"]
        cooldown = tracking.get("ScaleInCooldown", DEFAULT_COOLDOWN_SECONDS)
    if wanted == current or not allowed or _since_last(target) < cooldown:
        return current, ""
    side = "AlarmHigh" if wanted > current else "AlarmLow"
    alarm = f"TargetTracking-{target['ResourceId']}-{side}"
    return wanted, f"monitor alarm {alarm} in state ALARM triggered policy {policy['PolicyName']}"


def _metric(resource_id: str, tracking: Request) -> float | None:
    """The metric over the last minute: AWS waits for several full minutes, a rehearsal does not."""
    if "PredefinedMetricSpecification" in tracking:
        variant = endpoint_variants.parse(resource_id)
        dimensions = {"EndpointName": variant.endpoint, "VariantName": variant.name}
        namespace, metric, statistic = "AWS/SageMaker", PREDEFINED.removeprefix("SageMakerVariant"), "Sum"
    else:
        own = tracking["CustomizedMetricSpecification"]
        dimensions = {item["Name"]: item["Value"] for item in own.get("Dimensions", [])}
        namespace, metric, statistic = own["Namespace"], own["MetricName"], own["Statistic"]
    now = datetime.now(UTC)
    points: list[dict[str, Any]] = clients.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - timedelta(seconds=WINDOW_SECONDS),
        EndTime=now,
        Period=WINDOW_SECONDS * 60,  # one datapoint of everything in the window, wherever the minute begins
        Statistics=sorted({statistic, "Sum", "SampleCount"}),
    )["Datapoints"]
    if not points:
        return None
    if statistic == "Average":
        return float(sum(point["Sum"] for point in points) / sum(point["SampleCount"] for point in points))
    combine = {"Maximum": max, "Minimum": min}.get(statistic, sum)
    return float(combine(point[statistic] for point in points))


def _since_last(target: Request) -> float:
    last = target.get("LastScaled")
    return math.inf if last is None else (datetime.now(UTC) - last).total_seconds()


def _scale(target: Request, count: int, cause: str) -> None:
    now = datetime.now(UTC)
    activity = {
        "ActivityId": str(uuid.uuid4()),
        "ServiceNamespace": target["ServiceNamespace"],
        "ResourceId": target["ResourceId"],
        "ScalableDimension": target["ScalableDimension"],
        "Description": f"Setting desired instance count to {count}.",
        "Cause": cause,
        "StartTime": now,
        "StatusCode": "Successful",
        "StatusMessage": f"Successfully set desired instance count to {count}.",
    }
    try:
        endpoint_variants.set_capacity(target["ResourceId"], count)
        target["LastScaled"] = now
        log.info("%s: %s (%s)", target["ResourceId"], activity["Description"], cause)
    except ApiError as error:
        activity.update(StatusCode="Failed", StatusMessage=f"Failed to set desired instance count: {error.message}")
    activity["EndTime"] = datetime.now(UTC)
    activities[activity["ActivityId"]] = activity
    for old in list(activities)[:-KEPT_ACTIVITIES]:
        del activities[old]
