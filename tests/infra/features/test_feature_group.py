from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from infra.config.environment import FeatureStoreConfig
from infra.config.loader import load
from infra.features.feature_group import FeatureGroup
from tests.infra.world import only, statements, text
from tests.support.synthesis import REPOSITORY, Template, template_of


@cache
def feature_group(*, online: bool = True, offline: bool = True) -> Template:
    platform = load(REPOSITORY, "prod")
    (model,) = platform.models

    def build(stack: Stack) -> None:
        group = FeatureGroup(
            stack,
            "Group",
            config=FeatureStoreConfig(online_store=online, offline_store=offline),
            schema=model.schema_,
            environment="prod",
            model=model.name,
            description=model.description,
            protection=platform.environment.protection,
            bucket=s3.Bucket(stack, "Bucket"),
            key=kms.Key(stack, "Key"),
        )
        CfnOutput(stack, "Arn", value=group.feature_group_arn)

    return template_of(build)


def properties(**stores: bool) -> dict[str, Any]:
    return only(feature_group(**stores), "AWS::SageMaker::FeatureGroup")


def test_a_record_has_its_key_its_time_its_label_and_the_features_of_the_schema() -> None:
    group = properties()
    types = {each["FeatureName"]: each["FeatureType"] for each in group["FeatureDefinitions"]}

    assert group["RecordIdentifierFeatureName"] == "flight_id"
    assert group["EventTimeFeatureName"] == "scheduled_departure"
    assert (types["flight_id"], types["scheduled_departure"], types["arrived_late"]) == ("String", "String", "Integral")
    assert (types["carrier"], types["seats"], types["humidity_percent"]) == ("String", "Integral", "Fractional")
    assert len(types) == 3 + 16


def test_both_stores_are_encrypted_with_the_platforms_key() -> None:
    group = properties()

    assert "Fn::GetAtt" in group["OnlineStoreConfig"]["SecurityConfig"]["KmsKeyId"]
    assert "Fn::GetAtt" in group["OfflineStoreConfig"]["S3StorageConfig"]["KmsKeyId"]


@pytest.mark.parametrize(
    ("stores", "absent"),
    [({"online": False}, "OnlineStoreConfig"), ({"offline": False}, "OfflineStoreConfig")],
)
def test_a_store_that_is_off_is_left_out(stores: dict[str, bool], absent: str) -> None:
    assert absent not in properties(**stores)


def test_the_offline_store_and_its_role_stay_below_the_models_prefix() -> None:
    (write,) = statements(feature_group(), "s3:PutObject")

    assert text(properties()["OfflineStoreConfig"]["S3StorageConfig"]["S3Uri"]).endswith("/flight-delay")
    assert text(write["Resource"]).endswith("/flight-delay/*")


def test_the_group_waits_for_its_roles_policy() -> None:
    template = feature_group()
    found = template["Resources"].values()
    (group,) = [each for each in found if each["Type"] == "AWS::SageMaker::FeatureGroup"]

    assert [template["Resources"][name]["Type"] for name in group["DependsOn"]] == ["AWS::IAM::Policy"]


def test_the_group_is_retained_where_data_is_and_its_arn_is_known() -> None:
    template = feature_group()
    (group,) = [each for each in template["Resources"].values() if each["Type"] == "AWS::SageMaker::FeatureGroup"]

    assert group["DeletionPolicy"] == "Retain"
    assert group["UpdateReplacePolicy"] == "Retain"
    arn = "arn:aws:sagemaker:us-east-1:111122223333:feature-group/sagestead-prod-flight-delay"
    assert template["Outputs"]["Arn"]["Value"] == arn
