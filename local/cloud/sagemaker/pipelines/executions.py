"""The operations on pipeline executions."""

from __future__ import annotations

import random
import string
from copy import deepcopy
from typing import Any

from local.cloud.kernel.errors import ApiError, validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.job_kinds import now
from local.cloud.sagemaker.pipelines import parameters, records, scheduler
from local.cloud.sagemaker.pipelines.definition import parse
from local.cloud.sagemaker.pipelines.expressions import as_text

_tokens = store.collection("pipeline_execution_tokens")


@service.operation("StartPipelineExecution")
def start(request: dict[str, Any]) -> dict[str, Any]:
    """Start an execution; the same ClientRequestToken again answers the execution that it started.

    Raises:
        ApiError: ResourceNotFound; ValidationException for its parameters.
    """
    if request.get("SelectiveExecutionConfig"):
        raise validation_error("the local cloud does not do SelectiveExecutionConfig")
    given = {item["Name"]: item["Value"] for item in request.get("PipelineParameters", [])}
    with store.lock:
        pipeline = records.get_pipeline(request["PipelineName"])
        token = f"{pipeline['PipelineArn']} {request['ClientRequestToken']}"
        if token in _tokens:
            return _replay(_tokens[token], given)
        found = parameters.values(parse(pipeline["PipelineDefinition"]).parameters, given)
        record = _record(pipeline, request, found)
        arn = record["PipelineExecutionArn"]
        records.executions[arn] = record
        _tokens[token] = {"Arn": arn, "Given": given}
    scheduler.start(record)
    return {"PipelineExecutionArn": arn}


def _replay(known: dict[str, Any], given: dict[str, str]) -> dict[str, Any]:
    if known["Given"] != given:
        raise ApiError("ConflictException", "The ClientRequestToken was used before with other parameters.")
    return {"PipelineExecutionArn": known["Arn"]}


def _record(pipeline: dict[str, Any], request: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    identifier = "".join(random.choices(string.ascii_lowercase + string.digits, k=12))  # noqa: S311 - not a secret
    moment = now()
    return {
        "PipelineArn": pipeline["PipelineArn"],
        "PipelineName": pipeline["PipelineName"],
        "PipelineExecutionArn": f"{pipeline['PipelineArn']}/execution/{identifier}",
        "PipelineExecutionDisplayName": request.get(
            "PipelineExecutionDisplayName", f"execution-{int(moment.timestamp() * 1000)}"
        ),
        "PipelineExecutionDescription": request.get("PipelineExecutionDescription"),
        "PipelineDefinition": pipeline["PipelineDefinition"],
        "PipelineVersionId": pipeline["Version"],
        "RoleArn": pipeline["RoleArn"],
        "ParallelismConfiguration": request.get("ParallelismConfiguration") or pipeline.get("ParallelismConfiguration"),
        "Parameters": values,
        "Steps": {},
        "CreationTime": moment,
        "LastModifiedTime": moment,
        "CreatedBy": {},
        "LastModifiedBy": {},
    }


@service.operation("DescribePipelineExecution")
def describe(request: dict[str, Any]) -> dict[str, Any]:
    """The execution as it stands."""
    with store.lock:
        return deepcopy(records.get_execution(request["PipelineExecutionArn"]))


@service.operation("DescribePipelineDefinitionForExecution")
def describe_definition(request: dict[str, Any]) -> dict[str, Any]:
    """The definition that the execution was started with."""
    record = records.get_execution(request["PipelineExecutionArn"])
    return {"PipelineDefinition": record["PipelineDefinition"], "CreationTime": record["CreationTime"]}


@service.operation("ListPipelineExecutions")
def list_executions(request: dict[str, Any]) -> dict[str, Any]:
    """Summaries of a pipeline's executions, newest first unless asked otherwise."""
    with store.lock:
        found = deepcopy(records.executions_of(records.get_pipeline(request["PipelineName"])))
    for record in found:
        record["StartTime"] = record["CreationTime"]
        record["PipelineExecutionFailureReason"] = record.get("FailureReason")
    names = {"name": "PipelineExecutionArn", "created": "CreationTime", "modified": "LastModifiedTime", "status": ""}
    selected = listing.select(found, request, **names)
    keys = {"CreationTime": "CreationTime", "PipelineExecutionArn": "PipelineExecutionArn"}
    shown, token = listing.page(listing.arrange(selected, request, keys, order="Descending"), request)
    return {"PipelineExecutionSummaries": shown, **token}


@service.operation("ListPipelineExecutionSteps")
def list_steps(request: dict[str, Any]) -> dict[str, Any]:
    """The steps that have started, the newest first unless asked otherwise."""
    with store.lock:
        steps = deepcopy(list(records.get_execution(request.get("PipelineExecutionArn", ""))["Steps"].values()))
    if (request.get("SortOrder") or "Descending") == "Descending":
        steps.reverse()
    shown, token = listing.page(list[listing.Record](steps), request)
    return {"PipelineExecutionSteps": shown, **token}


@service.operation("ListPipelineParametersForExecution")
def list_parameters(request: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an execution, with the defaults that it took, as strings."""
    values = records.get_execution(request["PipelineExecutionArn"])["Parameters"]
    found: list[listing.Record] = [{"Name": name, "Value": as_text(value)} for name, value in values.items()]
    shown, token = listing.page(found, request, default=100)
    return {"PipelineParameters": shown, **token}


@service.operation("UpdatePipelineExecution")
def update(request: dict[str, Any]) -> dict[str, Any]:
    """Change what an execution is called; its parallelism is settled when it starts."""
    with store.lock:
        record = records.get_execution(request["PipelineExecutionArn"])
        for key in ("PipelineExecutionDisplayName", "PipelineExecutionDescription"):
            if key in request:
                record[key] = request[key]
        record["LastModifiedTime"] = now()
    return {"PipelineExecutionArn": record["PipelineExecutionArn"]}


@service.operation("StopPipelineExecution")
def stop(request: dict[str, Any]) -> dict[str, Any]:
    """Stop the running steps and start no more.

    Raises:
        ApiError: ConflictException if it does not run.
    """
    with store.lock:
        record = records.get_execution(request["PipelineExecutionArn"])
        status = record["PipelineExecutionStatus"]
        if status not in records.RUNNING:
            raise ApiError("ConflictException", f"Pipeline execution is in status {status} and cannot be stopped.")
    if status == "Executing":
        scheduler.stop(record)
    return {"PipelineExecutionArn": record["PipelineExecutionArn"]}


@service.operation("RetryPipelineExecution")
def retry(request: dict[str, Any]) -> dict[str, Any]:
    """Go on from the steps that failed or were stopped; what succeeded stays.

    Raises:
        ApiError: ConflictException unless it failed or was stopped.
    """
    with store.lock:
        record = records.get_execution(request["PipelineExecutionArn"])
        status = record["PipelineExecutionStatus"]
        if status not in ("Failed", "Stopped"):
            raise ApiError("ConflictException", f"Pipeline execution is in status {status} and cannot be retried.")
        record["Steps"] = {name: step for name, step in record["Steps"].items() if step["StepStatus"] == "Succeeded"}
        for key in ("FailureReason", "EndTime"):
            record.pop(key, None)
        if "ParallelismConfiguration" in request:
            record["ParallelismConfiguration"] = request["ParallelismConfiguration"]
    scheduler.start(record)
    return {"PipelineExecutionArn": record["PipelineExecutionArn"]}
