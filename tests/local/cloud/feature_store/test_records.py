"""Records in the online and the offline store, driven with boto3."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud
EARLY, LATE = "2013-01-01T05:00:00Z", "2013-01-01T07:30:00Z"


def test_a_record_is_read_back_as_it_was_put(features: Any, group: str) -> None:
    features.put(group, "whole", EARLY, seats=180, humidity=57.5)
    expected = {"flight_id": "whole", "event_time": EARLY, "seats": "180", "humidity": "57.5"}
    assert features.get(group, "whole") == expected
    assert features.get(group, "whole", FeatureNames=["seats"]) == {"seats": "180"}


def test_an_unknown_record_is_empty(features: Any, group: str) -> None:
    assert features.get(group, "nobody") == {}


def test_an_older_event_does_not_overwrite_a_newer_one(features: Any, group: str) -> None:
    features.put(group, "order", LATE, seats=2)
    features.put(group, "order", EARLY, seats=1)
    assert features.get(group, "order")["seats"] == "2"
    features.put(group, "order", LATE, seats=3)
    assert features.get(group, "order")["seats"] == "3"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"event_time": EARLY}, "no value for flight_id (RecordIdentifierFeatureName)"),
        ({"flight_id": "a"}, "no value for event_time (EventTimeFeatureName)"),
        ({"flight_id": "a", "event_time": EARLY, "seats": "1.5"}, "'1.5' of seats is not of type Integral"),
        ({"flight_id": "a", "event_time": EARLY, "seats": str(2**63)}, "not of type Integral"),
        ({"flight_id": "a", "event_time": EARLY, "humidity": "wet"}, "'wet' of humidity is not of type Fractional"),
        ({"flight_id": "a", "event_time": EARLY, "gate": "B"}, "gate is not in the feature group"),
        ({"flight_id": "a", "event_time": "yesterday"}, "neither Unix seconds nor ISO-8601"),
    ],
)
def test_a_record_that_does_not_fit_the_group_is_refused(
    features: Any, group: str, values: dict[str, str], problem: str
) -> None:
    given = [{"FeatureName": name, "ValueAsString": value} for name, value in values.items()]
    with pytest.raises(ClientError, match=re.escape(problem)) as caught:
        features.runtime.put_record(FeatureGroupName=group, Record=given)
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_a_soft_delete_hides_the_record_and_still_guards_against_older_writes(features: Any, group: str) -> None:
    features.put(group, "soft", EARLY)
    features.runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="soft", EventTime=LATE)
    assert features.get(group, "soft") == {}
    features.put(group, "soft", EARLY)
    assert features.get(group, "soft") == {}


def test_a_hard_delete_forgets_the_record(features: Any, group: str) -> None:
    features.put(group, "hard", EARLY)
    features.runtime.delete_record(
        FeatureGroupName=group, RecordIdentifierValueAsString="hard", EventTime=LATE, DeletionMode="HardDelete"
    )
    features.put(group, "hard", EARLY)
    assert features.get(group, "hard")["event_time"] == EARLY


def test_a_record_ends_with_its_time_to_live(features: Any, group: str) -> None:
    ttl = {"TtlDuration": {"Unit": "Hours", "Value": 1}}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    features.put(group, "short", EARLY, request=ttl)
    features.put(group, "fresh", now, request=ttl)
    assert features.get(group, "short") == {}
    answer = features.runtime.get_record(
        FeatureGroupName=group, RecordIdentifierValueAsString="fresh", ExpirationTimeResponse="Enabled"
    )
    assert answer["ExpiresAt"] > now


def test_records_are_written_and_read_in_batches_with_errors_beside_them(features: Any, group: str) -> None:
    def entry(flight: str, **values: str) -> dict[str, Any]:
        given = {"flight_id": flight, "event_time": EARLY, **values}
        listed = [{"FeatureName": name, "ValueAsString": value} for name, value in given.items()]
        return {"FeatureGroupName": group, "Record": listed}

    written = features.runtime.batch_write_record(Entries=[entry("b1"), entry("b2", seats="many"), entry("b3")])
    assert [error["ErrorCode"] for error in written["Errors"]] == ["ValidationError"]
    answer = features.runtime.batch_get_record(
        Identifiers=[
            {"FeatureGroupName": group, "RecordIdentifiersValueAsString": ["b1", "b2", "b3"]},
            {"FeatureGroupName": "nothing", "RecordIdentifiersValueAsString": ["b1"]},
        ]
    )
    assert [found["RecordIdentifierValueAsString"] for found in answer["Records"]] == ["b1", "b3"]
    assert [error["ErrorCode"] for error in answer["Errors"]] == ["ResourceNotFound"]


def test_identifiers_are_listed_page_by_page(features: Any) -> None:
    name = features.group()
    for flight in "abc":
        features.put(name, flight, EARLY)
    features.runtime.delete_record(FeatureGroupName=name, RecordIdentifierValueAsString="c", EventTime=LATE)
    first = features.runtime.list_records(FeatureGroupName=name, MaxResults=1)
    rest = features.runtime.list_records(FeatureGroupName=name, NextToken=first["NextToken"])
    assert first["RecordIdentifiers"] + rest["RecordIdentifiers"] == ["a", "b"]
    every = features.runtime.list_records(FeatureGroupName=name, IncludeSoftDeletedRecords=True)
    assert every["RecordIdentifiers"] == ["a", "b", "c"]


def test_a_store_that_the_group_does_not_have_is_refused(features: Any) -> None:
    name = features.group(OnlineStoreConfig=None)
    with pytest.raises(ClientError, match="has no OnlineStore enabled"):
        features.get(name, "a")
    with pytest.raises(ClientError, match="has no OnlineStore enabled"):
        features.put(name, "a", EARLY, request={"TargetStores": ["OnlineStore"]})


def test_every_write_is_in_the_offline_store_by_the_hour_of_its_event(features: Any) -> None:
    name = features.group()
    features.put(name, "a", EARLY, seats=180)
    features.put(name, "a", LATE, humidity=0.5)
    features.put(name, "online-only", LATE, request={"TargetStores": ["OnlineStore"]})
    features.runtime.delete_record(FeatureGroupName=name, RecordIdentifierValueAsString="a", EventTime=LATE)
    files = features.wait(lambda: features.files(name), lambda found: len(found) == 2)
    (early,) = [key for key in files if "/hour=05/" in key]
    (late,) = [key for key in files if "/hour=07/" in key]
    assert re.fullmatch(r"year=2013/month=01/day=01/hour=05/20130101T050000Z_[A-Za-z0-9]{16}\.parquet", early)
    (row,) = files[early].to_pylist()
    assert (row["flight_id"], row["seats"], row["humidity"], row["is_deleted"]) == ("a", 180, None, False)
    assert row["api_invocation_time"] <= row["write_time"]
    assert [found["is_deleted"] for found in files[late].to_pylist()] == [False, True]
    catalog = features.sagemaker.describe_feature_group(FeatureGroupName=name)["OfflineStoreConfig"]
    partitions = features.wait(
        lambda: features.cloud.client("glue").get_partitions(
            DatabaseName="sagemaker_featurestore", TableName=catalog["DataCatalogConfig"]["TableName"]
        )["Partitions"],
        lambda found: len(found) == 2,
    )
    assert sorted(partition["Values"][3] for partition in partitions) == ["05", "07"]
