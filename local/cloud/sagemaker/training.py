"""Training jobs: an image's code on channels from S3, a model archive back."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import job_kinds, job_logs, job_run, jobs, s3io
from local.cloud.sagemaker.control import service

HOST = "algo-1"
DEFAULT_RUNTIME_SECONDS = 86400
"""Source: StoppingCondition.MaxRuntimeInSeconds, "the default is 1 day"."""
_STEPS = {
    "Starting": "Starting the training job",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
}


@service.operation("CreateTrainingJob")
def create(request: dict[str, Any]) -> dict[str, Any]:
    """Start a job of one instance.

    Raises:
        ApiError: ValidationException for what SageMaker refuses and for what the local cloud does not do.
    """
    _refuse(request)
    moment = job_kinds.now()
    initial = {
        "StoppingCondition": request.get("StoppingCondition") or {"MaxRuntimeInSeconds": DEFAULT_RUNTIME_SECONDS},
        "ModelArtifacts": {"S3ModelArtifacts": ""},
        "SecondaryStatus": "Starting",
        "SecondaryStatusTransitions": [
            {"Status": "Starting", "StartTime": moment, "StatusMessage": _STEPS["Starting"]}
        ],
    }
    return {"TrainingJobArn": jobs.create(job_kinds.TRAINING, request, request["RoleArn"], initial, _work)}


@service.operation("DescribeTrainingJob")
def describe(request: dict[str, Any]) -> dict[str, Any]:
    """The job as it stands."""
    return jobs.describe(job_kinds.TRAINING, request["TrainingJobName"])


@service.operation("ListTrainingJobs")
def list_jobs(request: dict[str, Any]) -> dict[str, Any]:
    """Summaries, filtered and paged."""
    return jobs.summaries(job_kinds.TRAINING, request)


@service.operation("StopTrainingJob")
def stop(request: dict[str, Any]) -> dict[str, Any]:
    """SIGTERM, then SIGKILL; what is in the model folder is uploaded."""
    jobs.stop(job_kinds.TRAINING, request["TrainingJobName"])
    return {}


def _refuse(request: Mapping[str, Any]) -> None:
    if "TrainingImage" not in request.get("AlgorithmSpecification", {}):
        raise validation_error("the local cloud trains images: AlgorithmSpecification.TrainingImage is required")
    resources = request.get("ResourceConfig", {})
    if resources.get("InstanceGroups") or resources.get("InstanceCount", 1) != 1:
        raise validation_error("the local cloud trains on one instance: ResourceConfig.InstanceCount must be 1")
    names: set[str] = set()
    for channel in request.get("InputDataConfig", []):
        name, source = channel["ChannelName"], channel["DataSource"].get("S3DataSource")
        if name in names:
            raise validation_error(f"Duplicate channel name '{name}' in InputDataConfig")
        names.add(name)
        if source is None or source["S3DataType"] != "S3Prefix":
            raise validation_error(f"the local cloud reads S3Prefix data only (channel '{name}')")
        mode = channel.get("InputMode") or request["AlgorithmSpecification"]["TrainingInputMode"]
        if mode == "Pipe":
            raise validation_error(f"the local cloud does not do Pipe mode, use File or FastFile (channel '{name}')")
        s3io.parse_uri(source["S3Uri"])
    s3io.parse_uri(request["OutputDataConfig"]["S3OutputPath"])


def _work(job: job_run.Job) -> tuple[str, str | None]:
    request = job.record
    image = job.image(request["AlgorithmSpecification"]["TrainingImage"])
    _enter(job, "Downloading")
    _write_config(job)
    s3 = job.role.client("s3")
    for channel in request.get("InputDataConfig", []):
        folder = job.base_dir / "input" / "data" / channel["ChannelName"]
        s3io.download(s3, channel["DataSource"]["S3DataSource"]["S3Uri"], folder)
    for folder in ("model", "output/data", "code", "checkpoints"):
        (job.base_dir / folder).mkdir(parents=True, exist_ok=True)
    _enter(job, "Training")
    code, why = _train(job, image)
    return _upload(job, code, why)


def _train(job: job_run.Job, image: Any) -> tuple[int, str]:
    specification = job.record["AlgorithmSpecification"]
    own = {"TRAINING_JOB_NAME": job.record["TrainingJobName"], "TRAINING_JOB_ARN": job.record["TrainingJobArn"]}
    entrypoint = specification.get("ContainerEntrypoint")
    arguments = specification.get("ContainerArguments") or ([] if entrypoint else ["train"])
    shipper = job.shipper(f"{job.record['TrainingJobName']}/{HOST}-{int(time.time())}")
    container = job.start(
        image,
        arguments,
        entrypoint=entrypoint,
        environment={**job.record.get("Environment", {}), **own, **job.role.environment},
    )
    limit = job.record["StoppingCondition"].get("MaxRuntimeInSeconds", DEFAULT_RUNTIME_SECONDS)
    outcome = job.watch(container, shipper, limit)
    metrics = job_logs.final_metrics(specification.get("MetricDefinitions", []), job.lines)
    with store.lock:
        job.record["FinalMetricDataList"] = metrics
    return outcome


def _upload(job: job_run.Job, code: int, why: str) -> tuple[str, str | None]:
    """Bring back what there is: the model unless training failed, the output in any case."""
    output = job.record["OutputDataConfig"]
    target = s3io.join(output["S3OutputPath"], job.record["TrainingJobName"], "output")
    s3, key = job.role.client("s3"), output.get("KmsKeyId")
    failed = why == "exit" and code != 0
    if not failed:
        _enter(job, "Uploading")
        if output.get("CompressionType") == "NONE":
            s3io.upload_folder(s3, job.base_dir / "model", s3io.join(target, "model"), key)
            artifacts = s3io.join(target, "model") + "/"
        else:
            artifacts = s3io.join(target, "model.tar.gz")
            _upload_archive(s3, job.base_dir / "model", artifacts, key)
        with store.lock:
            job.record["ModelArtifacts"] = {"S3ModelArtifacts": artifacts}
    data = job.base_dir / "output" / "data"
    if any(data.iterdir()):
        _upload_archive(s3, data, s3io.join(target, "output.tar.gz"), key)
    if failed:
        return "Failed", failure_reason(job.base_dir / "output" / "failure", code)
    if why == "limit":
        _enter(job, "MaxRuntimeExceeded")
    return ("Completed" if why == "exit" else "Stopped"), None


def _upload_archive(s3: Any, folder: Path, uri: str, kms_key_id: str | None) -> None:
    archive = folder.parent / uri.rpartition("/")[2]
    s3io.pack(folder, archive)
    s3io.upload(s3, archive, uri, kms_key_id)


def failure_reason(file: Path, code: int) -> str:
    """SageMaker's sentence for a container that failed, with what it left in its `output/failure`."""
    said = file.read_text(encoding="utf-8", errors="replace").strip() if file.is_file() else ""
    ending = f", exit code: {code}"
    return f"AlgorithmError: {said}"[: job_run.REASON_CHARACTERS - len(ending)] + ending


