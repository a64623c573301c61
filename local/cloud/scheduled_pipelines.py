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
    arn, text = target.get("Arn", ""), target.get("Input", "{}")
    if arn.endswith(UNIVERSAL):
        text = _with_context(text, event, rule)
    elif ":sagemaker:" in arn and ":pipeline/" in arn:
        listed = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
        text = json.dumps({"PipelineName": arn.rpartition("/")[2], "PipelineParameters": listed})
    else:
        _emulator_invoke(target, event, rule, view)
        return
    try:
        service.call("StartPipelineExecution", {"ClientRequestToken": uuid.uuid4().hex, **json.loads(text)})
    except (ApiError, ValueError, TypeError) as error:  # the last two: an Input that is no JSON object
        log.error("schedule %s could not start a pipeline with %s: %s", rule.get("Name"), text, error)


def _with_context(text: str, event: dict[str, Any], rule: dict[str, Any]) -> str:
    """Scheduler's context attributes in an Input. Source: EventBridge Scheduler user guide."""
    known = {
        "scheduled-time": _scheduled(float(event["Time"]), rule.get("ScheduleExpression", "")),
        "execution-id": event["EventId"],
        "attempt-number": "1",
        "schedule-arn": rule.get("Arn", ""),
    }
    for name, value in known.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _scheduled(invoked: float, expression: str) -> str:
    """The time that the schedule calls for; the emulator looks only every 10 s, and so invokes a little later."""
    if expression.startswith("at("):
        return f"{expression[3:-1]}Z"
    moment = datetime.fromtimestamp(invoked, UTC)
    if expression.startswith("cron("):
        moment = moment.replace(second=0)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def install() -> None:
    """Let rules and schedules invoke pipelines."""
    eventbridge._invoke_target = invoke
