"""The endpoint, its variants and their autoscaling."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local.report.facts import Endpoint, ScalingActivity, Variant
from local.report.sources.reading import Cloud, Reader, moment, pages

NAMESPACE = "sagemaker"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"


def read(cloud: Cloud, name: str, reader: Reader) -> Endpoint | None:
    """The endpoint; None if there is none (yet)."""
    sagemaker = cloud("sagemaker")
    try:
        found = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if "Could not find" in str(error) or error.response["Error"]["Code"] == "ResourceNotFound":
            return None
        raise
    config_name = found.get("EndpointConfigName")

    def config() -> dict[str, Any]:
        return dict(sagemaker.describe_endpoint_config(EndpointConfigName=config_name))

    nothing: dict[str, Any] = {}
    configured = reader.attempt(f"endpoint configuration {config_name}", config, nothing)
    listed = found.get("ProductionVariants", [])
    package = reader.attempt("the live model package", lambda: _package(sagemaker, configured), None)
    return Endpoint(
        name=name,
        status=found.get("EndpointStatus", "unknown"),
        config=config_name,
        updated=moment(found.get("LastModifiedTime")),
        capture_percent=found.get("DataCaptureConfig", {}).get("CurrentSamplingPercentage"),
        package_arn=package,
        variants=tuple(_variant(cloud, name, variant, configured, reader) for variant in listed),
        activities=reader.attempt("scaling activities", lambda: _activities(cloud, name), ()),
    )


def _package(sagemaker: Any, config: dict[str, Any]) -> str | None:
    """The package of the first variant's model."""
    for variant in config.get("ProductionVariants", []):
        model = sagemaker.describe_model(ModelName=variant["ModelName"])
        for container in (model.get("PrimaryContainer", {}), *model.get("Containers", [])):
            if container.get("ModelPackageName"):
                return str(container["ModelPackageName"])
    return None


def _variant(cloud: Cloud, endpoint: str, found: dict[str, Any], config: dict[str, Any], reader: Reader) -> Variant:
    name = found["VariantName"]
    nothing: dict[str, Any] = {}
    own = next((v for v in config.get("ProductionVariants", []) if v.get("VariantName") == name), nothing)
    resource = f"endpoint/{endpoint}/variant/{name}"
    target = reader.attempt(f"scalable target {resource}", lambda: _target(cloud, resource), nothing)
    return Variant(
        name=name,
        current_instances=found.get("CurrentInstanceCount"),
        desired_instances=found.get("DesiredInstanceCount"),
        weight=found.get("CurrentWeight"),
        instance_type=own.get("InstanceType"),
        min_instances=target.get("MinCapacity"),
        max_instances=target.get("MaxCapacity"),
        scaling_policies=reader.attempt(f"scaling policies of {resource}", lambda: _policies(cloud, resource), ()),
    )


def _target(cloud: Cloud, resource: str) -> dict[str, Any]:
    answer = cloud("application-autoscaling").describe_scalable_targets(
        ServiceNamespace=NAMESPACE, ResourceIds=[resource], ScalableDimension=DIMENSION
    )
    return next(iter(answer.get("ScalableTargets", [])), {})


def _policies(cloud: Cloud, resource: str) -> tuple[str, ...]:
    answer = cloud("application-autoscaling").describe_scaling_policies(
        ServiceNamespace=NAMESPACE, ResourceId=resource, ScalableDimension=DIMENSION
    )
    return tuple(_policy(policy) for policy in answer.get("ScalingPolicies", []))


def _policy(policy: dict[str, Any]) -> str:
    """One line: what is tracked, and the value it is held at."""
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration")
    if tracking is None:
        return f"{policy['PolicyName']} ({policy.get('PolicyType', 'unknown type')})"
    metric = tracking.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType", "a custom metric")
    return f"{metric} at {tracking.get('TargetValue'):g}"


def _activities(cloud: Cloud, endpoint: str) -> tuple[ScalingActivity, ...]:
    client = cloud("application-autoscaling")
    listed = pages(client, "describe_scaling_activities", "ScalingActivities", ServiceNamespace=NAMESPACE)
    ours = [found for found in listed if found.get("ResourceId", "").startswith(f"endpoint/{endpoint}/")]
    activities = [
        ScalingActivity(moment(found.get("StartTime")), found.get("StatusCode", ""), found.get("Description", ""))
        for found in ours
    ]
    return tuple(sorted(activities, key=lambda activity: str(activity.start)))
