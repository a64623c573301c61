"""Feature groups, driven with boto3."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def test_a_group_is_described_with_its_resolved_location_and_table(features: Any, group: str) -> None:
    found = features.sagemaker.describe_feature_group(FeatureGroupName=group)
    epoch = int(found["CreationTime"].timestamp())
    assert found["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"] == (
        f"s3://{features.bucket}/store/000000000000/sagemaker/us-east-1/offline-store/{group}-{epoch}/data"
    )
    assert found["OfflineStoreStatus"] == {"Status": "Active"}
    catalog = found["OfflineStoreConfig"]["DataCatalogConfig"]
    assert catalog["TableName"] == f"{group.replace('-', '_')}_{epoch}"
    table = features.cloud.client("glue").get_table(DatabaseName="sagemaker_featurestore", Name=catalog["TableName"])
    columns = {column["Name"]: column["Type"] for column in table["Table"]["StorageDescriptor"]["Columns"]}
    assert columns["seats"] == "bigint"
    assert columns["is_deleted"] == "boolean"


def test_groups_are_listed_by_name_and_status(features: Any, group: str) -> None:
    listed = features.sagemaker.list_feature_groups(NameContains=group, FeatureGroupStatusEquals="Created")
    assert [found["FeatureGroupName"] for found in listed["FeatureGroupSummaries"]] == [group]


def test_a_feature_is_added_and_can_be_written(features: Any) -> None:
    name = features.group()
    added = [{"FeatureName": "gate", "FeatureType": "String"}]
    features.sagemaker.update_feature_group(FeatureGroupName=name, FeatureAdditions=added)
    found = features.sagemaker.describe_feature_group(FeatureGroupName=name)
    assert found["LastUpdateStatus"] == {"Status": "Successful"}
    assert found["FeatureDefinitions"][-1]["FeatureName"] == "gate"
    features.put(name, "a", "2013-01-01T00:00:00Z", gate="B7")
    assert features.get(name, "a")["gate"] == "B7"


def test_deleting_a_group_forgets_its_online_records_but_not_its_files(features: Any) -> None:
    request = features.request()
    name = features.group(**request)
    features.put(name, "a", "2013-01-01T00:00:00Z")
    features.sagemaker.delete_feature_group(FeatureGroupName=name)
    features.wait(
        lambda: features.sagemaker.list_feature_groups(NameContains=name)["FeatureGroupSummaries"],
        lambda found: not found,
    )
    with pytest.raises(ClientError, match="can't find a FeatureGroup"):
        features.get(name, "a")
    objects = features.s3.list_objects_v2(Bucket=features.bucket)["Contents"]
    assert [item["Key"] for item in objects if f"/{name}-" in item["Key"]]
    features.group(**request)
    assert features.get(name, "a") == {}


def test_a_taken_name_is_in_use(features: Any, group: str) -> None:
    with pytest.raises(features.sagemaker.exceptions.ResourceInUse, match=f"{group} already exists"):
        features.sagemaker.create_feature_group(**features.request(FeatureGroupName=group))


def test_an_unknown_group_is_not_found(features: Any) -> None:
    with pytest.raises(features.sagemaker.exceptions.ResourceNotFound, match="can't find a FeatureGroup"):
        features.sagemaker.describe_feature_group(FeatureGroupName="nothing")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"OnlineStoreConfig": None, "OfflineStoreConfig": None}, "At least one of OnlineStoreConfig"),
        ({"RecordIdentifierFeatureName": "nothing"}, "nothing is not in FeatureDefinitions"),
        ({"EventTimeFeatureName": "seats"}, "must be of type String or Fractional"),
        ({"RoleArn": None}, "RoleArn is required"),
        ({"RoleArn": "arn:aws:iam::000000000000:role/nobody"}, "Could not assume role"),
        (
            {"OnlineStoreConfig": {"EnableOnlineStore": True, "StorageType": "InMemory"}},
            "does not support the InMemory",
        ),
        (
            {"OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://b/p"}, "TableFormat": "Iceberg"}},
            "does not support Iceberg",
        ),
        ({"FeatureDefinitions": [{"FeatureName": "is_deleted", "FeatureType": "String"}]}, "is reserved"),
        ({"FeatureDefinitions": [{"FeatureName": "a", "FeatureType": "String"}] * 2}, "more than once"),
        (
            {"FeatureDefinitions": [{"FeatureName": "a", "FeatureType": "String", "CollectionType": "List"}]},
            "does not support collection",
        ),
    ],
)
def test_a_group_that_cannot_work_is_refused(features: Any, change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ClientError, match=re.escape(problem)):
        features.sagemaker.create_feature_group(**features.request(**change))
