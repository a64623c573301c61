"""An endpoint's life, its events and its failures, driven with boto3."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


@pytest.fixture(scope="module")
def queue(hosting: Any) -> Iterator[Any]:
    """A queue that gets every SageMaker event."""
    sqs, events = hosting.cloud.client("sqs"), hosting.cloud.client("events")
    url = sqs.create_queue(QueueName=f"events-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="hosting-events", EventPattern=json.dumps({"source": ["aws.sagemaker"]}))
    events.put_targets(Rule="hosting-events", Targets=[{"Id": "1", "Arn": arn}])
    yield url
    events.remove_targets(Rule="hosting-events", Ids=["1"])
    events.delete_rule(Name="hosting-events")


def seen(hosting: Any, url: str, endpoint: str) -> list[tuple[str, dict[str, Any]]]:
    sqs, found = hosting.cloud.client("sqs"), []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in batch:
            event = json.loads(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if event["detail"].get("EndpointName") == endpoint:
                found.append((event["detail-type"], event["detail"]))
    return found


def test_events_tell_an_endpoints_life(hosting: Any, queue: str) -> None:
    name = hosting.endpoint(hosting.config(("champion", "v1", 1.0, 1)), Tags=[{"Key": "team", "Value": "flights"}])
    hosting.sagemaker.delete_endpoint(EndpointName=name)
    hosting.wait(lambda: hosting.sagemaker.list_endpoints(NameContains=name)["Endpoints"], lambda found: not found)
    events = seen(hosting, queue, name)
    states = [detail["EndpointStatus"] for kind, detail in events if kind == "SageMaker Endpoint State Change"]
    assert states == ["CREATING", "IN_SERVICE", "DELETING"]
    (launching,) = [d for kind, d in events if kind == "SageMaker Endpoint Deployment State Change"]
    assert launching["ProductionVariants"][0]["VariantStatus"][0]["StatusMessage"] == "Launching 1 instance(s)."
    assert launching["Tags"] == {"team": "flights"}


def test_an_endpoint_is_described_with_its_images_and_counts(hosting: Any, endpoint: str) -> None:
    variant = hosting.sagemaker.describe_endpoint(EndpointName=endpoint)["ProductionVariants"][0]
    assert variant["DeployedImages"][0]["SpecifiedImage"].endswith("echo-server:local")
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (1, 1)
    summary = hosting.sagemaker.list_endpoints(NameContains=endpoint, StatusEquals="InService")["Endpoints"][0]
    assert summary["EndpointName"] == endpoint


def test_a_container_that_does_not_start_fails_the_endpoint_with_its_log(hosting: Any) -> None:
    name = f"endpoint-{uuid.uuid4().hex[:8]}"
    config = hosting.config(("champion", "refuses", 1.0, 1))
    hosting.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    failed = hosting.settled(name)
    assert failed["EndpointStatus"] == "Failed"
    assert "did not pass" in failed["FailureReason"] or "exited before" in failed["FailureReason"]
    assert "this model refuses to load" in failed["FailureReason"]
    with pytest.raises(ClientError, match="has no healthy instance"):
        hosting.invoke(name)
    hosting.sagemaker.delete_endpoint(EndpointName=name)


def test_an_unknown_image_fails_the_endpoint(hosting: Any) -> None:
    model, name = hosting.model("v1", Image="somewhere/no-such-image:1"), f"c-{uuid.uuid4().hex[:8]}"
    variant = {"VariantName": "a", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    hosting.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    hosting.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    assert "no image somewhere/no-such-image:1" in hosting.settled(name)["FailureReason"]
    hosting.sagemaker.delete_endpoint(EndpointName=name)


def test_names_that_do_not_exist_or_are_taken_are_refused(hosting: Any, endpoint: str) -> None:
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        hosting.sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="nothing")
    with pytest.raises(ClientError, match="Could not find endpoint"):
        hosting.sagemaker.delete_endpoint(EndpointName="nothing")
    config = hosting.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    with pytest.raises(ClientError, match="Cannot create already existing endpoint"):
        hosting.sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    with pytest.raises(ClientError, match="Could not find production variant 'x'"):
        hosting.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=endpoint, DesiredWeightsAndCapacities=[{"VariantName": "x", "DesiredWeight": 1.0}]
        )


def test_only_an_approved_model_package_is_deployed(hosting: Any) -> None:
    container = hosting.sagemaker.describe_model(ModelName=hosting.model("v9"))["PrimaryContainer"]
    group = f"group-{uuid.uuid4().hex[:8]}"
    hosting.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    package = hosting.sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [{"Image": container["Image"], "ModelDataUrl": container["ModelDataUrl"]}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    name = f"packaged-{uuid.uuid4().hex[:8]}"
    hosting.sagemaker.create_model(
        ModelName=name, Containers=[{"ModelPackageName": package}], ExecutionRoleArn=hosting.role
    )
    variant = {"VariantName": "champion", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    hosting.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    with pytest.raises(ClientError, match="approval status is PendingManualApproval"):
        hosting.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    hosting.sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
    assert hosting.invoke(hosting.endpoint(name))["version"] == "v9"