def _enter(job: job_run.Job, status: str) -> None:
    """Go on to the next secondary status; a job that was asked to stop goes no further than its training."""
    if job.stop.is_set() and status in ("Downloading", "Training"):
        raise job_run.JobStoppedError
    moment = job_kinds.now()
    with store.lock:
        transitions = job.record["SecondaryStatusTransitions"]
        transitions[-1]["EndTime"] = moment
        transitions.append({"Status": status, "StartTime": moment, "StatusMessage": _STEPS[status]})
        job.record.update(SecondaryStatus=status, LastModifiedTime=moment)
        if status == "Downloading":
            job.record["TrainingStartTime"] = moment
    jobs.announce(job_kinds.TRAINING, job.record)


def _write_config(job: job_run.Job) -> None:
    config, request = job.base_dir / "input" / "config", job.record
    config.mkdir(parents=True)
    mode = request["AlgorithmSpecification"]["TrainingInputMode"]
    channels = {channel["ChannelName"]: _channel(channel, mode) for channel in request.get("InputDataConfig", [])}
    instance = request.get("ResourceConfig", {}).get("InstanceType", "local")
    group = {"instance_group_name": "homogeneousCluster", "instance_type": instance, "hosts": [HOST]}
    resources = {
        "current_host": HOST,
        "current_instance_type": instance,
        "current_group_name": "homogeneousCluster",
        "hosts": [HOST],
        "instance_groups": [group],
        "network_interface_name": "lo",
    }
    for name, document in {
        "hyperparameters": request.get("HyperParameters", {}),
        "inputdataconfig": channels,
        "resourceconfig": resources,
    }.items():
        (config / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")


def _channel(channel: Mapping[str, Any], mode: str) -> dict[str, str]:
    source = channel["DataSource"]["S3DataSource"]
    found = {
        "TrainingInputMode": channel.get("InputMode") or mode,
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
    }
    return {**found, "ContentType": channel["ContentType"]} if "ContentType" in channel else found
