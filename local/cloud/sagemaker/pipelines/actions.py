"""What a step of each type does: a job, an API call, a decision."""

from __future__ import annotations

import json
import random
import re
import string
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.kernel.errors import ApiError
from local.cloud.sagemaker import job_kinds, jobs
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.pipelines import conditions, retries
from local.cloud.sagemaker.roles import Role

POLL_SECONDS = 0.2
NAME_CHARACTERS = 63
LAMBDA_SECONDS = 600
"""Source: a Lambda step runs for at most 10 minutes."""
_RANDOM = string.ascii_letters + string.digits


class StepFailedError(Exception):
    """The step failed for the reason in the message; `exception_type` is what a retry policy calls it."""

    def __init__(self, reason: str, exception_type: str | None = None) -> None:
        super().__init__(reason)
        self.exception_type = exception_type


class StepStoppedError(Exception):
    """The step was stopped with its execution."""


@dataclass(frozen=True)
class Call:
    """One attempt at a step: everything in it is resolved."""

    step: Mapping[str, Any]
    arguments: dict[str, Any]
    name: str
    execution: Mapping[str, Any]
    role: Role
    stop: threading.Event
    started: Callable[[dict[str, Any]], None]
    """To be called with the step's metadata as soon as there is any."""


def invent_name(execution_id: str, step_name: str, prefix: str | None = None) -> str:
    """A new name for a step's job: `pipelines-<execution id>-<step>-<random>`, or the prefix that the step asks for."""
    ending = "".join(random.choices(_RANDOM, k=10))  # noqa: S311 - a name, not a secret
    start = f"{prefix}-{execution_id}" if prefix else f"pipelines-{execution_id}-{step_name}"
    clean = re.sub(r"[^A-Za-z0-9]+", "-", start)[: NAME_CHARACTERS - len(ending) - 1].strip("-")
    return f"{clean}-{ending}"


