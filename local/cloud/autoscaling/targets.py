"""Scalable targets: registered, described, deregistered."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from local.cloud.autoscaling import endpoint_variants
from local.cloud.autoscaling.service import (
    Request,
    activities,
    check_dimension,
    key,
    matching,
    policies,
    service,
    target_of,
    targets,
)
from local.cloud.kernel import scope
from local.cloud.kernel.errors import ApiError, validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing

LINKED_ROLE = (
    "aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)


@service.operation("RegisterScalableTarget")
def register_scalable_target(request: Request) -> Request:
    """Register a variant, or change its limits.

    Raises:
        ApiError: ValidationException for an endpoint or variant that does not exist and for limits that do not fit.
    """
    check_dimension(request)
    endpoint_variants.describe(request["ResourceId"])
    here, now = scope.current(), datetime.now(UTC)
    known = targets.get(key(request))
    record = dict(known) if known else _new(request, here, now)
    for member in ("MinCapacity", "MaxCapacity"):
        if member in request:
            record[member] = request[member]
        elif member not in record:
            raise validation_error(f"{member} is required to register a new scalable target.")
    if record["MinCapacity"] > record["MaxCapacity"]:
        raise validation_error("Maximum capacity cannot be less than minimum capacity.")
    record["SuspendedState"] = {**record["SuspendedState"], **request.get("SuspendedState", {})}
    record["Tags"] = {**record.get("Tags", {}), **request.get("Tags", {})}
    targets[key(request)] = record
    return {"ScalableTargetARN": record["ScalableTargetARN"]}


@service.operation("DescribeScalableTargets")
def describe_scalable_targets(request: Request) -> Request:
    """The registered targets."""
    ids = request.get("ResourceIds")
    found = [target for target in matching(list(targets.values()), request) if not ids or target["ResourceId"] in ids]
    chosen, token = listing.page(list(found), request, default=50)
    return {"ScalableTargets": [dict(target) for target in chosen], **token}


@service.operation("DeregisterScalableTarget")
def deregister_scalable_target(request: Request) -> None:
    """Forget a target with its policies; the variant keeps the instances that it has."""
    target_of(request)
    forget(key(request))


@service.operation("DescribeScalingActivities")
def describe_scaling_activities(request: Request) -> Request:
    """What was scaled and why, the newest first."""
    found = matching(list(activities.values()), request)
    newest = sorted(found, key=lambda activity: activity["StartTime"], reverse=True)
    chosen, token = listing.page(list(newest), request, default=50)
    return {"ScalingActivities": [dict(activity) for activity in chosen], **token}


@service.operation("ListTagsForResource")
def list_tags_for_resource(request: Request) -> Request:
    """A target's tags."""
    return {"Tags": _by_arn(request["ResourceARN"]).get("Tags", {})}


@service.operation("TagResource")
def tag_resource(request: Request) -> None:
    """Add or overwrite tags of a target."""
    record = _by_arn(request["ResourceARN"])
    record["Tags"] = {**record.get("Tags", {}), **request["Tags"]}


@service.operation("UntagResource")
def untag_resource(request: Request) -> None:
    """Remove tags of a target."""
    record = _by_arn(request["ResourceARN"])
    record["Tags"] = {k: v for k, v in record.get("Tags", {}).items() if k not in request["TagKeys"]}


def forget(target_key: str) -> None:
    """Drop a target with everything that belongs to it."""
    with store.lock:
        targets.pop(target_key, None)
        for name in [name for name in policies if name.startswith(f"{target_key}|")]:
            del policies[name]


def _new(request: Request, here: scope.Scope, now: datetime) -> Request:
    return {
        "ServiceNamespace": request["ServiceNamespace"],
        "ResourceId": request["ResourceId"],
        "ScalableDimension": request["ScalableDimension"],
        "RoleARN": f"arn:aws:iam::{here.account}:role/{LINKED_ROLE}",
        "CreationTime": now,
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
        "ScalableTargetARN": here.arn("application-autoscaling", f"scalable-target/{secrets.token_hex(18)}"),
    }


def _by_arn(arn: str) -> Request:
    for target in targets.values():
        if target["ScalableTargetARN"] == arn:
            return target
    raise ApiError("ResourceNotFoundException", f"No scalable target has the ARN {arn}")
