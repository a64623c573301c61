"""Scaling policies: target tracking that really scales; the other types are refused."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from local.cloud.autoscaling.service import Request, key, matching, object_not_found, policies, service, target_of
from local.cloud.kernel import scope
from local.cloud.kernel.errors import validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing

PREDEFINED = "SageMakerVariantInvocationsPerInstance"


@service.operation("PutScalingPolicy")
def put_scaling_policy(request: Request) -> Request:
    """Create or replace a policy of a registered target.

    Raises:
        ApiError: ObjectNotFoundException without the target; ValidationException for other types than target
            tracking and for metrics that the local cloud does not track.
    """
    target_of(request)
    kind = request.get("PolicyType", "StepScaling")
    if kind != "TargetTrackingScaling":
        raise validation_error(f"the local cloud does not run {kind} policies, only TargetTrackingScaling")
    tracking = request.get("TargetTrackingScalingPolicyConfiguration")
    if not tracking:
        raise validation_error(
            "TargetTrackingScalingPolicyConfiguration is required for a TargetTrackingScaling policy."
        )
    _check(tracking)
    own = key(request, request["PolicyName"])
    with store.lock:
        known = policies.get(own)
        arn = known["PolicyARN"] if known else _arn(request)
        policies[own] = {**request, "PolicyARN": arn, "Alarms": [], "CreationTime": datetime.now(UTC)}
    return {"PolicyARN": arn, "Alarms": []}


@service.operation("DescribeScalingPolicies")
def describe_scaling_policies(request: Request) -> Request:
    """The policies of targets."""
    names = request.get("PolicyNames")
    found = [
        policy for policy in matching(list(policies.values()), request) if not names or policy["PolicyName"] in names
    ]
    chosen, token = listing.page(list(found), request, default=50)
    return {"ScalingPolicies": [dict(policy) for policy in chosen], **token}


@service.operation("DeleteScalingPolicy")
def delete_scaling_policy(request: Request) -> None:
    """Forget a policy.

    Raises:
        ApiError: ObjectNotFoundException if there is none of that name.
    """
    if policies.pop(key(request, request["PolicyName"]), None) is None:
        raise object_not_found(f"scaling policy {request['PolicyName']}", request)


def _check(tracking: Request) -> None:
    predefined = tracking.get("PredefinedMetricSpecification")
    customized = tracking.get("CustomizedMetricSpecification")
    if bool(predefined) == bool(customized):
        raise validation_error("Give either PredefinedMetricSpecification or CustomizedMetricSpecification.")
    if predefined and predefined["PredefinedMetricType"] != PREDEFINED:
        raise validation_error(
            f"the local cloud tracks {PREDEFINED}, not {predefined['PredefinedMetricType']}; a "
            "CustomizedMetricSpecification may track any metric"
        )
    if customized and not {"MetricName", "Namespace", "Statistic"} <= customized.keys():
        raise validation_error("the local cloud tracks a customized metric by MetricName, Namespace and Statistic")
    if tracking["TargetValue"] <= 0:
        raise validation_error("TargetValue must be greater than 0.")


def _arn(request: Request) -> str:
    resource = f"resource/{request['ServiceNamespace']}/{request['ResourceId']}"
    name = f"scalingPolicy:{uuid.uuid4()}:{resource}:policyName/{request['PolicyName']}"
    return scope.current().arn("autoscaling", name)
