"""Data capture in S3, driven with boto3."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

pytestmark = pytest.mark.cloud
KEY = re.compile(r"captured/(?P<endpoint>[^/]+)/champion/\d{4}/\d\d/\d\d/\d\d/\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl")
TYPES = {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]}


def config(hosting: Any, percentage: int = 100, modes: tuple[str, ...] = ("Input", "Output"), **rest: Any) -> str:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": percentage,
        "DestinationS3Uri": f"s3://{hosting.bucket}/captured",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
        **rest,
    }
    return str(hosting.config(("champion", "v1", 1.0, 1), DataCaptureConfig=capture))


def captured(hosting: Any, endpoint: str) -> list[dict[str, Any]]:
    listed = hosting.s3.list_objects_v2(Bucket=hosting.bucket, Prefix=f"captured/{endpoint}/").get("Contents", [])
    lines: list[dict[str, Any]] = []
    for item in listed:
        assert KEY.fullmatch(item["Key"])
        body = hosting.s3.get_object(Bucket=hosting.bucket, Key=item["Key"])["Body"].read().decode()
        lines += [json.loads(line) for line in body.splitlines()]
    return lines


def test_requests_and_answers_are_captured_in_sagemakers_format(hosting: Any) -> None:
    name = hosting.endpoint(config(hosting, CaptureContentTypeHeader=TYPES))
    hosting.runtime.invoke_endpoint(
        EndpointName=name,
        Body=b"AA,JFK,7.5",
        ContentType="text/csv",
        Accept="text/csv",
        InferenceId="flight-7",
        CustomAttributes="trace=1",
    )
    (line,) = hosting.wait(lambda: captured(hosting, name), bool)
    assert line["captureData"] == {
        "endpointInput": {
            "observedContentType": "text/csv",
            "mode": "INPUT",
            "data": "AA,JFK,7.5",
            "encoding": "CSV",
        },
        "endpointOutput": {
            "observedContentType": "text/csv; charset=utf-8",
            "mode": "OUTPUT",
            "data": "v1\n",
            "encoding": "CSV",
        },
    }
    assert line["eventVersion"] == "0"
    metadata = line["eventMetadata"]
    assert re.fullmatch(r"[0-9a-f-]{36}", metadata["eventId"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", metadata["inferenceTime"])
    assert (metadata["inferenceId"], metadata["customAttributes"]) == ("flight-7", ["trace=1"])
    described = hosting.sagemaker.describe_endpoint(EndpointName=name)["DataCaptureConfig"]
    assert (described["CaptureStatus"], described["CurrentSamplingPercentage"]) == ("Started", 100)


def test_without_content_types_the_data_is_base64(hosting: Any) -> None:
    name = hosting.endpoint(config(hosting, modes=("Input",)))
    hosting.invoke(name, "AA,JFK")
    (line,) = hosting.wait(lambda: captured(hosting, name), bool)
    assert line["captureData"]["endpointInput"]["encoding"] == "BASE64"
    assert base64.b64decode(line["captureData"]["endpointInput"]["data"]) == b"AA,JFK"
    assert "endpointOutput" not in line["captureData"]


def test_deleting_the_endpoint_loses_no_record(hosting: Any) -> None:
    name = hosting.endpoint(config(hosting, CaptureContentTypeHeader=TYPES))
    for _ in range(50):
        hosting.invoke(name)
    hosting.sagemaker.delete_endpoint(EndpointName=name)
    hosting.wait(lambda: hosting.sagemaker.list_endpoints(NameContains=name)["Endpoints"], lambda found: not found)
    assert len(captured(hosting, name)) == 50


def test_a_percentage_of_the_requests_is_captured(hosting: Any) -> None:
    name = hosting.endpoint(config(hosting, percentage=50))
    for _ in range(100):
        hosting.invoke(name)
    hosting.sagemaker.delete_endpoint(EndpointName=name)
    hosting.wait(lambda: hosting.sagemaker.list_endpoints(NameContains=name)["Endpoints"], lambda found: not found)
    assert 25 <= len(captured(hosting, name)) <= 75
