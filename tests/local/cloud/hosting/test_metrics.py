"""Endpoint metrics and logs, read with boto3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def total(hosting: Any, endpoint: str, metric: str, *, namespace: str = "AWS/SageMaker", **more: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    dimensions = {"EndpointName": endpoint, "VariantName": "champion", **more}
    points = hosting.cloud.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum", "SampleCount", "Average", "Maximum"],
    )["Datapoints"]
    return points[0] if points else {"Sum": 0, "SampleCount": 0}


def test_invocations_errors_and_latencies_are_counted(hosting: Any) -> None:
    name = hosting.endpoint(hosting.config(("champion", "v1", 1.0, 2)))
    for body in ["x"] * 7 + ["error 400", "error 400", "error 500"]:
        try:
            hosting.invoke(name, body)
        except ClientError:
            continue
    hosting.wait(lambda: total(hosting, name, "Invocations"), lambda found: found["Sum"] == 10)
    sums = {
        metric: total(hosting, name, metric)["Sum"]
        for metric in ("Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors", "InvocationsPerInstance")
    }
    assert sums == {
        "Invocation4XXErrors": 2,
        "Invocation5XXErrors": 1,
        "InvocationModelErrors": 3,
        "InvocationsPerInstance": 5,
    }
    assert total(hosting, name, "Invocation4XXErrors")["Average"] == pytest.approx(0.2)
    assert 50 < total(hosting, name, "ModelLatency")["Average"] < 1_000_000
    assert total(hosting, name, "OverheadLatency")["SampleCount"] == 10
    config = hosting.sagemaker.describe_endpoint(EndpointName=name)["EndpointConfigName"]
    assert total(hosting, name, "Invocations", EndpointConfigName=config)["Sum"] == 10


def test_without_requests_there_is_no_invocation_metric(hosting: Any) -> None:
    name = hosting.endpoint(hosting.config(("champion", "v1", 1.0, 1)))
    namespace = "/aws/sagemaker/Endpoints"
    memory = hosting.wait(
        lambda: total(hosting, name, "MemoryUtilization", namespace=namespace), lambda found: found["SampleCount"] > 0
    )
    assert 0 < memory["Maximum"] < 100
    assert total(hosting, name, "CPUUtilization", namespace=namespace)["SampleCount"] > 0
    assert total(hosting, name, "Invocations")["SampleCount"] == 0


def test_the_containers_output_is_in_cloudwatch_logs(hosting: Any, endpoint: str) -> None:
    logs = hosting.cloud.client("logs")
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert streams[0]["logStreamName"].startswith("champion/i-")
    events = logs.get_log_events(logGroupName=group, logStreamName=streams[0]["logStreamName"])["events"]
    assert [event["message"] for event in events] == ["serving v1"]
