"""Models: what an endpoint serves."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local.cloud.kernel import clients
from local.cloud.kernel.errors import validation_error
from local.cloud.sagemaker import roles, s3io
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.hosting import records

Request = dict[str, Any]
EVENT = "SageMaker Model State Change"


@service.operation("CreateModel")
def create_model(request: Request) -> Request:
    """Record a model of one container.

    Raises:
        ApiError: for a taken name, a role that SageMaker cannot assume, data that is not in S3, and for inference
            pipelines and multi-model containers, which the local cloud does not run.
    """
    name = request["ModelName"]
    records.refuse_existing(records.models, "model", name)
    if "ExecutionRoleArn" not in request:
        raise validation_error("ExecutionRoleArn is required to create a model.")
    roles.require(request["ExecutionRoleArn"])
    _check(_only_container(request))
    record = {
        "EnableNetworkIsolation": False,
        **request,
        "ModelArn": records.arn("model", name),
        "CreationTime": records.now(),
    }
    arn = records.add(records.models, "model", name, record)
    records.changed(EVENT, arn, {"ModelName": name, "ModelArn": arn})
    return {"ModelArn": arn}


@service.operation("DescribeModel")
def describe_model(request: Request) -> Request:
    """The model as it was created."""
    return records.find(records.models, "model", request["ModelName"])


@service.operation("ListModels")
def list_models(request: Request) -> Request:
    """Model summaries."""
    found, token = records.page(request, records.models, name="ModelName")
    return {"Models": found, **token}


@service.operation("DeleteModel")
def delete_model(request: Request) -> None:
    """Forget the model; endpoints that serve it go on, as in SageMaker."""
    record = records.find(records.models, "model", request["ModelName"])
    records.remove(records.models, "model", request["ModelName"])
    records.changed(EVENT, record["ModelArn"], {"ModelName": record["ModelName"], "ModelArn": record["ModelArn"]})


def container_of(model: Request) -> Request:
    """The one container of a recorded model."""
    return dict(model["PrimaryContainer"] if "PrimaryContainer" in model else model["Containers"][0])


def _only_container(request: Request) -> Request:
    containers = request.get("Containers") or []
    if bool(containers) == ("PrimaryContainer" in request):
        raise validation_error("You must specify either PrimaryContainer or Containers, and not both.")
    if len(containers) > 1:
        raise records.unsupported("inference pipelines (more than one element in Containers)")
    return container_of(request)


def _check(container: Request) -> None:
    if container.get("Mode", "SingleModel") != "SingleModel":
        raise records.unsupported("multi-model containers (Mode MultiModel)")
    for member in ("ModelDataSource", "AdditionalModelDataSources"):
        if member in container:
            raise records.unsupported(f"{member}; give the archive as ModelDataUrl")
    if "ModelPackageName" in container:
        if "Image" in container or "ModelDataUrl" in container:
            raise validation_error("ModelPackageName cannot be combined with Image or ModelDataUrl in one container.")
        service.call("DescribeModelPackage", {"ModelPackageName": container["ModelPackageName"]})
    elif "Image" not in container:
        raise validation_error("A container must have an Image or a ModelPackageName.")
    elif "ModelDataUrl" in container:
        _check_model_data(container["ModelDataUrl"])


def _check_model_data(url: str) -> None:
    bucket, key = s3io.parse_uri(url)
    try:
        clients.client("s3").head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        raise validation_error(f"Could not find model data at {url}.") from error
