"""Writes records to a SageMaker feature group: the online store by PutRecord, the offline store in bulk."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

THREADS = 8
_ARROW_TYPES = {"String": pa.string(), "Integral": pa.int64(), "Fractional": pa.float64()}


@dataclass(frozen=True)
class FeatureGroup:
    """What one must know of a feature group to write to it; a store it does not have is None or False."""

    name: str
    event_time: str
    types: dict[str, str]
    online: bool
    offline_uri: str | None
    kms_key: str | None


def describe(sagemaker: Any, name: str) -> FeatureGroup:
    """The feature group `name`.

    Raises: ValueError if it is not ready, or its offline store's table format is not Glue's.
    """
    answer = sagemaker.describe_feature_group(FeatureGroupName=name)
    if answer["FeatureGroupStatus"] != "Created":
        raise ValueError(f"feature group {name} is {answer['FeatureGroupStatus']}, not Created")
    offline = answer.get("OfflineStoreConfig", {})
    if offline.get("TableFormat", "Glue") not in ("Glue", "Default"):
        raise ValueError(f"feature group {name}: table format {offline['TableFormat']} is not supported; allowed: Glue")
    storage = offline.get("S3StorageConfig", {})
    return FeatureGroup(
        name=name,
        event_time=answer["EventTimeFeatureName"],
        types={entry["FeatureName"]: entry["FeatureType"] for entry in answer["FeatureDefinitions"]},
        online=answer.get("OnlineStoreConfig", {}).get("EnableOnlineStore", False),
        offline_uri=storage.get("ResolvedOutputS3Uri"),
        kms_key=storage.get("KmsKeyId"),
    )


def check(group: FeatureGroup, records: pd.DataFrame) -> None:
    """Raises: ValueError naming the columns that only the records or only the feature group have."""
    unknown = [name for name in records.columns if name not in group.types]
    missing = [name for name in group.types if name not in records.columns]
    if unknown or missing:
        raise ValueError(f"feature group {group.name}: not defined: {unknown}; not in the records: {missing}")


def put_online(runtime: Any, group: FeatureGroup, records: pd.DataFrame) -> int:
    """Put every record into the online store only; a missing value is left out. Returns how many there were.

    Safe to repeat: a record replaces itself. Raises: the first error of the API, after the client's own retries.
    """
    check(group, records)

    def put(values: tuple[Any, ...]) -> None:
        record = [
            {"FeatureName": name, "ValueAsString": str(value)}
            for name, value in zip(records.columns, values, strict=True)
            if not pd.isna(value)
        ]
        runtime.put_record(FeatureGroupName=group.name, Record=record, TargetStores=["OnlineStore"])

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(1 for _ in pool.map(put, records.itertuples(index=False, name=None)))


def write_offline(s3: Any, group: FeatureGroup, records: pd.DataFrame, version: str) -> int:
    """Write the records to the offline store as Parquet, a file for each hour of event time. Returns how many files.

    Safe to repeat: the same records and `version` have the same keys. The table's partitions are found by the crawler
    or by Glue partition projection, as for files of AWS's connector. Raises: ValueError without an offline store.
    Source: "Offline store data format", SageMaker AI developer guide, and the batch ingestion of AWS's
    sagemaker-feature-store-spark.
    """
    check(group, records)
    if group.offline_uri is None:
        raise ValueError(f"feature group {group.name} has no offline store")
    uri = urlsplit(group.offline_uri)
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": group.kms_key} if group.kms_key else {}
    times = pd.to_datetime(records[group.event_time], utc=True)
    written = datetime.now(UTC)

    def put(hour: tuple[str, pd.DataFrame]) -> None:
        folder, rows = hour
        latest = times[rows.index].max().strftime("%Y%m%dT%H%M%SZ")
        unique = hashlib.sha256(f"{group.name}/{version}/{folder}".encode()).hexdigest()[:16]
        key = f"{uri.path.strip('/')}/{folder}/{latest}_{unique}.parquet"
        s3.put_object(Bucket=uri.netloc, Key=key, Body=_parquet(group, rows, written), **encryption)

    hours = records.groupby(times.dt.strftime("year=%Y/month=%m/day=%d/hour=%H"))
    with ThreadPoolExecutor(THREADS) as pool:
        return sum(1 for _ in pool.map(put, hours))


def _parquet(group: FeatureGroup, rows: pd.DataFrame, written: datetime) -> bytes:
    arrays = {name: pa.array(rows[name], _ARROW_TYPES[group.types[name]], from_pandas=True) for name in rows.columns}
    instant = pa.array([written] * len(rows), pa.timestamp("ms", "UTC"))
    arrays |= {"write_time": instant, "api_invocation_time": instant, "is_deleted": pa.array([False] * len(rows))}
    buffer = io.BytesIO()
    # The Glue table says timestamp, which Spark and Feature Store write as INT96.
    pq.write_table(pa.table(arrays), buffer, use_deprecated_int96_timestamps=True)
    return buffer.getvalue()