def api(role: Role, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Call SageMaker as the pipeline's role.

    Raises:
        StepFailedError: in SageMaker's words, if it refuses.
    """
    try:
        answer = getattr(role.client("sagemaker"), xform_name(operation))(**request)
    except ClientError as error:
        detail, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        raise StepFailedError(
            f"ClientError: Failed to invoke sagemaker:{operation}. Error Details: {detail['Message']}",
            retries.of_api_error(detail["Code"], status),
        ) from error
    except BotoCoreError as error:
        raise StepFailedError(f"ClientError: Failed to invoke sagemaker:{operation}. Error Details: {error}") from error
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def _run_job(kind: job_kinds.Kind, call: Call) -> dict[str, Any]:
    execution_tags = [
        {"Key": "sagemaker:pipeline-execution-arn", "Value": call.execution["PipelineExecutionArn"]},
        {"Key": "sagemaker:pipeline-step-name", "Value": call.step["Name"]},
    ]
    given = {key: value for key, value in call.arguments.items() if key != "ExperimentConfig"}
    request = {**given, kind.name: call.name, "Tags": [*given.get("Tags", []), *execution_tags]}
    answer = api(call.role, f"Create{kind.noun}Job", request)
    call.started({f"{kind.noun}Job": {"Arn": answer[kind.arn]}})
    described = _wait(kind, call)
    status, reason = described[kind.status], described.get("FailureReason", "")
    if status == "Failed":
        raise StepFailedError(reason, retries.of_reason(reason))
    if status == "Stopped":
        if call.stop.is_set():
            raise StepStoppedError
        raise StepFailedError(f"ClientError: {kind.noun} job {call.name} was stopped")
    return api(call.role, f"Describe{kind.noun}Job", {kind.name: call.name})


def _wait(kind: job_kinds.Kind, call: Call) -> dict[str, Any]:
    """Look at the job until it has ended (in this process: a poll is not worth a request)."""
    asked = False
    while True:
        described = jobs.describe(kind, call.name)
        if described[kind.status] not in ("InProgress", "Stopping"):
            return described
        if call.stop.is_set() and not asked:
            asked = True
            try:
                service.call(f"Stop{kind.noun}Job", {kind.name: call.name})
            except ApiError:
                continue  # it ended in between
        threading.Event().wait(POLL_SECONDS)


def _create_model(call: Call) -> dict[str, Any]:
    answer = api(call.role, "CreateModel", {**call.arguments, "ModelName": call.name})
    call.started({"Model": {"Arn": answer["ModelArn"]}})
    return api(call.role, "DescribeModel", {"ModelName": call.name})


def _register_model(call: Call) -> dict[str, Any]:
    group = call.arguments.get("ModelPackageGroupName")
    if group:
        _ensure_group(call.role, group)
    generated = {"GeneratedBy": call.execution["PipelineExecutionArn"]}
    given = {**call.arguments, "MetadataProperties": {**generated, **call.arguments.get("MetadataProperties", {})}}
    answer = api(call.role, "CreateModelPackage", given)
    call.started({"RegisterModel": {"Arn": answer["ModelPackageArn"]}})
    return api(call.role, "DescribeModelPackage", {"ModelPackageName": answer["ModelPackageArn"]})


def _ensure_group(role: Role, group: str) -> None:
    """As SageMaker: a group that does not exist yet is made by the first registration."""
    try:
        api(role, "DescribeModelPackageGroup", {"ModelPackageGroupName": group})
    except StepFailedError:
        api(role, "CreateModelPackageGroup", {"ModelPackageGroupName": group.rpartition("/")[2]})


def _decide(call: Call) -> dict[str, Any]:
    outcome = "True" if all(conditions.holds(item) for item in call.arguments["Conditions"]) else "False"
    call.started({"Condition": {"Outcome": outcome}})
    return {"Outcome": outcome}


def _fail(call: Call) -> dict[str, Any]:
    message = str(call.arguments.get("ErrorMessage", ""))
    call.started({"Fail": {"ErrorMessage": message}})
    raise StepFailedError(message)


def _invoke_lambda(call: Call) -> dict[str, Any]:
    arn = call.step["FunctionArn"]
    client = call.role.client("lambda", read_timeout_seconds=LAMBDA_SECONDS)
    try:
        answer = client.invoke(FunctionName=arn, Payload=json.dumps(call.arguments).encode())
    except (ClientError, BotoCoreError) as error:
        raise StepFailedError(f"ClientError: Failed to invoke the Lambda function {arn}: {error}") from error
    body = answer["Payload"].read()
    if answer.get("FunctionError"):
        raise StepFailedError(f"ClientError: The Lambda function {arn} failed: {body.decode('utf-8', 'replace')}")
    produced = json.loads(body or b"null") or {}
    outputs = {}
    for declared in call.step.get("OutputParameters") or []:
        name = declared["OutputName"]
        if name not in produced:
            raise StepFailedError(f"ClientError: The Lambda function {arn} did not return the output '{name}'")
        outputs[name] = produced[name]
    shown = [{"Name": name, "Value": str(value)} for name, value in outputs.items()]
    call.started({"Lambda": {"Arn": arn, "OutputParameters": shown}})
    return {"OutputParameters": outputs}


_ACTIONS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "Processing": lambda call: _run_job(job_kinds.PROCESSING, call),
    "Training": lambda call: _run_job(job_kinds.TRAINING, call),
    "Transform": lambda call: _run_job(job_kinds.TRANSFORM, call),
    "Model": _create_model,
    "RegisterModel": _register_model,
    "Condition": _decide,
    "Fail": _fail,
    "Lambda": _invoke_lambda,
}


def perform(call: Call) -> dict[str, Any]:
    """Do what the step says; answers its properties.

    Raises:
        StepFailedError, StepStoppedError: as they say.
    """
    return _ACTIONS[call.step["Type"]](call)
