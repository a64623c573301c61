from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.flight_delay import prepare


class Cloud:
    """The three AWS clients in one: describes a feature group and keeps what is written."""

    def __init__(self, *, online: bool = True, offline: bool = True) -> None:
        self.online, self.offline = online, offline
        self.records: list[dict[str, str]] = []
        self.keys: set[str] = set()

    def describe_feature_group(self, **_request: str) -> dict[str, Any]:
        types = {prepare.RECORD_IDENTIFIER: "string", prepare.EVENT_TIME: "string", prepare.LABEL: "integral"}
        names = types | prepare.FEATURES
        answer: dict[str, Any] = {
            "FeatureGroupStatus": "Created",
            "EventTimeFeatureName": prepare.EVENT_TIME,
            "FeatureDefinitions": [{"FeatureName": name, "FeatureType": kind.title()} for name, kind in names.items()],
            "OnlineStoreConfig": {"EnableOnlineStore": self.online},
        }
        storage = {"S3StorageConfig": {"ResolvedOutputS3Uri": "s3://features/group/data"}}
        return answer | {"OfflineStoreConfig": storage} if self.offline else answer

    def put_record(self, **request: Any) -> None:
        self.records.append({entry["FeatureName"]: entry["ValueAsString"] for entry in request["Record"]})

    def put_object(self, **request: Any) -> None:
        self.keys.add(request["Key"])


@pytest.fixture
def run(raw: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def prepare_into(cloud: Cloud, online_days: int = 1) -> None:
        monkeypatch.setattr("boto3.client", lambda service, **settings: cloud)
        arguments = ["--feature-group", "group", "--online-days", str(online_days)]
        prepare.main(["--data-version", "v1", "--training-days", "40", *arguments])

    return prepare_into


def test_only_the_newest_days_go_online(run: Callable[..., None]) -> None:
    cloud = Cloud()
    run(cloud, online_days=2)
    days = {record["flight_id"][:10] for record in cloud.records}
    assert (days, len(cloud.records)) == ({"2013-02-08", "2013-02-09"}, 8)


def test_a_record_is_text_with_its_label_and_without_missing_values(run: Callable[..., None]) -> None:
    cloud = Cloud()
    run(cloud)
    record = next(record for record in cloud.records if record["carrier"] == "AA")
    assert record["arrived_late"] == "1"
    assert record["scheduled_departure"].startswith("2013-02-")
    assert "seats" not in record


def test_all_labelled_rows_go_offline_an_hour_a_file(run: Callable[..., None]) -> None:
    cloud = Cloud()
    run(cloud)
    assert len(cloud.keys) == 40 * 2
    assert any(key.startswith("group/data/year=2013/month=01/day=02/hour=01/") for key in cloud.keys)


def test_a_repeated_run_writes_the_same_keys(run: Callable[..., None]) -> None:
    cloud = Cloud()
    run(cloud)
    once = set(cloud.keys)
    run(cloud)
    assert cloud.keys == once


@pytest.mark.parametrize("stores", [{"online": False}, {"offline": False}])
def test_a_store_that_the_group_does_not_have_is_left_out(run: Callable[..., None], stores: dict[str, bool]) -> None:
    cloud = Cloud(**stores)
    run(cloud)
    assert bool(cloud.records) is stores.get("online", True)
    assert bool(cloud.keys) is stores.get("offline", True)
