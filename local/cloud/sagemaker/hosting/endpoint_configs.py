"""Endpoint configurations: which models, on how many instances, with which share of the traffic."""

from __future__ import annotations

from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.hosting import records

Request = dict[str, Any]
UNSUPPORTED = {
    "ShadowProductionVariants": "shadow variants (ShadowProductionVariants)",
    "AsyncInferenceConfig": "asynchronous inference (AsyncInferenceConfig)",
    "ExplainerConfig": "online explainability (ExplainerConfig)",
}
UNSUPPORTED_IN_VARIANT = {
    "ServerlessConfig": "serverless inference (ServerlessConfig)",
    "InstancePools": "instance pools (InstancePools)",
    "ManagedInstanceScaling": "managed instance scaling (ManagedInstanceScaling), which needs inference components",
    "AcceleratorType": "Elastic Inference (AcceleratorType)",
}
EVENT = "SageMaker Endpoint Config State Change"


@service.operation("CreateEndpointConfig")
def create_endpoint_config(request: Request) -> Request:
    """Record a configuration.

    Raises:
        ApiError: for a taken name, an unknown model, variants of the same name, no traffic for any variant, and for
            kinds of inference that the local cloud does not run.
    """
    name = request["EndpointConfigName"]
    records.refuse_existing(records.configs, "endpoint-config", name)
    for member, what in UNSUPPORTED.items():
        if request.get(member):
            raise records.unsupported(what)
    variants = [_variant(variant) for variant in request["ProductionVariants"]]
    _check_together(variants)
    arn = records.arn("endpoint-config", name)
    record = {**request, "ProductionVariants": variants, "EndpointConfigArn": arn, "CreationTime": records.now()}
    records.add(records.configs, "endpoint-config", name, record)
    records.changed(EVENT, arn, {"EndpointConfigName": name, "EndpointConfigArn": arn})
    return {"EndpointConfigArn": arn}


@service.operation("DescribeEndpointConfig")
def describe_endpoint_config(request: Request) -> Request:
    """The configuration as it was created, with SageMaker's defaults filled in."""
    return records.find(records.configs, "endpoint-config", request["EndpointConfigName"])


@service.operation("ListEndpointConfigs")
def list_endpoint_configs(request: Request) -> Request:
    """Configuration summaries."""
    found, token = records.page(request, records.configs, name="EndpointConfigName")
    return {"EndpointConfigs": found, **token}


@service.operation("DeleteEndpointConfig")
def delete_endpoint_config(request: Request) -> None:
    """Forget the configuration; an endpoint that was made from it goes on."""
    record = records.find(records.configs, "endpoint-config", request["EndpointConfigName"])
    records.remove(records.configs, "endpoint-config", request["EndpointConfigName"])
    detail = {member: record[member] for member in ("EndpointConfigName", "EndpointConfigArn")}
    records.changed(EVENT, record["EndpointConfigArn"], detail)


def _variant(variant: Request) -> Request:
    for member, what in UNSUPPORTED_IN_VARIANT.items():
        if member in variant:
            raise records.unsupported(what)
    if "ModelName" not in variant:
        raise records.unsupported("inference components (a production variant without ModelName)")
    for member in ("InstanceType", "InitialInstanceCount"):
        if member not in variant:
            raise validation_error(f"{member} is required for production variant '{variant['VariantName']}'.")
    records.find(records.models, "model", variant["ModelName"])
    return {"InitialVariantWeight": 1.0, **variant}


def _check_together(variants: list[Request]) -> None:
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise validation_error(f"Production variant names must be unique, got: {', '.join(names)}.")
    if len(variants) > 1 and not any(variant["InitialVariantWeight"] for variant in variants):
        raise validation_error("At least one production variant must have a weight greater than 0.")
