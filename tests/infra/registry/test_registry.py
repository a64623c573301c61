from __future__ import annotations

import json
from functools import cache
from typing import Any, Literal

import pytest
from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms

from infra.config.environment import ContainerConfig, ContainersConfig, ProtectionConfig
from infra.config.loader import load
from infra.registry.container_images import ContainerImages
from infra.registry.model_package_groups import ModelPackageGroups
from tests.infra.world import only, resources
from tests.support.synthesis import REPOSITORY, Template, template_of

DISPOSABLE = ProtectionConfig(retain_data=False, allow_destroy=True, termination_protection=False)
KEPT = ProtectionConfig(retain_data=True, allow_destroy=False, termination_protection=True)


@cache
def images(source: Literal["asset", "repository"], protection: ProtectionConfig = KEPT) -> Template:
    container = ContainerConfig(source=source, tag=None if source == "asset" else "v7")
    config = ContainersConfig(
        trainer=container, analyzer=container, inference=container, untagged_expiry_days=14, keep_images=20
    )

    def build(stack: Stack) -> None:
        found = ContainerImages(
            stack, "Images", config=config, environment="dev", protection=protection, key=kms.Key(stack, "Key")
        )
        for name in ("trainer", "analyzer", "inference"):
            CfnOutput(stack, f"{name}Uri", value=found.image_uri(name))
            CfnOutput(stack, f"{name}Repository", value=found.source_repository(name).repository_arn)

    return template_of(build)


def test_every_container_has_a_repository_that_scans_and_never_moves_a_tag() -> None:
    found = resources(images("repository"), "AWS::ECR::Repository")

    assert {each["RepositoryName"] for each in found} == {
        f"sagestead-dev/{name}" for name in ("trainer", "analyzer", "inference")
    }
    for each in found:
        assert each["ImageScanningConfiguration"] == {"ScanOnPush": True}
        assert each["ImageTagMutability"] == "IMMUTABLE"
        assert each["EncryptionConfiguration"]["EncryptionType"] == "KMS"


def test_untagged_and_old_images_expire() -> None:
    policy = resources(images("repository"), "AWS::ECR::Repository")[0]["LifecyclePolicy"]["LifecyclePolicyText"]

    selections = [rule["selection"] for rule in json.loads(policy)["rules"]]
    assert [(each["tagStatus"], each["countNumber"]) for each in selections] == [("untagged", 14), ("any", 20)]


@pytest.mark.parametrize(("protection", "empties"), [(KEPT, None), (DISPOSABLE, True)])
def test_a_repository_with_images_goes_only_where_data_may_be_destroyed(
    protection: ProtectionConfig, empties: bool | None
) -> None:
    found = resources(images("repository", protection), "AWS::ECR::Repository")

    assert {each.get("EmptyOnDelete") or None for each in found} == {empties}


def test_an_image_in_the_platforms_repository_is_named_in_plain_text() -> None:
    outputs = images("repository")["Outputs"]

    uri = outputs["trainerUri"]["Value"]
    assert uri == "111122223333.dkr.ecr.us-east-1.amazonaws.com/sagestead-dev/trainer:v7"
    assert "Fn::GetAtt" in outputs["trainerRepository"]["Value"]


def test_an_image_asset_is_pulled_from_the_assets_repository_and_has_a_hash_of_its_own() -> None:
    outputs = images("asset")["Outputs"]

    uris = {text(outputs[f"{name}Uri"]["Value"]) for name in ("trainer", "analyzer", "inference")}
    assert len({uri.rpartition(":")[2] for uri in uris}) == 3
    assert "cdk-hnb659fds-container-assets" in outputs["trainerRepository"]["Value"]


def text(value: Any) -> str:
    return json.dumps(value).rstrip('"}')


def test_every_model_has_a_package_group_with_its_name_and_description() -> None:
    (model,) = load(REPOSITORY, "dev").models

    def build(stack: Stack) -> None:
        groups = ModelPackageGroups(stack, "Models", environment="dev", models=[model], protection=KEPT)
        CfnOutput(stack, "Arn", value=groups.arn(model.name))

    template = template_of(build)

    group = only(template, "AWS::SageMaker::ModelPackageGroup")
    assert group["ModelPackageGroupName"] == "sagestead-dev-flight-delay"
    assert group["ModelPackageGroupDescription"] == model.description
    arn = "arn:aws:sagemaker:us-east-1:111122223333:model-package-group/sagestead-dev-flight-delay"
    assert template["Outputs"]["Arn"]["Value"] == arn
