"""What a fleet is to be: the resolved, storable description that processes are started from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

from local.cloud.kernel.errors import validation_error
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.hosting import records
from local.cloud.sagemaker.hosting.models import container_of

STARTUP_TIMEOUT_SECONDS = 480
"""A container must answer /ping within 8 minutes of its start. Source: SageMaker developer guide, "How containers
serve requests"."""


class ServingSpec(TypedDict):
    """The one container of a model, with what a model package says filled in."""

    model_name: str
    image: str
    resolved_at: datetime
    model_data_url: str | None
    environment: dict[str, str]
    role_arn: str
    startup_timeout_seconds: int


class VariantPlan(TypedDict):
    """A production variant: its model, the weight of its traffic and the number of its instances."""

    name: str
    weight: float
    count: int
    spec: ServingSpec


class FleetPlan(TypedDict):
    """All variants of one endpoint configuration and what is captured of their traffic."""

    config_name: str
    variants: list[VariantPlan]
    capture: dict[str, Any] | None


def make(config_name: str) -> FleetPlan:
    """The plan of an endpoint configuration, with its models and model packages resolved now.

    Raises:
        ApiError: ValidationException for an unknown configuration, model or package, or one that is not approved.
    """
    config = records.find(records.configs, "endpoint-config", config_name)
    capture = config.get("DataCaptureConfig")
    return {
        "config_name": config_name,
        "variants": [_variant(variant) for variant in config["ProductionVariants"]],
        "capture": capture if capture and capture.get("EnableCapture", True) else None,
    }


def retain(plan: FleetPlan, live: FleetPlan, excluded: set[str]) -> FleetPlan:
    """The plan with the live counts and weights of variants of the same name, but for the excluded properties."""
    counts = {variant["name"]: variant["count"] for variant in live["variants"]}
    weights = {variant["name"]: variant["weight"] for variant in live["variants"]}
    kept = [dict(variant) for variant in plan["variants"]]
    for variant in kept:
        if variant["name"] in counts and "DesiredInstanceCount" not in excluded:
            variant["count"] = counts[variant["name"]]
        if variant["name"] in weights and "DesiredWeight" not in excluded:
            variant["weight"] = weights[variant["name"]]
    return {**plan, "variants": kept}  # type: ignore[typeddict-item]


def _variant(variant: dict[str, Any]) -> VariantPlan:
    model = records.find(records.models, "model", variant["ModelName"])
    timeout = variant.get("ContainerStartupHealthCheckTimeoutInSeconds", STARTUP_TIMEOUT_SECONDS)
    return {
        "name": variant["VariantName"],
        "weight": float(variant["InitialVariantWeight"]),
        "count": int(variant["InitialInstanceCount"]),
        "spec": _spec(model, timeout),
    }


def _spec(model: dict[str, Any], timeout: int) -> ServingSpec:
    own = container_of(model)
    packaged = _from_package(own["ModelPackageName"]) if "ModelPackageName" in own else {}
    return {
        "model_name": model["ModelName"],
        "image": own.get("Image") or packaged["Image"],
        "resolved_at": records.now(),
        "model_data_url": own.get("ModelDataUrl") or packaged.get("ModelDataUrl"),
        "environment": {**packaged.get("Environment", {}), **own.get("Environment", {})},
        "role_arn": model["ExecutionRoleArn"],
        "startup_timeout_seconds": timeout,
    }


def _from_package(name: str) -> dict[str, Any]:
    package = service.call("DescribeModelPackage", {"ModelPackageName": name})
    approval = package.get("ModelApprovalStatus", "Approved")
    if approval != "Approved":
        raise validation_error(f'Cannot deploy model package "{name}": its approval status is {approval}.')
    containers = package.get("InferenceSpecification", {}).get("Containers", [])
    if len(containers) != 1:
        raise records.unsupported(f"model packages with {len(containers)} inference containers")
    return dict(containers[0])
