from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pandas as pd
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws
from trainer import feature_store
from trainer.feature_store import FeatureGroup

BUCKET = "features"
GROUP = FeatureGroup(
    name="sagestead-test-flight-delay",
    event_time="departure",
    types={"flight": "String", "departure": "String", "seats": "Integral", "wind": "Fractional"},
    online=True,
    offline_uri=f"s3://{BUCKET}/flight-delay/000000000000/sagemaker/us-east-1/offline-store/g-1/data",
    kms_key=None,
)
DESCRIPTION = {
    "FeatureGroupArn": "arn:aws:sagemaker:us-east-1:000000000000:feature-group/g",
    "FeatureGroupName": GROUP.name,
    "RecordIdentifierFeatureName": "flight",
    "EventTimeFeatureName": "departure",
    "FeatureDefinitions": [{"FeatureName": name, "FeatureType": kind} for name, kind in GROUP.types.items()],
    "CreationTime": 0,
    "OnlineStoreConfig": {"EnableOnlineStore": True},
    "OfflineStoreConfig": {
        "S3StorageConfig": {"S3Uri": f"s3://{BUCKET}/x", "ResolvedOutputS3Uri": GROUP.offline_uri, "KmsKeyId": "key"},
        "TableFormat": "Glue",
    },
    "FeatureGroupStatus": "Created",
    "NextToken": "",
}


@pytest.fixture
def records() -> pd.DataFrame:
    columns = {
        "flight": ["a", "b", "c"],
        "departure": ["2013-01-31T23:05:00Z", "2013-01-31T23:50:00Z", "2013-02-01T00:10:00Z"],
        "seats": pd.array([149, None, 55], dtype="Int64"),
        "wind": [1.5, 2.5, float("nan")],
    }
    return pd.DataFrame(columns)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def _keys(s3: Any) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def _client(service: str) -> Any:
    return boto3.client(service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


def _describe(**changed: object) -> FeatureGroup:
    client = _client("sagemaker")
    with Stubber(client) as stub:
        stub.add_response("describe_feature_group", DESCRIPTION | changed, {"FeatureGroupName": GROUP.name})
        return feature_store.describe(client, GROUP.name)


def test_a_feature_group_is_described_with_its_stores() -> None:
    assert _describe() == replace(GROUP, kms_key="key")


def test_a_group_that_is_not_created_yet_is_refused() -> None:
    with pytest.raises(ValueError, match="is Creating, not Created"):
        _describe(FeatureGroupStatus="Creating")


def test_an_iceberg_table_is_refused() -> None:
    with pytest.raises(ValueError, match="table format Iceberg is not supported"):
        _describe(OfflineStoreConfig=DESCRIPTION["OfflineStoreConfig"] | {"TableFormat": "Iceberg"})  # type: ignore[operator]


def test_records_are_put_online_only_without_their_missing_values(records: pd.DataFrame) -> None:
    client = _client("sagemaker-featurestore-runtime")
    expected = {
        "FeatureGroupName": GROUP.name,
        "TargetStores": ["OnlineStore"],
        "Record": [
            {"FeatureName": "flight", "ValueAsString": "b"},
            {"FeatureName": "departure", "ValueAsString": "2013-01-31T23:50:00Z"},
            {"FeatureName": "wind", "ValueAsString": "2.5"},
        ],
    }
    with Stubber(client) as stub:
        stub.add_response("put_record", {}, expected)
        assert feature_store.put_online(client, GROUP, records[1:2]) == 1
        stub.assert_no_pending_responses()


def test_an_error_of_the_online_store_fails_the_job(records: pd.DataFrame) -> None:
    client = _client("sagemaker-featurestore-runtime")
    with Stubber(client) as stub:
        stub.add_client_error("put_record", "AccessForbidden")
        with pytest.raises(ClientError, match="AccessForbidden"):
            feature_store.put_online(client, GROUP, records[:1])


def test_the_offline_store_gets_a_file_for_each_hour_of_event_time(s3: Any, records: pd.DataFrame) -> None:
    assert feature_store.write_offline(s3, GROUP, records, "v1") == 2
    prefix = "flight-delay/000000000000/sagemaker/us-east-1/offline-store/g-1/data"
    first, second = sorted(_keys(s3))
    assert first.startswith(f"{prefix}/year=2013/month=01/day=31/hour=23/20130131T235000Z_")
    assert second.startswith(f"{prefix}/year=2013/month=02/day=01/hour=00/20130201T001000Z_")


def test_a_file_holds_the_group_s_types_and_feature_store_s_own_columns(s3: Any, records: pd.DataFrame) -> None:
    feature_store.write_offline(s3, GROUP, records, "v1")
    table = pq.read_table(io.BytesIO(s3.get_object(Bucket=BUCKET, Key=min(_keys(s3)))["Body"].read()))
    types = {field.name: str(field.type) for field in table.schema}
    assert types == {
        "flight": "string",
        "departure": "string",
        "seats": "int64",
        "wind": "double",
        "write_time": "timestamp[ns]",
        "api_invocation_time": "timestamp[ns]",
        "is_deleted": "bool",
    }
    assert table.column("seats").to_pylist() == [149, None]
    assert table.column("is_deleted").to_pylist() == [False, False]


def test_the_same_version_writes_the_same_keys_and_another_version_others(s3: Any, records: pd.DataFrame) -> None:
    feature_store.write_offline(s3, GROUP, records, "v1")
    once = _keys(s3)
    feature_store.write_offline(s3, GROUP, records, "v1")
    assert _keys(s3) == once
    feature_store.write_offline(s3, GROUP, records, "v2")
    assert len(_keys(s3)) == 2 * len(once)


def test_the_group_s_key_encrypts_the_files(s3: Any, records: pd.DataFrame) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/abc"
    feature_store.write_offline(s3, replace(GROUP, kms_key=key), records, "v1")
    head = s3.head_object(Bucket=BUCKET, Key=_keys(s3)[0])
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def test_records_of_another_schema_are_refused_with_the_difference(s3: Any, records: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"not defined: \['gusts'\]; not in the records: \['wind'\]"):
        feature_store.write_offline(s3, GROUP, records.rename(columns={"wind": "gusts"}), "v1")


def test_a_group_without_an_offline_store_is_refused(records: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="has no offline store"):
        feature_store.write_offline(None, replace(GROUP, offline_uri=None), records, "v1")
