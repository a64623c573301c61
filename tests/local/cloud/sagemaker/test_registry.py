"""The model registry, as SageMaker's documentation describes it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud
CHANGE = "SageMaker Model Package State Change"


@pytest.fixture
def group(lab: Any) -> str:
    name = str(lab.new("group"))
    lab.sagemaker.create_model_package_group(ModelPackageGroupName=name, ModelPackageGroupDescription="for tests")
    return name


def inference(lab: Any) -> dict[str, Any]:
    return {
        "Containers": [{"Image": lab.image, "ModelDataUrl": lab.uri("model.tar.gz")}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }


def register(lab: Any, group: str, **request: Any) -> str:
    answer = lab.sagemaker.create_model_package(
        ModelPackageGroupName=group, InferenceSpecification=inference(lab), **request
    )
    return str(answer["ModelPackageArn"])


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_a_group_is_described_listed_and_unique(lab: Any, group: str) -> None:
    found = lab.sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    assert found["ModelPackageGroupArn"].endswith(f":model-package-group/{group}")
    assert (found["ModelPackageGroupStatus"], found["ModelPackageGroupDescription"]) == ("Completed", "for tests")
    (summary,) = lab.sagemaker.list_model_package_groups(NameContains=group)["ModelPackageGroupSummaryList"]
    assert summary["ModelPackageGroupArn"] == found["ModelPackageGroupArn"]
    with pytest.raises(ClientError, match="already exists") as error:
        lab.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    assert refused(error) == "ValidationException"


def test_versions_count_up_and_are_never_reused(lab: Any, group: str) -> None:
    first, second = register(lab, group), register(lab, group)
    assert (first.rpartition("/")[2], second.rpartition("/")[2]) == ("1", "2")
    lab.sagemaker.delete_model_package(ModelPackageName=second)
    assert register(lab, group).endswith(f"{group}/3")


def test_a_version_waits_for_approval_by_default(lab: Any, group: str) -> None:
    metrics = {"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": lab.uri("e.json")}}}
    arn = register(lab, group, ModelMetrics=metrics, CustomerMetadataProperties={"auc": "0.7"})
    found = lab.sagemaker.describe_model_package(ModelPackageName=arn)
    assert found["ModelApprovalStatus"] == "PendingManualApproval"
    assert (found["ModelPackageStatus"], found["ModelPackageVersion"]) == ("Completed", 1)
    assert found["ModelPackageStatusDetails"] == {"ValidationStatuses": [], "ImageScanStatuses": []}
    assert found["ModelMetrics"] == metrics
    assert found["CustomerMetadataProperties"] == {"auc": "0.7"}


def test_approval_is_told_as_an_event(lab: Any, group: str, events: Any) -> None:
    arn = register(lab, group)
    lab.sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="good enough"
    )
    created, approved = events.about(arn, CHANGE, 2)
    assert created["detail"]["ModelApprovalStatus"] == "PendingManualApproval"
    assert created["detail"]["CreationTime"].endswith("Z")
    assert approved["resources"] == [arn]
    detail = approved["detail"]
    assert (detail["ModelPackageGroupName"], detail["ModelPackageVersion"]) == (group, 1)
    assert (detail["ModelPackageArn"], detail["ModelApprovalStatus"]) == (arn, "Approved")
    assert detail["UpdatedModelPackageFields"] == ["ModelApprovalStatus", "ApprovalDescription"]
    assert detail["InferenceSpecification"] == inference(lab)


def test_metadata_is_added_changed_and_removed(lab: Any, group: str) -> None:
    arn = register(lab, group, CustomerMetadataProperties={"a": "1", "b": "2"})
    lab.sagemaker.update_model_package(
        ModelPackageArn=arn,
        CustomerMetadataProperties={"a": "3", "c": "4"},
        CustomerMetadataPropertiesToRemove=["b"],
        AdditionalInferenceSpecificationsToAdd=[{"Name": "more", "Containers": inference(lab)["Containers"]}],
    )
    found = lab.sagemaker.describe_model_package(ModelPackageName=arn)
    assert found["CustomerMetadataProperties"] == {"a": "3", "c": "4"}
    assert found["AdditionalInferenceSpecifications"][0]["Name"] == "more"


def test_versions_are_listed_by_group_and_approval(lab: Any, group: str) -> None:
    first, second = register(lab, group), register(lab, group, ModelApprovalStatus="Approved")
    ask = lab.sagemaker.list_model_packages

    def listed(**request: Any) -> list[str]:
        return [
            item["ModelPackageArn"] for item in ask(ModelPackageGroupName=group, **request)["ModelPackageSummaryList"]
        ]

    assert listed() == [first, second]
    assert listed(SortBy="CreationTime", SortOrder="Descending", MaxResults=1) == [second]
    assert listed(ModelApprovalStatus="Approved") == [second]
    assert "ModelPackageName" not in ask(ModelPackageGroupName=group)["ModelPackageSummaryList"][0]


def test_a_package_without_a_group_has_a_name(lab: Any) -> None:
    name = lab.new("package")
    arn = lab.sagemaker.create_model_package(ModelPackageName=name, InferenceSpecification=inference(lab))
    found = lab.sagemaker.describe_model_package(ModelPackageName=name)
    assert found["ModelPackageArn"] == arn["ModelPackageArn"]
    assert "ModelApprovalStatus" not in found
    listed = lab.sagemaker.list_model_packages(NameContains=name)["ModelPackageSummaryList"]
    assert [item["ModelPackageName"] for item in listed] == [name]
    with pytest.raises(ClientError, match="already exists") as error:
        lab.sagemaker.create_model_package(ModelPackageName=name, InferenceSpecification=inference(lab))
    assert refused(error) == "ConflictException"
    with pytest.raises(ClientError, match="only for model packages in a model package group"):
        lab.sagemaker.update_model_package(ModelPackageArn=found["ModelPackageArn"], ModelApprovalStatus="Approved")
    with pytest.raises(ClientError, match="InferenceSpecification"):
        lab.sagemaker.create_model_package(ModelPackageName=lab.new("package"))


def test_the_same_client_token_registers_once(lab: Any, group: str) -> None:
    token = lab.new("token")
    assert register(lab, group, ClientToken=token) == register(lab, group, ClientToken=token)


def test_a_group_with_versions_is_not_deleted(lab: Any, group: str) -> None:
    arn = register(lab, group)
    with pytest.raises(ClientError, match="still contains 1 model package") as error:
        lab.sagemaker.delete_model_package_group(ModelPackageGroupName=group)
    assert refused(error) == "ConflictException"
    lab.sagemaker.delete_model_package(ModelPackageName=arn)
    lab.sagemaker.delete_model_package_group(ModelPackageGroupName=group)
    with pytest.raises(ClientError, match="does not exist") as error:
        lab.sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    assert refused(error) == "ValidationException"
    with pytest.raises(ClientError, match=r"ModelPackage .* does not exist"):
        lab.sagemaker.describe_model_package(ModelPackageName=arn)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"ModelPackageGroupName": "g", "ModelPackageName": "n"}, "Cannot determine which one to use"),
        ({}, "Missing ARN"),
        ({"ModelPackageGroupName": "no-such-group"}, "does not exist"),
    ],
)
def test_a_wrong_registration_is_refused(lab: Any, request_: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        lab.sagemaker.create_model_package(**request_, InferenceSpecification=inference(lab))


def test_validation_jobs_are_refused_clearly(lab: Any, group: str) -> None:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/c"}}
    definition = {
        "TransformInput": {"DataSource": source},
        "TransformOutput": {"S3OutputPath": "s3://b/d"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    profile = {"ProfileName": "p", "TransformJobDefinition": definition}
    with pytest.raises(ClientError, match="does not run ValidationSpecification"):
        register(lab, group, ValidationSpecification={"ValidationRole": lab.role, "ValidationProfiles": [profile]})
