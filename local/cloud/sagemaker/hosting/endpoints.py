"""Endpoints: the API that creates, updates, scales and deletes them."""

from __future__ import annotations

from typing import Any

from local.cloud.kernel import background
from local.cloud.kernel.errors import validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.hosting import capture, deployment, metrics, plan, policy, records, route, scaling, status

Request = dict[str, Any]


@service.operation("CreateEndpoint")
def create_endpoint(request: Request) -> Request:
    """Start an endpoint; it is Creating until its instances answer.

    Raises:
        ApiError: for a taken name, and as `plan.make` and `policy.read`.
    """
    name = request["EndpointName"]
    records.refuse_existing(records.endpoints, "endpoint", name)
    wanted = plan.make(request["EndpointConfigName"])
    policy.read(request.get("DeploymentConfig"), wanted)
    record = {
        "EndpointName": name,
        "EndpointArn": records.arn("endpoint", name),
        "EndpointConfigName": request["EndpointConfigName"],
        "EndpointStatus": "Creating",
        "CreationTime": records.now(),
        "LastModifiedTime": records.now(),
        "LastDeploymentConfig": request.get("DeploymentConfig"),
        "Tags": request.get("Tags"),
        "plan": wanted,
    }
    arn = records.add(records.endpoints, "endpoint", name, record)
    status.change(name, "Creating")
    background.spawn(f"create {name}", deployment.create, name, wanted)
    return {"EndpointArn": arn}


@service.operation("UpdateEndpoint")
def update_endpoint(request: Request) -> Request:
    """Deploy another configuration, blue/green.

    Raises:
        ApiError: for an endpoint that is not InService, and as `plan.make` and `policy.read`.
    """
    name = request["EndpointName"]
    record = records.find(records.endpoints, "endpoint", name)
    wanted = plan.make(request["EndpointConfigName"])
    if request.get("RetainAllVariantProperties"):
        excluded = {item["VariantPropertyType"] for item in request.get("ExcludeRetainedVariantProperties", [])}
        wanted = plan.retain(wanted, record["plan"], excluded)
    config = request.get("DeploymentConfig")
    if config is None and request.get("RetainDeploymentConfig"):
        config = record.get("LastDeploymentConfig")
    steps = policy.read(config, wanted)
    _begin(record, LastDeploymentConfig=config)
    background.spawn(f"update {name}", deployment.update, name, wanted, steps)
    return {"EndpointArn": record["EndpointArn"]}


@service.operation("UpdateEndpointWeightsAndCapacities")
def update_weights_and_capacities(request: Request) -> Request:
    """Change weights and instance counts of variants.

    Raises:
        ApiError: for an endpoint that is not InService, an unknown variant, and serverless settings.
    """
    name = request["EndpointName"]
    record = records.find(records.endpoints, "endpoint", name)
    known = {variant["name"] for variant in record["plan"]["variants"]}
    for wanted in request["DesiredWeightsAndCapacities"]:
        if "ServerlessUpdateConfig" in wanted:
            raise records.unsupported("serverless inference (ServerlessUpdateConfig)")
        if wanted["VariantName"] not in known:
            raise validation_error(f"Could not find production variant '{wanted['VariantName']}' of endpoint '{name}'.")
    _begin(record)
    background.spawn(f"scale {name}", scaling.apply, name, request["DesiredWeightsAndCapacities"])
    return {"EndpointArn": record["EndpointArn"]}


@service.operation("DescribeEndpoint")
def describe_endpoint(request: Request) -> Request:
    """The endpoint as it is now, and how far a deployment is."""
    return status.describe(records.find(records.endpoints, "endpoint", request["EndpointName"]))


@service.operation("ListEndpoints")
def list_endpoints(request: Request) -> Request:
    """Endpoint summaries."""
    found, token = records.page(
        request, records.endpoints, name="EndpointName", status="EndpointStatus", modified="LastModifiedTime"
    )
    return {"Endpoints": found, **token}


@service.operation("DeleteEndpoint")
def delete_endpoint(request: Request) -> None:
    """End all instances and forget the endpoint; what was captured is in S3 before it is gone.

    Raises:
        ApiError: for an unknown endpoint, or one that is being created, updated or deleted.
    """
    name = request["EndpointName"]
    record = records.find(records.endpoints, "endpoint", name)
    _begin(record, "Deleting", also=("Failed", "OutOfService"))
    background.spawn(f"delete {name}", _delete, name)


def _delete(name: str) -> None:
    for fleet in route.of(name).fleets:
        fleet.stop()
    capture.flush(name)
    metrics.flush()
    route.forget(name)
    records.remove(records.endpoints, "endpoint", name)


def _begin(record: Request, state: str = "Updating", *, also: tuple[str, ...] = (), **members: Any) -> None:
    """Claim the endpoint for one change: only one at a time."""
    with store.lock:
        if record["EndpointStatus"] not in ("InService", *also):
            raise validation_error(f'Cannot update in-progress endpoint "{record["EndpointArn"]}".')
        record["EndpointStatus"] = state
    status.change(record["EndpointName"], state, **members)
