"""The offline store: every write, in Parquet files by the hour of the event time.

Rows wait in the cloud's store, so that a cloud that is stopped before they are written writes them after its restart.
"""

from __future__ import annotations

import io
import logging
import secrets
import string
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.kernel import scope
from local.cloud.kernel.store import store
from local.cloud.sagemaker import s3io
from local.cloud.sagemaker.feature_store import catalog, rules
from local.cloud.sagemaker.hosting import credentials

log = logging.getLogger("local.cloud.sagemaker.feature_store")
FLUSH_SECONDS = 4.0
ARROW_TYPES = {"Integral": pa.int64(), "Fractional": pa.float64(), "String": pa.string()}
TIMESTAMP = pa.timestamp("ms", tz="UTC")
_rows = store.collection("feature_rows")
_lock = threading.Lock()
_writing = threading.Lock()
Group = dict[str, Any]
Row = tuple[dict[str, str], float, datetime, bool]


def append(group: Group, values: dict[str, str], event: float, *, deleted: bool = False) -> None:
    """Take one write; it is in S3 a few seconds later."""
    with _lock:
        buffer = _rows.setdefault(group["FeatureGroupName"], {"group": group, "rows": []})
        buffer["rows"].append((values, event, datetime.now(UTC), deleted))


def flush(group: Group) -> None:
    """Write what a group's buffer holds; rows stay in it until they are in S3."""
    with _writing:
        rows: list[Row] = list(_rows.get(group["FeatureGroupName"], {}).get("rows", []))
        if not rows:
            return
        hours: dict[datetime, list[Row]] = defaultdict(list)
        for row in rows:
            hours[datetime.fromtimestamp(row[1], UTC).replace(minute=0, second=0, microsecond=0)].append(row)
        try:
            for hour, part in hours.items():
                _write(group, hour, part)
        except ClientError as error:
            log.error("lost %d rows of feature group %s: %s", len(rows), group["FeatureGroupName"], error)
        except (BotoCoreError, OSError) as error:
            log.warning("rows of feature group %s wait: %s", group["FeatureGroupName"], error)
            return
        with _lock:
            del _rows[group["FeatureGroupName"]]["rows"][: len(rows)]
    try:
        catalog.add_partitions(group, list(hours))
    except (ClientError, BotoCoreError) as error:
        log.error("no partitions for feature group %s: %s", group["FeatureGroupName"], error)


def forget(name: str) -> None:
    """Drop the buffer of a group that is deleted."""
    with _lock:
        _rows.pop(name, None)


def _write(group: Group, hour: datetime, rows: list[Row]) -> None:
    storage = group["OfflineStoreConfig"]["S3StorageConfig"]
    latest = datetime.fromtimestamp(max(row[1] for row in rows), UTC)
    word = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16))
    name = f"{hour:year=%Y/month=%m/day=%d/hour=%H}/{latest:%Y%m%dT%H%M%SZ}_{word}.parquet"
    bucket, key = s3io.parse_uri(s3io.join(storage["ResolvedOutputS3Uri"], name))
    kms = storage.get("KmsKeyId")
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms} if kms else {}
    s3 = credentials.of(group["RoleArn"]).client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=_parquet(group, rows), **encryption)


def _parquet(group: Group, rows: list[Row]) -> bytes:
    written = datetime.now(UTC)
    columns: dict[str, pa.Array] = {}
    for feature in group["FeatureDefinitions"]:
        name, kind = feature["FeatureName"], feature["FeatureType"]
        column = [rules.typed(kind, row[0][name]) if name in row[0] else None for row in rows]
        columns[name] = pa.array(column, ARROW_TYPES[kind])
    columns["write_time"] = pa.array([written] * len(rows), TIMESTAMP)
    columns["api_invocation_time"] = pa.array([row[2] for row in rows], TIMESTAMP)
    columns["is_deleted"] = pa.array([row[3] for row in rows], pa.bool_())
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, compression="snappy")
    return sink.getvalue()


def flush_everywhere() -> None:
    """Write every group's rows, in every account and region."""
    for here, _, buffer in _rows.all():
        with scope.use(here):
            flush(buffer["group"])


def run() -> None:
    """Write rows for as long as the cloud lives."""
    while True:
        time.sleep(FLUSH_SECONDS)
        try:
            flush_everywhere()
        except Exception:
            log.exception("the offline store could not be written")
