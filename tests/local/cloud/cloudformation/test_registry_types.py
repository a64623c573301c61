"""A pipeline, a model package group and a feature group through a stack's life; each refusal on a stack of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.local.cloud.cloudformation.conftest import Stack, missing, new
from tests.local.cloud.hosting.conftest import IMAGE, Hosting

pytestmark = [pytest.mark.cloud, pytest.mark.xdist_group("cloudformation-registry")]

FEATURES = {"flight": "String", "time": "String", "distance": "Fractional"}
OUTPUTS = {
    "Pipeline": {"Ref": "Pipeline"},
    "GroupArn": {"Ref": "Group"},
    "GroupArnToo": {"Fn::GetAtt": ["Group", "ModelPackageGroupArn"]},
    "GroupStatus": {"Fn::GetAtt": ["Group", "ModelPackageGroupStatus"]},
    "FeatureGroup": {"Ref": "FeatureGroup"},
    "FeatureGroupStatus": {"Fn::GetAtt": ["FeatureGroup", "FeatureGroupStatus"]},
}


def pipeline(role: str, reason: str, **more: Any) -> dict[str, Any]:
    """A pipeline whose only step fails with that reason."""
    step = {"Name": "Reject", "Type": "Fail", "Arguments": {"ErrorMessage": reason}}
    definition = {"Version": "2020-12-01", "Parameters": [], "Steps": [step]}
    body = {"PipelineDefinitionBody": json.dumps(definition)}
    properties = {"PipelineName": new("pipeline"), "PipelineDefinition": body, "RoleArn": role, **more}
    return {"Type": "AWS::SageMaker::Pipeline", "Properties": properties}


def package_group(name: str, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {"ModelPackageGroupName": name, **more}}


def feature_group(name: str, features: dict[str, str], **more: Any) -> dict[str, Any]:
    properties = {
        "FeatureGroupName": name,
        "RecordIdentifierFeatureName": "flight",
        "EventTimeFeatureName": "time",
        "FeatureDefinitions": [{"FeatureName": key, "FeatureType": kind} for key, kind in features.items()],
        "OnlineStoreConfig": {"EnableOnlineStore": "true"},
        **more,
    }
    return {"Type": "AWS::SageMaker::FeatureGroup", "Properties": properties}


@dataclass
class Story:
    """The ids and outputs of the stack when new, after an update in place, and after a replacement."""

    ids: list[dict[str, str]]
    outputs: list[dict[str, str]]
    definition: str
    tags: list[dict[str, str]]
    features: list[str]
    online: bool
    old_ones_gone: list[bool]
    deleted: str
    all_gone: list[bool]


@pytest.fixture(scope="module")
def story(hosting: Hosting, stacks: Callable[[], Stack]) -> Story:
    """Lives the stack's life."""
    stack, sagemaker = stacks(), hosting.sagemaker
    names = {key: new("thing") for key in ("Pipeline", "Group", "FeatureGroup")}

    def resources(reason: str, features: dict[str, str]) -> dict[str, Any]:
        return {
            "Pipeline": pipeline(hosting.role, reason, PipelineName=names["Pipeline"]),
            "Group": package_group(names["Group"], Tags=[{"Key": "team", "Value": reason}]),
            "FeatureGroup": feature_group(names["FeatureGroup"], features),
        }

    def gone(ids: dict[str, str]) -> list[bool]:
        return [
            missing(sagemaker.describe_pipeline, PipelineName=ids["Pipeline"]),
            missing(sagemaker.describe_model_package_group, ModelPackageGroupName=ids["Group"].rpartition("/")[2]),
            missing(sagemaker.describe_feature_group, FeatureGroupName=ids["FeatureGroup"]),
        ]

    ids, outputs = [], []

    def look(status: str) -> None:
        assert status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), stack.reasons()
        ids.append(stack.ids())
        outputs.append(stack.outputs())

    look(stack.create(resources("first", FEATURES), OUTPUTS))
    look(stack.update(resources("second", {**FEATURES, "delay": "Integral"}), OUTPUTS))
    definition = sagemaker.describe_pipeline(PipelineName=names["Pipeline"])["PipelineDefinition"]
    group = sagemaker.describe_feature_group(FeatureGroupName=names["FeatureGroup"])
    tags = sagemaker.list_tags(ResourceArn=ids[0]["Group"])["Tags"]
    names = {key: new("thing") for key in names}
    look(stack.update(resources("second", FEATURES), OUTPUTS))
    return Story(
        ids,
        outputs,
        definition,
        tags,
        [feature["FeatureName"] for feature in group["FeatureDefinitions"]],
        group["OnlineStoreConfig"]["EnableOnlineStore"],
        gone(ids[0]),
        stack.delete(),
        gone(ids[2]),
    )


