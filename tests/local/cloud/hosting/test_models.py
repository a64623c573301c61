"""Models and endpoint configurations, driven with boto3."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud
IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/sagestead-local/echo-server:local"


def create(hosting: Any, **request: Any) -> None:
    hosting.sagemaker.create_model(
        **{"ModelName": f"m-{uuid.uuid4().hex[:8]}", "ExecutionRoleArn": hosting.role, **request}
    )


def test_a_model_is_described_listed_and_deleted(hosting: Any) -> None:
    name = hosting.model("v1", Environment={"A": "b"})
    described = hosting.sagemaker.describe_model(ModelName=name)
    assert described["PrimaryContainer"]["Environment"] == {"A": "b"}
    assert described["ModelArn"] == f"arn:aws:sagemaker:us-east-1:000000000000:model/{name}"
    assert described["EnableNetworkIsolation"] is False
    assert [m["ModelName"] for m in hosting.sagemaker.list_models(NameContains=name)["Models"]] == [name]
    hosting.sagemaker.delete_model(ModelName=name)
    with pytest.raises(ClientError, match=f'Could not find model ".*model/{name}"'):
        hosting.sagemaker.describe_model(ModelName=name)


def test_a_taken_name_is_refused(hosting: Any) -> None:
    name = hosting.model("v1")
    with pytest.raises(ClientError, match="Cannot create already existing model"):
        create(hosting, ModelName=name, PrimaryContainer={"Image": IMAGE})


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        ({}, "either PrimaryContainer or Containers"),
        ({"Containers": [{"Image": IMAGE}, {"Image": IMAGE}]}, "does not support inference pipelines"),
        ({"PrimaryContainer": {"Image": IMAGE, "Mode": "MultiModel"}}, "does not support multi-model"),
        ({"PrimaryContainer": {}}, "Image or a ModelPackageName"),
        ({"PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://no-such/m.tar.gz"}}, "Could not find model data"),
        ({"PrimaryContainer": {"Image": IMAGE, "ModelPackageName": "p"}}, "cannot be combined"),
        (
            {"PrimaryContainer": {"Image": IMAGE}, "ExecutionRoleArn": "arn:aws:iam::000000000000:role/nobody"},
            "Could not assume role",
        ),
    ],
)
def test_a_model_that_cannot_be_served_is_refused(hosting: Any, request_: dict[str, Any], problem: str) -> None:
    with pytest.raises(ClientError, match=problem):
        create(hosting, **request_)


def test_a_configuration_is_described_listed_and_deleted(hosting: Any) -> None:
    name = hosting.config(("champion", "v1", 2.0, 1))
    described = hosting.sagemaker.describe_endpoint_config(EndpointConfigName=name)
    assert described["ProductionVariants"][0]["InitialVariantWeight"] == 2.0
    listed = hosting.sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
    assert [found["EndpointConfigName"] for found in listed] == [name]
    hosting.sagemaker.delete_endpoint_config(EndpointConfigName=name)
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        hosting.sagemaker.describe_endpoint_config(EndpointConfigName=name)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}}, "does not support serverless"),
        ({"ModelName": None}, "does not support inference components"),
        ({"InstanceType": None}, "InstanceType is required"),
        ({"InitialInstanceCount": None}, "InitialInstanceCount is required"),
        ({"ModelName": "no-such-model"}, "Could not find model"),
    ],
)
def test_a_variant_that_cannot_be_run_is_refused(hosting: Any, change: dict[str, Any], problem: str) -> None:
    variant = {
        "VariantName": "a",
        "ModelName": hosting.model("v1"),
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
        **change,
    }
    kept = {key: value for key, value in variant.items() if value is not None}
    with pytest.raises(ClientError, match=problem):
        hosting.sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[kept])


def test_kinds_of_inference_that_are_not_run_are_refused_by_name(hosting: Any) -> None:
    for member, value, problem in (
        ("AsyncInferenceConfig", {"OutputConfig": {"S3OutputPath": "s3://b/o"}}, "asynchronous inference"),
        ("ShadowProductionVariants", [{"VariantName": "s"}], "shadow variants"),
    ):
        with pytest.raises(ClientError, match=f"does not support {problem}"):
            hosting.config(("a", "v1", 1.0, 1), **{member: value})


def test_variants_of_one_name_or_without_any_weight_are_refused(hosting: Any) -> None:
    with pytest.raises(ClientError, match="must be unique"):
        hosting.config(("a", "v1", 1.0, 1), ("a", "v1", 1.0, 1))
    with pytest.raises(ClientError, match="weight greater than 0"):
        hosting.config(("a", "v1", 0.0, 1), ("b", "v1", 0.0, 1))
