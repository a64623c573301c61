"""The operations on pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from local.cloud.kernel import clients
from local.cloud.kernel.errors import ApiError, validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing, tags
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.job_kinds import now
from local.cloud.sagemaker.pipelines import records
from local.cloud.sagemaker.pipelines.definition import parse


@service.operation("CreatePipeline")
def create(request: dict[str, Any]) -> dict[str, Any]:
    """Keep a checked definition; the same ClientRequestToken again is the same request."""
    name, arn = request["PipelineName"], records.pipeline_arn(request["PipelineName"])
    text = _definition_text(request)
    if text is None:
        raise validation_error("Either PipelineDefinition or PipelineDefinitionS3Location is required")
    parse(text)
    with store.lock:
        existing = next((p for p in records.pipelines.values() if p["PipelineArn"] == arn), None)
        if existing is not None:
            if existing["ClientRequestToken"] == request["ClientRequestToken"]:
                return {"PipelineArn": arn}
            raise validation_error(
                f"Pipeline names must be unique within an AWS account and region. Pipeline with name ({name}) "
                "already exists."
            )
        moment = now()
        records.pipelines[name] = {
            **{key: value for key, value in request.items() if key not in ("Tags", "PipelineDefinitionS3Location")},
            "PipelineDisplayName": request.get("PipelineDisplayName", name),
            "PipelineDefinition": text,
            "PipelineArn": arn,
            "PipelineStatus": "Active",
            "CreationTime": moment,
            "LastModifiedTime": moment,
            "CreatedBy": {},
            "LastModifiedBy": {},
            "Version": 1,
        }
    tags.put(arn, request.get("Tags"))
    return {"PipelineArn": arn}


def _definition_text(request: Mapping[str, Any]) -> str | None:
    place = request.get("PipelineDefinitionS3Location")
    if place is None:
        return request.get("PipelineDefinition")
    if "PipelineDefinition" in request:
        raise validation_error("Only one of PipelineDefinition and PipelineDefinitionS3Location may be given")
    version = {"VersionId": place["VersionId"]} if "VersionId" in place else {}
    try:
        answer = clients.client("s3").get_object(Bucket=place["Bucket"], Key=place["ObjectKey"], **version)
    except clients.client("s3").exceptions.ClientError as error:
        raise validation_error(f"Cannot read PipelineDefinitionS3Location: {error}") from error
    return str(answer["Body"].read().decode())


@service.operation("UpdatePipeline")
def update(request: dict[str, Any]) -> dict[str, Any]:
    """Replace what is given; executions that run keep the definition that they were started with."""
    text = _definition_text(request)
    if text is not None:
        parse(text)
    with store.lock:
        record = records.get_pipeline(request["PipelineName"])
        for key in ("PipelineDisplayName", "PipelineDescription", "RoleArn", "ParallelismConfiguration"):
            if key in request:
                record[key] = request[key]
        if text is not None and text != record["PipelineDefinition"]:
            record.update(PipelineDefinition=text, Version=record["Version"] + 1)
        record["LastModifiedTime"] = now()
        return {"PipelineArn": record["PipelineArn"], "PipelineVersionId": record["Version"]}


@service.operation("DescribePipeline")
def describe(request: dict[str, Any]) -> dict[str, Any]:
    """The pipeline as it stands; the local cloud keeps no earlier versions."""
    with store.lock:
        record = deepcopy(records.get_pipeline(request["PipelineName"]))
        starts = [execution["CreationTime"] for execution in records.executions_of(record)]
    version = request.get("PipelineVersionId")
    if version is not None and version != record["Version"]:
        raise validation_error(f"the local cloud keeps the newest version of a pipeline only ({record['Version']})")
    return {**record, "LastRunTime": max(starts, default=None)}


@service.operation("ListPipelines")
def list_pipelines(request: dict[str, Any]) -> dict[str, Any]:
    """Summaries, filtered and paged."""
    prefix = request.get("PipelineNamePrefix", "")
    with store.lock:
        found = [deepcopy(p) for p in records.pipelines.values() if p["PipelineName"].startswith(prefix)]
        for record in found:
            record["LastExecutionTime"] = max(
                (execution["CreationTime"] for execution in records.executions_of(record)), default=None
            )
    names = {"name": "PipelineName", "created": "CreationTime", "modified": "LastModifiedTime", "status": ""}
    selected = listing.select(found, request, **names)
    keys = {"CreationTime": "CreationTime", "Name": "PipelineName"}
    shown, token = listing.page(listing.arrange(selected, request, keys), request)
    return {"PipelineSummaries": shown, **token}


@service.operation("DeletePipeline")
def delete(request: dict[str, Any]) -> dict[str, Any]:
    """Delete a pipeline and its executions.

    Raises:
        ApiError: ConflictException while an execution runs.
    """
    with store.lock:
        record = records.get_pipeline(request["PipelineName"])
        held = records.executions_of(record)
        if any(execution["PipelineExecutionStatus"] in records.RUNNING for execution in held):
            raise ApiError(
                "ConflictException",
                f"Pipeline {record['PipelineArn']} has executions that are running: stop them first.",
            )
        for execution in held:
            del records.executions[execution["PipelineExecutionArn"]]
        del records.pipelines[record["PipelineName"]]
    tags.forget(record["PipelineArn"])
    return {"PipelineArn": record["PipelineArn"]}
