"""The data-quality monitor of a model, run on a window of captured traffic, and its alarm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlparse

from botocore.exceptions import ClientError

from infra import naming
from infra.config.model import ModelConfig
from local.rehearsal import pipelines
from local.rehearsal.place import ENVIRONMENT, Place
from local.rehearsal.progress import Step
from local.rehearsal.traffic import Traffic
from local.rehearsal.wait import until

CAPTURE_SECONDS = 60
ALARM_SECONDS = 120


@dataclass(frozen=True)
class Verdict:
    """What one run of the monitor said of one window."""

    execution_arn: str
    start: datetime
    end: datetime
    records: int
    rejected: int
    violations: tuple[str, ...]

    def record(self) -> dict[str, str]:
        """For the report."""
        return {
            "execution_arn": self.execution_arn,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }

    def summary(self) -> str:
        """One line."""
        drifted = f"violations: {', '.join(self.violations)}" if self.violations else "no violation"
        return f"{self.records} records, {self.rejected} rejected, {drifted}"


def run(place: Place, model: ModelConfig, sent: Traffic, step: Step) -> Verdict:
    """Wait until the traffic is captured, run the monitor's pipeline on its window, read its reports from S3."""
    assert sent.end is not None
    start, end = _floor(sent.start), _floor(sent.end) + timedelta(seconds=1)
    sagemaker, s3 = place.client("sagemaker"), place.client("s3")
    step.say("waiting for the data capture")
    until("the last records to be captured", lambda: _captured(sagemaker, s3, model, sent), CAPTURE_SECONDS)
    pipeline = naming.monitor_name(ENVIRONMENT, model.name)
    parameters = {"WindowStart": _iso(start), "WindowEnd": _iso(end)}
    execution = pipelines.start(sagemaker, pipeline, parameters)
    pipelines.follow(sagemaker, execution, step)
    folder = report_folder(sagemaker, execution)
    report = _json(s3, folder, "report.json")
    violations = _json(s3, folder, "constraint_violations.json") or {"violations": []}
    named = tuple(f"{v['feature_name']} ({v['constraint_check_type']})" for v in violations["violations"])
    return Verdict(execution, start, end, report["records_read"], report["records_rejected"], named)


def report_folder(sagemaker: Any, execution: str) -> str:
    """The S3 URI that the monitor's only step wrote its reports to."""
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"]
    job = steps[0]["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    outputs = sagemaker.describe_processing_job(ProcessingJobName=job)["ProcessingOutputConfig"]["Outputs"]
    return str(outputs[0]["S3Output"]["S3Uri"])


def wait_for_alarm(place: Place, model: ModelConfig, step: Step) -> str:
    """Wait until the drift alarm is in ALARM, or was since the monitor ran; its name."""
    cloudwatch = place.client("cloudwatch")
    step.say("waiting for the drift alarm")
    prefix = naming.monitor_name(ENVIRONMENT, model.name)

    def probe() -> str | None:
        for alarm in cloudwatch.describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]:
            history = cloudwatch.describe_alarm_history(AlarmName=alarm["AlarmName"], HistoryItemType="StateUpdate")
            raised = any("to ALARM" in item["HistorySummary"] for item in history["AlarmHistoryItems"])
            if raised and "drift" in alarm["AlarmName"]:
                return str(alarm["AlarmName"])
        return None

    return until("the drift alarm", probe, ALARM_SECONDS)


def _captured(sagemaker: Any, s3: Any, model: ModelConfig, sent: Traffic) -> bool | None:
    """Whether as many records were written since the traffic began as were sent."""
    endpoint = sagemaker.describe_endpoint(EndpointName=naming.endpoint_name(ENVIRONMENT, model.name))
    target = urlparse(endpoint["DataCaptureConfig"]["DestinationS3Uri"])
    count = 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=target.netloc, Prefix=target.path.strip("/")):
        for item in page.get("Contents", []):
            if item["Key"].endswith(".jsonl") and item["LastModified"] >= _floor(sent.start):
                body = s3.get_object(Bucket=target.netloc, Key=item["Key"])["Body"].read()
                count += body.count(b'"captureData"')
    share = model.serving.data_capture_percentage / 100
    return True if count >= sent.rows * share * 0.9 and (share < 1 or count >= sent.rows) else None


def _json(s3: Any, folder: str, name: str) -> Any:
    uri = urlparse(folder)
    try:
        body = s3.get_object(Bucket=uri.netloc, Key=f"{uri.path.strip('/')}/{name}")["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return json.loads(body)


def _floor(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
