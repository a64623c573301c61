"""Data capture: requests and answers on their way to S3, in SageMaker's own format and layout.

Lines wait in the cloud's store, so that a cloud that is stopped before they are written writes them after its restart.
"""

from __future__ import annotations

import base64
import json
import logging
import random
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.kernel import scope
from local.cloud.kernel.store import store
from local.cloud.sagemaker import s3io
from local.cloud.sagemaker.hosting import credentials

log = logging.getLogger("local.cloud.sagemaker.capture")
FLUSH_SECONDS = 2.0
FLUSH_BYTES = 1_000_000
_buffers = store.collection("capture_buffers")
_lock = threading.Lock()
_writing = threading.Lock()


def wanted(config: dict[str, Any] | None) -> bool:
    """Whether to capture this request, by the sampling percentage."""
    return config is not None and random.random() * 100 < config["InitialSamplingPercentage"]  # noqa: S311


def record(
    endpoint: str,
    variant: str,
    role_arn: str,
    config: dict[str, Any],
    *,
    sent: tuple[bytes, str],
    answered: tuple[bytes, str],
    inference_id: str | None,
    custom_attributes: str | None,
) -> None:
    """Buffer one request and answer (each a body and a content type). Source of the format: SageMaker developer
    guide, "Capture data from real-time endpoint"."""
    modes = {option["CaptureMode"] for option in config["CaptureOptions"]}
    captured: dict[str, Any] = {}
    if modes & {"Input", "InputAndOutput"}:
        captured["endpointInput"] = _part("INPUT", *sent, config)
    if modes & {"Output", "InputAndOutput"}:
        captured["endpointOutput"] = _part("OUTPUT", *answered, config)
    now = datetime.now(UTC)
    metadata: dict[str, Any] = {"eventId": str(uuid.uuid4())}
    if inference_id:
        metadata["inferenceId"] = inference_id
    if custom_attributes:
        metadata["customAttributes"] = [custom_attributes]
    metadata["inferenceTime"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    line = json.dumps({"captureData": captured, "eventMetadata": metadata, "eventVersion": "0"}, separators=(",", ":"))
    _append(f"{endpoint}/{variant}", line, now, role_arn, config)


def _part(mode: str, body: bytes, content_type: str, config: dict[str, Any]) -> dict[str, str]:
    headers = config.get("CaptureContentTypeHeader", {})
    kind = content_type.partition(";")[0].strip().lower()
    encoding, data = "BASE64", base64.b64encode(body).decode()
    for name, member in (("CSV", "CsvContentTypes"), ("JSON", "JsonContentTypes")):
        if kind in [listed.lower() for listed in headers.get(member, [])]:
            encoding, data = name, body.decode("utf-8", "replace")
    return {"observedContentType": content_type, "mode": mode, "data": data, "encoding": encoding}


def _append(key: str, line: str, now: datetime, role_arn: str, config: dict[str, Any]) -> None:
    with _lock:
        buffer = _buffers.get(key)
        if buffer is None or "object" in buffer or buffer["config"] != config or buffer["started"].hour != now.hour:
            if buffer is not None:
                _seal(key, buffer)
            buffer = {"lines": [], "bytes": 0, "started": now, "config": config, "role": role_arn}
            _buffers[key] = buffer
        buffer["lines"].append(line)
        buffer["bytes"] += len(line)
        if buffer["bytes"] >= FLUSH_BYTES:
            _seal(key, buffer)


def _seal(key: str, buffer: dict[str, Any]) -> None:
    """Give a buffer its object's name and set it aside for `flush`; a name given once makes writing it repeatable."""
    started: datetime = buffer["started"]
    milliseconds = started.microsecond // 1000
    name = f"{started:%Y/%m/%d/%H/%M-%S}-{milliseconds:03d}-{uuid.uuid4()}.jsonl"
    buffer["object"] = s3io.join(buffer["config"]["DestinationS3Uri"], key, name)
    _buffers[buffer["object"]] = _buffers.pop(key)


def flush(endpoint: str = "", older_than_seconds: float = 0.0) -> None:
    """Write the buffers of an endpoint of this account and region (of all, without one) that are that old."""
    now = datetime.now(UTC)
    with _writing:
        with _lock:
            for key, buffer in list(_buffers.items()):
                age = (now - buffer["started"]).total_seconds()
                if (
                    "object" not in buffer
                    and key.startswith(f"{endpoint}/" if endpoint else "")
                    and age >= older_than_seconds
                ):
                    _seal(key, buffer)
            ready = [(key, buffer) for key, buffer in _buffers.items() if "object" in buffer]
        for key, buffer in ready:
            if _written(buffer):
                with _lock:
                    del _buffers[key]


def _written(buffer: dict[str, Any]) -> bool:
    bucket, key = s3io.parse_uri(buffer["object"])
    kms = buffer["config"].get("KmsKeyId")
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms} if kms else {}
    body = "".join(f"{line}\n" for line in buffer["lines"]).encode()
    try:
        s3 = credentials.of(buffer["role"]).client("s3")
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/jsonlines", **encryption)
    except ClientError as error:
        log.error("lost %d captured records: %s: %s", len(buffer["lines"]), buffer["object"], error)
    except (BotoCoreError, OSError) as error:
        log.warning("captured records wait: %s", error)
        return False
    return True


def flush_everywhere() -> None:
    """Write what is old or large enough, in every account and region."""
    for here in {found for found, _, _ in _buffers.all()}:
        with scope.use(here):
            flush(older_than_seconds=FLUSH_SECONDS)


def run() -> None:
    """Write buffers for as long as the cloud lives."""
    while True:
        time.sleep(FLUSH_SECONDS / 4)
        try:
            flush_everywhere()
        except Exception:
            log.exception("capture could not be flushed")
