"""Records of pipelines and their executions, and the events that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from local.cloud.kernel import events, scope
from local.cloud.kernel.errors import not_found
from local.cloud.kernel.store import store
from local.cloud.sagemaker.job_kinds import now

RUNNING = ("Executing", "Stopping")
INTERRUPTED = "InternalServerError: the local cloud was stopped while the pipeline was executing"
pipelines = store.collection("pipelines")
executions = store.collection("pipeline_executions")


def pipeline_arn(name: str) -> str:
    """The ARN of a pipeline, whose name SageMaker writes in lower case."""
    return scope.current().arn("sagemaker", f"pipeline/{name.lower()}")


def get_pipeline(name_or_arn: str) -> dict[str, Any]:
    """The live record of a pipeline, by name or ARN.

    Raises:
        ApiError: ResourceNotFound, in SageMaker's words.
    """
    name = name_or_arn.rpartition("/")[2]
    for record in pipelines.values():
        if record["PipelineName"].lower() == name.lower():
            return record
    raise not_found(f"Pipeline '{pipeline_arn(name)}' does not exist.")


def get_execution(arn: str) -> dict[str, Any]:
    """The live record of an execution.

    Raises:
        ApiError: ResourceNotFound.
    """
    record = executions.get(arn)
    if record is None:
        raise not_found(f"Pipeline execution with ARN '{arn}' does not exist.")
    return record


def executions_of(pipeline: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The live records of a pipeline's executions, oldest first."""
    return [record for record in executions.values() if record["PipelineArn"] == pipeline["PipelineArn"]]


def set_execution_status(record: dict[str, Any], status: str, reason: str | None = None) -> None:
    """Change an execution's status and tell EventBridge."""
    with store.lock:
        previous = record.get("PipelineExecutionStatus")
        moment = now()
        record.update(PipelineExecutionStatus=status, LastModifiedTime=moment)
        if status not in RUNNING:
            record["EndTime"] = moment
        if reason:
            record["FailureReason"] = reason
        detail = {
            "pipelineExecutionDescription": record.get("PipelineExecutionDescription"),
            "pipelineExecutionDisplayName": record["PipelineExecutionDisplayName"],
            "currentPipelineExecutionStatus": status,
            "previousPipelineExecutionStatus": previous,
            "executionStartTime": _iso(record["CreationTime"]),
            "executionEndTime": _iso(record.get("EndTime")),
        }
    _emit("SageMaker Model Building Pipeline Execution Status Change", record, detail)


def set_step_status(execution: dict[str, Any], step: dict[str, Any], status: str) -> None:
    """Change a step's status and tell EventBridge; times and failure reason must be in the record before."""
    with store.lock:
        previous = step.get("StepStatus")
        if status in ("Succeeded", "Failed", "Stopped"):
            step["EndTime"] = now()
        step["StepStatus"] = status
        detail = {
            "metadata": _lower_keys(deepcopy(step["Metadata"])),
            "stepStartTime": _iso(step["StartTime"]),
            "stepEndTime": _iso(step.get("EndTime")),
            "stepName": step["StepName"],
            "stepType": step["StepType"],
            "previousStepStatus": previous,
            "currentStepStatus": status,
            "failureReason": step.get("FailureReason"),
            "cacheHitResult": _lower_keys(deepcopy(step.get("CacheHitResult"))),
        }
    _emit("SageMaker Model Building Pipeline Execution Step Status Change", execution, detail)


def _emit(detail_type: str, execution: Mapping[str, Any], detail: dict[str, Any]) -> None:
    arns = [execution["PipelineArn"], execution["PipelineExecutionArn"]]
    told = {key: value for key, value in detail.items() if value is not None}
    events.emit("aws.sagemaker", detail_type, {**told, "pipelineArn": arns[0], "pipelineExecutionArn": arns[1]}, arns)


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _lower_keys(value: Any) -> Any:
    """The API's `{"ProcessingJob": {"Arn": ..}}` as the events have it: `{"processingJob": {"arn": ..}}`."""
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: _lower_keys(item) for key, item in value.items()}
    return [_lower_keys(item) for item in value] if isinstance(value, list) else value


def interrupt_all() -> None:
    """After a restart: executions that the last run of the cloud left behind did not survive it."""
    for where, _, record in executions.all():
        if record["PipelineExecutionStatus"] not in RUNNING:
            continue
        with scope.use(where):
            for step in record["Steps"].values():
                if step["StepStatus"] in ("Starting", *RUNNING):
                    step["FailureReason"] = INTERRUPTED
                    set_step_status(record, step, "Failed")
            set_execution_status(record, "Failed", INTERRUPTED)
