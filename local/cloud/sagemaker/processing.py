"""Processing jobs: an image's code on inputs from S3, outputs back."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import job_kinds, job_run, jobs, s3io
from local.cloud.sagemaker.container import relocate
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.images import Image
from local.cloud.sagemaker.training import HOST

DEFAULT_RUNTIME_SECONDS = 86400
LOCAL_ROOT = "/opt/ml/processing"
NO_MESSAGE = "See job logs for more information"


@service.operation("CreateProcessingJob")
def create(request: dict[str, Any]) -> dict[str, Any]:
    """Start a job of one instance.

    Raises:
        ApiError: ValidationException for what SageMaker refuses and for what the local cloud does not do.
    """
    _refuse(request)
    return {"ProcessingJobArn": jobs.create(job_kinds.PROCESSING, request, request["RoleArn"], {}, _work)}


@service.operation("DescribeProcessingJob")
def describe(request: dict[str, Any]) -> dict[str, Any]:
    """The job as it stands."""
    return jobs.describe(job_kinds.PROCESSING, request["ProcessingJobName"])


@service.operation("ListProcessingJobs")
def list_jobs(request: dict[str, Any]) -> dict[str, Any]:
    """Summaries, filtered and paged."""
    return jobs.summaries(job_kinds.PROCESSING, request)


@service.operation("StopProcessingJob")
def stop(request: dict[str, Any]) -> dict[str, Any]:
    """SIGTERM, then SIGKILL."""
    jobs.stop(job_kinds.PROCESSING, request["ProcessingJobName"])
    return {}


def _refuse(request: Mapping[str, Any]) -> None:
    if request["ProcessingResources"]["ClusterConfig"]["InstanceCount"] != 1:
        raise validation_error("the local cloud processes on one instance: ClusterConfig.InstanceCount must be 1")
    names: set[str] = set()
    for item in request.get("ProcessingInputs", []):
        name, source = item["InputName"], item.get("S3Input")
        if name in names:
            raise validation_error(f"Duplicate input name '{name}' in ProcessingInputs")
        names.add(name)
        if source is None:
            raise validation_error(f"the local cloud reads S3Input only, not DatasetDefinition (input '{name}')")
        if source["S3DataType"] != "S3Prefix" or source.get("S3InputMode", "File") != "File":
            raise validation_error(f"the local cloud reads S3Prefix data in File mode only (input '{name}')")
        _check_place(source, f"input '{name}'")
    for item in request.get("ProcessingOutputConfig", {}).get("Outputs", []):
        if "S3Output" not in item:
            raise validation_error(f"the local cloud writes S3Output only (output '{item['OutputName']}')")
        _check_place(item["S3Output"], f"output '{item['OutputName']}'")


def _check_place(place: Mapping[str, Any], what: str) -> None:
    s3io.parse_uri(place["S3Uri"])
    if not place.get("LocalPath", "").startswith(LOCAL_ROOT):
        raise validation_error(f"LocalPath of {what} must be under {LOCAL_ROOT}, not '{place.get('LocalPath')}'")


def _work(job: job_run.Job) -> tuple[str, str | None]:
    request, application = job.record, job.record["AppSpecification"]
    image = job.image(application["ImageUri"])
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    s3 = job.role.client("s3")
    for item in request.get("ProcessingInputs", []):
        s3io.download(s3, item["S3Input"]["S3Uri"], _local(job, item["S3Input"]))
    for item in outputs:
        _local(job, item["S3Output"]).mkdir(parents=True, exist_ok=True)
    _write_config(job)
    if job.stop.is_set():
        raise job_run.JobStoppedError
    code, why = _process(job, image)
    message = _exit_message(job)
    succeeded = why == "exit" and code == 0
    for item in outputs:
        if succeeded or item["S3Output"]["S3UploadMode"] == "Continuous":
            key = request["ProcessingOutputConfig"].get("KmsKeyId")
            s3io.upload_folder(s3, _local(job, item["S3Output"]), item["S3Output"]["S3Uri"], key)
    if succeeded:
        return "Completed", None
    return ("Stopped", None) if why != "exit" else ("Failed", _reason(message, code))


def _process(job: job_run.Job, image: Image) -> tuple[int, str]:
    request, application = job.record, job.record["AppSpecification"]
    own = {"PROCESSING_JOB_NAME": request["ProcessingJobName"], "PROCESSING_JOB_ARN": request["ProcessingJobArn"]}
    entrypoint = application.get("ContainerEntrypoint")
    # Docker's rule: arguments replace CMD, and an entrypoint of the job's own leaves CMD out.
    arguments = application.get("ContainerArguments") or ([] if entrypoint else image.command)
    shipper = job.shipper(f"{request['ProcessingJobName']}/{HOST}-{int(time.time())}")
    container = job.start(
        image,
        arguments,
        entrypoint=entrypoint,
        environment={**request.get("Environment", {}), **own, **job.role.environment},
    )
    with store.lock:
        request["ProcessingStartTime"] = request["LastModifiedTime"] = job_kinds.now()
    limit = request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DEFAULT_RUNTIME_SECONDS)
    return job.watch(container, shipper, limit)


def _local(job: job_run.Job, place: Mapping[str, Any]) -> Path:
    return Path(relocate(place["LocalPath"], job.base_dir))


def _exit_message(job: job_run.Job) -> str:
    """What the container left in `output/message`: SageMaker's ExitMessage, whatever the exit code."""
    file = job.base_dir / "output" / "message"
    message = file.read_text(encoding="utf-8", errors="replace").strip() if file.is_file() else ""
    if message:
        with store.lock:
            job.record["ExitMessage"] = message[: job_run.REASON_CHARACTERS]
    return message


def _reason(message: str, code: int) -> str:
    ending = f", exit code: {code}"
    return f"AlgorithmError: {message or NO_MESSAGE}"[: job_run.REASON_CHARACTERS - len(ending)] + ending


def _write_config(job: job_run.Job) -> None:
    """The request as SageMaker hands it to the container, with the local paths that are true here."""
    keys = (
        "ProcessingJobArn",
        "ProcessingJobName",
        "AppSpecification",
        "Environment",
        "ProcessingInputs",
        "ProcessingOutputConfig",
        "ProcessingResources",
        "RoleArn",
        "StoppingCondition",
    )
    request = relocate({key: deepcopy(job.record[key]) for key in keys if key in job.record}, job.base_dir)
    config = job.base_dir / "config"
    config.mkdir()
    (job.base_dir / "output").mkdir(exist_ok=True)
    (config / "processingjobconfig.json").write_text(json.dumps(request), encoding="utf-8")
    resources = {"current_host": HOST, "hosts": [HOST]}
    (config / "resourceconfig.json").write_text(json.dumps(resources), encoding="utf-8")
