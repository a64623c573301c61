"""The monitor's run on a window of traffic, on AWS clients that answer from memory."""

# ruff: noqa: N803 - parameters as the AWS APIs name them

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.config.loader import load
from local.rehearsal import monitoring, pipelines, wait
from local.rehearsal.place import ROOT
from local.rehearsal.processes import RehearsalError
from local.rehearsal.progress import Step
from local.rehearsal.traffic import Traffic

START = datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC)
REPORTS = "s3://capture/reports/x"
DRIFT = "sagestead-local-flight-delay-data-quality-drift"


class S3:
    """Objects by bucket and key, with the time of their making."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}

    def put(self, uri: str, body: Any, at: datetime = START) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.objects[uri.removeprefix("s3://")] = (text.encode(), at)

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        if f"{Bucket}/{Key}" not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": Key}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[f"{Bucket}/{Key}"][0])}

    def get_paginator(self, _name: str) -> Any:
        def paginate(Bucket: str, Prefix: str) -> list[dict[str, Any]]:
            keys = {name.partition("/")[2]: at for name, (_, at) in self.objects.items() if name.startswith(Bucket)}
            return [{"Contents": [{"Key": k, "LastModified": at} for k, at in keys.items() if k.startswith(Prefix)]}]

        return SimpleNamespace(paginate=paginate)


class SageMaker:
    """The endpoint's capture settings and the monitor's only job."""

    def __init__(self) -> None:
        self.started: dict[str, Any] = {}

    def describe_endpoint(self, EndpointName: str) -> dict[str, Any]:
        return {"DataCaptureConfig": {"DestinationS3Uri": "s3://capture/flight-delay"}}

    def start_pipeline_execution(self, **request: Any) -> dict[str, str]:
        self.started = request
        return {"PipelineExecutionArn": "arn:execution"}

    def describe_pipeline_execution(self, **_request: Any) -> dict[str, str]:
        return {"PipelineExecutionStatus": "Succeeded"}

    def list_pipeline_execution_steps(self, **_request: Any) -> dict[str, Any]:
        job = {"Arn": "arn:aws:sagemaker:us-east-1:000000000000:processing-job/job-1"}
        step = {"StepName": "Analyze", "StepStatus": "Succeeded", "Metadata": {"ProcessingJob": job}}
        return {"PipelineExecutionSteps": [step]}

    def describe_processing_job(self, ProcessingJobName: str) -> dict[str, Any]:
        assert ProcessingJobName == "job-1"
        return {"ProcessingOutputConfig": {"Outputs": [{"S3Output": {"S3Uri": REPORTS}}]}}


class World(SimpleNamespace):
    """The place, as far as the monitor looks at it."""

    def client(self, name: str) -> Any:
        return getattr(self, name)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(wait.time, "sleep", lambda seconds: None)
    (model,) = load(ROOT, "local").models
    made = World(sagemaker=SageMaker(), s3=S3(), model=model)
    made.sent = Traffic("March", rows=4, start=START, end=START + timedelta(seconds=30))
    line = '{"captureData": {}}\n'
    made.s3.put("s3://capture/flight-delay/earlier.jsonl", line * 9, START - timedelta(seconds=1))
    made.s3.put("s3://capture/flight-delay/one.jsonl", line * 3)
    made.s3.put("s3://capture/flight-delay/two.jsonl", line)
    made.s3.put(f"{REPORTS}/report.json", {"records_read": 4, "records_rejected": 1})
    return made


def test_the_window_is_the_traffics_in_whole_seconds(world: World) -> None:
    found = monitoring.run(world, world.model, world.sent, Step("monitor"))
    window = {item["Name"]: item["Value"] for item in world.sagemaker.started["PipelineParameters"]}
    assert window == {"WindowStart": "2026-03-01T12:00:00Z", "WindowEnd": "2026-03-01T12:00:31Z"}
    assert world.sagemaker.started["PipelineName"] == "sagestead-local-flight-delay-data-quality"
    assert found.record() == {
        "execution_arn": "arn:execution",
        "start": "2026-03-01T12:00:00+00:00",
        "end": "2026-03-01T12:00:31+00:00",
    }


def test_without_a_violation_the_verdict_is_quiet(world: World) -> None:
    found = monitoring.run(world, world.model, world.sent, Step("monitor"))
    assert found.summary() == "4 records, 1 rejected, no violation"


def test_violations_are_named_with_their_check(world: World) -> None:
    violation = {"feature_name": "dep_hour", "constraint_check_type": "baseline_drift_check"}
    world.s3.put(f"{REPORTS}/constraint_violations.json", {"violations": [violation]})
    found = monitoring.run(world, world.model, world.sent, Step("monitor"))
    assert found.violations == ("dep_hour (baseline_drift_check)",)
    assert found.summary().endswith("violations: dep_hour (baseline_drift_check)")


def test_records_that_are_not_captured_are_waited_for_in_vain(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "CAPTURE_SECONDS", 0.05)
    world.sent.rows = 5
    with pytest.raises(RehearsalError, match="the last records to be captured"):
        monitoring.run(world, world.model, world.sent, Step("monitor"))


def test_an_error_of_s3_that_is_no_missing_key_is_not_hidden(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**_request: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")

    monkeypatch.setattr(pipelines, "follow", lambda *arguments: setattr(world.s3, "get_object", denied))
    with pytest.raises(ClientError, match="AccessDenied"):
        monitoring.run(world, world.model, world.sent, Step("monitor"))


class CloudWatch:
    """Alarms and how their states changed."""

    def __init__(self, history: dict[str, list[str]]) -> None:
        self.history = history

    def describe_alarms(self, AlarmNamePrefix: str) -> dict[str, Any]:
        return {"MetricAlarms": [{"AlarmName": name} for name in self.history if name.startswith(AlarmNamePrefix)]}

    def describe_alarm_history(self, AlarmName: str, HistoryItemType: str) -> dict[str, Any]:
        return {"AlarmHistoryItems": [{"HistorySummary": text} for text in self.history[AlarmName]]}


def test_the_drift_alarm_counts_even_if_it_is_quiet_again(world: World) -> None:
    raised = ["Alarm updated from ALARM to OK", "Alarm updated from OK to ALARM"]
    failures = "sagestead-local-flight-delay-data-quality-failures"
    world.cloudwatch = CloudWatch({failures: raised, DRIFT: raised})
    assert monitoring.wait_for_alarm(world, world.model, Step("retrain")) == DRIFT


def test_an_alarm_that_was_never_raised_is_waited_for_in_vain(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "ALARM_SECONDS", 0.05)
    world.cloudwatch = CloudWatch({DRIFT: ["Alarm updated from INSUFFICIENT_DATA to OK"]})
    with pytest.raises(RehearsalError, match="the drift alarm"):
        monitoring.wait_for_alarm(world, world.model, Step("retrain"))
