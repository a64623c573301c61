"""EventBridge Scheduler's SageMaker target: a schedule that starts a pipeline execution."""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, datetime
from typing import Any

from ministack.services import eventbridge

from local.cloud.kernel.errors import ApiError
from local.cloud.sagemaker.control import service

log = logging.getLogger("local.cloud.scheduler")
UNIVERSAL = ":aws-sdk:sagemaker:startPipelineExecution"
_emulator_invoke = eventbridge._invoke_target


def invoke(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
    """Start the pipeline that the target names; every other target goes the emulator's way."""
    arn = target.get("Arn", "")
    if arn.endswith(UNIVERSAL):
        request = json.loads(_with_context(target.get("Input", "{}"), event, rule))
    elif ":sagemaker:" in arn and ":pipeline/" in arn:
        listed = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
        request = {"PipelineName": arn.rpartition("/")[2], "PipelineParameters": listed}
    else:
        _emulator_invoke(target, event, rule, view)
        return
    request.setdefault("ClientRequestToken", uuid.uuid4().hex)
    try:
        service.call("StartPipelineExecution", request)
    except ApiError as error:
        log.error("schedule %s could not start %s: %s", rule.get("Name"), request.get("PipelineName"), error)


def _with_context(text: str, event: dict[str, Any], rule: dict[str, Any]) -> str:
    """Scheduler's context attributes in an Input. Source: EventBridge Scheduler user guide."""
    when = datetime.fromtimestamp(float(event["Time"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = {
        "scheduled-time": when,
        "execution-id": event["EventId"],
        "attempt-number": "1",
        "schedule-arn": rule.get("Arn", ""),
    }
    for name, value in known.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def install() -> None:
    """Let rules and schedules invoke pipelines."""
    eventbridge._invoke_target = invoke
