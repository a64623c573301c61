"""A bucket, a role and feature groups, made with boto3 alone."""

from __future__ import annotations

import io
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

FEATURES = [
    {"FeatureName": "flight_id", "FeatureType": "String"},
    {"FeatureName": "event_time", "FeatureType": "String"},
    {"FeatureName": "seats", "FeatureType": "Integral"},
    {"FeatureName": "humidity", "FeatureType": "Fractional"},
]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def record(flight: str, at: str, **more: Any) -> list[dict[str, str]]:
    """A record as PutRecord takes it."""
    values = {"flight_id": flight, "event_time": at, **more}
    return [{"FeatureName": name, "ValueAsString": str(value)} for name, value in values.items()]


class FeatureStore:
    """What the tests do again and again."""

    def __init__(self, cloud: Any) -> None:
        self.cloud = cloud
        self.sagemaker = cloud.client("sagemaker")
        self.runtime = cloud.client("sagemaker-featurestore-runtime", max_pool_connections=16)
        self.s3 = cloud.client("s3", s3={"addressing_style": "path"})
        self.bucket = f"features-{uuid.uuid4().hex[:8]}"
        self.s3.create_bucket(Bucket=self.bucket)
        role = cloud.client("iam").create_role(
            RoleName=f"features-{uuid.uuid4().hex[:8]}", AssumeRolePolicyDocument=json.dumps(TRUST)
        )
        self.role = role["Role"]["Arn"]

    def request(self, **change: Any) -> dict[str, Any]:
        """A CreateFeatureGroup request with both stores; members given as None are left out."""
        given = {
            "FeatureGroupName": f"flights-{uuid.uuid4().hex[:8]}",
            "RecordIdentifierFeatureName": "flight_id",
            "EventTimeFeatureName": "event_time",
            "FeatureDefinitions": FEATURES,
            "OnlineStoreConfig": {"EnableOnlineStore": True},
            "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": f"s3://{self.bucket}/store"}},
            "RoleArn": self.role,
            **change,
        }
        return {member: value for member, value in given.items() if value is not None}

    def group(self, **change: Any) -> str:
        """A new feature group that is Created; answers its name."""
        request = self.request(**change)
        self.sagemaker.create_feature_group(**request)
        name = str(request["FeatureGroupName"])
        self.wait(
            lambda: self.sagemaker.describe_feature_group(FeatureGroupName=name)["FeatureGroupStatus"],
            lambda status: status == "Created",
        )
        return name

    def put(self, group: str, flight: str, at: str, *, request: dict[str, Any] | None = None, **values: Any) -> None:
        """Put one record."""
        self.runtime.put_record(FeatureGroupName=group, Record=record(flight, at, **values), **(request or {}))

    def get(self, group: str, flight: str, **options: Any) -> dict[str, str]:
        """The record's values, or nothing."""
        answer = self.runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString=flight, **options)
        return {item["FeatureName"]: item["ValueAsString"] for item in answer.get("Record", [])}

    def files(self, group: str) -> dict[str, pa.Table]:
        """The offline store's files by key relative to its resolved URI."""
        config = self.sagemaker.describe_feature_group(FeatureGroupName=group)["OfflineStoreConfig"]
        prefix = config["S3StorageConfig"]["ResolvedOutputS3Uri"].removeprefix(f"s3://{self.bucket}/")
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        found = {}
        for item in listed:
            body = self.s3.get_object(Bucket=self.bucket, Key=item["Key"])["Body"].read()
            found[item["Key"].removeprefix(f"{prefix}/")] = pq.read_table(io.BytesIO(body))
        return found

    def wait(self, look: Callable[[], Any], good: Callable[[Any], Any], seconds: float = 20) -> Any:
        """Look again and again until what is seen is good."""
        deadline = time.monotonic() + seconds
        while not good(seen := look()):
            assert time.monotonic() < deadline, f"still {seen}"
            time.sleep(0.1)
        return seen


@pytest.fixture(scope="module")
def features(local_cloud: Any) -> FeatureStore:
    """Shared by the tests of a module."""
    return FeatureStore(local_cloud)


@pytest.fixture(scope="module")
def group(features: FeatureStore) -> str:
    """A group with both stores."""
    return features.group()