def test_ref_is_the_name_of_pipelines_and_feature_groups_and_the_arn_of_package_groups(story: Story) -> None:
    ids, outputs = story.ids[0], story.outputs[0]
    assert outputs["Pipeline"] == ids["Pipeline"]
    assert outputs["FeatureGroup"] == ids["FeatureGroup"]
    assert outputs["GroupArn"].startswith("arn:aws:sagemaker:us-east-1:000000000000:model-package-group/thing-")
    assert outputs["GroupArnToo"] == outputs["GroupArn"]
    assert (outputs["GroupStatus"], outputs["FeatureGroupStatus"]) == ("Completed", "Created")


def test_a_definition_a_feature_and_a_tag_are_changed_in_place(story: Story) -> None:
    assert story.ids[1] == story.ids[0]
    assert "second" in story.definition
    assert story.tags == [{"Key": "team", "Value": "second"}]
    assert story.features == [*FEATURES, "delay"]
    assert story.online is True


def test_another_name_is_another_resource_and_the_old_one_goes(story: Story) -> None:
    assert all(story.ids[2][key] != story.ids[0][key] for key in story.ids[0])
    assert story.old_ones_gone == [True, True, True]


def test_nothing_is_left_of_a_deleted_stack(story: Story) -> None:
    assert story.deleted == "DELETE_COMPLETE"
    assert story.all_gone == [True, True, True]


def test_a_feature_cannot_be_removed(hosting: Hosting, stacks: Callable[[], Stack]) -> None:
    stack, name = stacks(), new("features")
    assert stack.create({"Features": feature_group(name, FEATURES)}) == "CREATE_COMPLETE"
    fewer = {key: kind for key, kind in FEATURES.items() if key != "distance"}
    assert stack.update({"Features": feature_group(name, fewer)}) == "UPDATE_ROLLBACK_COMPLETE"
    assert "features cannot be removed from a feature group: distance" in stack.reasons()["Features"]
    found = hosting.sagemaker.describe_feature_group(FeatureGroupName=name)
    assert [feature["FeatureName"] for feature in found["FeatureDefinitions"]] == list(FEATURES)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"OnlineStoreConfig": {"EnableOnlineStore": False}}, "cannot change in EnableOnlineStore"),
        ({"EventTimeFeatureName": "flight"}, "custom-named resource requires replacing"),
    ],
)
def test_what_needs_another_feature_group_is_refused_under_the_same_name(
    stacks: Callable[[], Stack], change: dict[str, Any], reason: str
) -> None:
    stack, name = stacks(), new("features")
    assert stack.create({"Features": feature_group(name, FEATURES)}) == "CREATE_COMPLETE"
    assert stack.update({"Features": feature_group(name, FEATURES, **change)}) == "UPDATE_ROLLBACK_COMPLETE"
    assert reason in stack.reasons()["Features"]


def test_the_time_to_live_of_the_online_store_changes_in_place(hosting: Hosting, stacks: Callable[[], Stack]) -> None:
    stack, name = stacks(), new("features")
    assert stack.create({"Features": feature_group(name, FEATURES)}) == "CREATE_COMPLETE"
    online = {"EnableOnlineStore": "true", "TtlDuration": {"Unit": "Hours", "Value": "2"}}
    changed = feature_group(name, FEATURES, OnlineStoreConfig=online)
    assert stack.update({"Features": changed}) == "UPDATE_COMPLETE", stack.reasons()
    found = hosting.sagemaker.describe_feature_group(FeatureGroupName=name)["OnlineStoreConfig"]
    assert found == {"EnableOnlineStore": True, "TtlDuration": {"Unit": "Hours", "Value": 2}}


def test_a_definition_that_cannot_run_rolls_the_stack_back(hosting: Hosting, stacks: Callable[[], Stack]) -> None:
    stack = stacks()
    broken = pipeline(hosting.role, "x", PipelineDefinition={"PipelineDefinitionBody": "{}"})
    assert stack.create({"Pipeline": broken}) == "ROLLBACK_COMPLETE"
    assert "ValidationException" in stack.reasons()["Pipeline"]


def test_a_definition_in_s3_is_refused_by_name(hosting: Hosting, stacks: Callable[[], Stack]) -> None:
    stack = stacks()
    place = {"PipelineDefinitionS3Location": {"Bucket": "b", "Key": "k"}}
    assert stack.create({"Pipeline": pipeline(hosting.role, "x", PipelineDefinition=place)}) == "ROLLBACK_COMPLETE"
    assert "PipelineDefinitionBody, not PipelineDefinitionS3Location" in stack.reasons()["Pipeline"]


def test_a_group_that_holds_packages_is_not_deleted(hosting: Hosting, stacks: Callable[[], Stack]) -> None:
    stack, name = stacks(), new("held")
    assert stack.create({"Group": package_group(name)}) == "CREATE_COMPLETE"
    package = hosting.sagemaker.create_model_package(
        ModelPackageGroupName=name,
        ModelPackageDescription="holds the group",
        InferenceSpecification={
            "Containers": [{"Image": IMAGE, "ModelDataUrl": f"s3://{hosting.bucket}/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    assert stack.delete() == "DELETE_FAILED"
    assert name in stack.reasons()["Group"]
    hosting.sagemaker.delete_model_package(ModelPackageName=package)
    assert stack.delete() == "DELETE_COMPLETE"
