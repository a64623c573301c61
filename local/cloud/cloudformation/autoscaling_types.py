"""`AWS::ApplicationAutoScaling::*` over our Application Auto Scaling."""

from __future__ import annotations

from typing import Any

from local.cloud.autoscaling import service
from local.cloud.cloudformation.resource_type import Properties, Result, call
from local.cloud.kernel import shapes

KEYS = ("ServiceNamespace", "ResourceId", "ScalableDimension")


def put_target(_logical_id: str, properties: Properties, _stack: str) -> Result:
    """Register the target; Ref is `<resource id>|<dimension>|<namespace>`."""
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}  # a map in the API
    request = _typed("RegisterScalableTarget", {**properties, "Tags": tags})
    call(service, "RegisterScalableTarget", request)
    physical_id = "|".join((request["ResourceId"], request["ScalableDimension"], request["ServiceNamespace"]))
    return physical_id, {"Id": physical_id}


def update_target(_physical_id: str, _old: Properties, new: Properties, stack: str) -> Result:
    """Registering again changes the limits in place."""
    return put_target("", new, stack)


def delete_target(physical_id: str, _properties: Properties) -> None:
    """Deregister the target, with its policies."""
    call(service, "DeregisterScalableTarget", _split(physical_id))


def put_policy(_logical_id: str, properties: Properties, _stack: str) -> Result:
    """Put the policy; Ref is its ARN."""
    rest = dict(properties)
    target = rest.pop("ScalingTargetId", None)
    request = _typed("PutScalingPolicy", {**rest, **(_split(target) if target else {})})
    arn = call(service, "PutScalingPolicy", request)["PolicyARN"]
    return arn, {"Arn": arn, "PolicyName": request["PolicyName"]}


def update_policy(_physical_id: str, _old: Properties, new: Properties, stack: str) -> Result:
    """Putting again changes the policy in place."""
    return put_policy("", new, stack)


def delete_policy(_physical_id: str, properties: Properties) -> None:
    """Delete the policy; one that went with its target is gone already."""
    target = properties.get("ScalingTargetId")
    keys = _split(target) if target else {key: properties[key] for key in KEYS}
    found = call(service, "DescribeScalingPolicies", {**keys, "PolicyNames": [properties["PolicyName"]]})
    if found["ScalingPolicies"]:
        call(service, "DeleteScalingPolicy", {**keys, "PolicyName": properties["PolicyName"]})


def _typed(operation: str, properties: Properties) -> Properties:
    shape = service.model.operation_model(operation).input_shape
    typed = shapes.coerce(shape, properties)
    return {k: v for k, v in typed.items() if k in shape.members}


def _split(physical_id: str) -> Properties:
    resource_id, dimension, namespace = physical_id.split("|")
    return {"ServiceNamespace": namespace, "ResourceId": resource_id, "ScalableDimension": dimension}


HANDLERS: dict[str, dict[str, Any]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": {
        "create": put_target,
        "update": update_target,
        "delete": delete_target,
    },
    "AWS::ApplicationAutoScaling::ScalingPolicy": {
        "create": put_policy,
        "update": update_policy,
        "delete": delete_policy,
    },
}
REPLACING: dict[str, tuple[str, ...]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": KEYS,
    "AWS::ApplicationAutoScaling::ScalingPolicy": (*KEYS, "PolicyName", "ScalingTargetId"),
}
