"""Transform jobs: a model's own server, fed with objects from S3."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import job_kinds, job_run, jobs, s3io
from local.cloud.sagemaker.container import Container
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.job_logs import LogShipper

START_SECONDS = 60.0
INVOCATION_SECONDS = 600.0
DEFAULT_PAYLOAD_MB = 6
"""Source: CreateTransformJob.MaxPayloadInMB, "the default value is 6 MB"."""
_TRIVIAL_FILTERS = (None, "$")


@service.operation("CreateTransformJob")
def create(request: dict[str, Any]) -> dict[str, Any]:
    """Start a job of one instance, under the role of its model.

    Raises:
        ApiError: ValidationException for what SageMaker refuses and for what the local cloud does not do.
    """
    _refuse(request)
    model = service.call("DescribeModel", {"ModelName": request["ModelName"]})
    role = model["ExecutionRoleArn"]
    return {"TransformJobArn": jobs.create(job_kinds.TRANSFORM, request, role, {}, _work)}


@service.operation("DescribeTransformJob")
def describe(request: dict[str, Any]) -> dict[str, Any]:
    """The job as it stands."""
    return jobs.describe(job_kinds.TRANSFORM, request["TransformJobName"])


@service.operation("ListTransformJobs")
def list_jobs(request: dict[str, Any]) -> dict[str, Any]:
    """Summaries, filtered and paged."""
    return jobs.summaries(job_kinds.TRANSFORM, request)


@service.operation("StopTransformJob")
def stop(request: dict[str, Any]) -> dict[str, Any]:
    """Stop after the request that is being answered."""
    jobs.stop(job_kinds.TRANSFORM, request["TransformJobName"])
    return {}


def _refuse(request: Mapping[str, Any]) -> None:
    source = request["TransformInput"]
    if request["TransformResources"]["InstanceCount"] != 1:
        raise validation_error("the local cloud transforms on one instance: InstanceCount must be 1")
    if source["DataSource"]["S3DataSource"]["S3DataType"] != "S3Prefix":
        raise validation_error("the local cloud reads S3Prefix data only in transform jobs")
    if source.get("CompressionType", "None") != "None" or source.get("SplitType", "None") not in ("None", "Line"):
        raise validation_error("the local cloud transforms uncompressed data with SplitType None or Line only")
    data = request.get("DataProcessing", {})
    filters = [data.get("InputFilter"), data.get("OutputFilter")]
    if data.get("JoinSource", "None") != "None" or any(item not in _TRIVIAL_FILTERS for item in filters):
        raise validation_error("the local cloud does not do DataProcessing (JoinSource, InputFilter, OutputFilter)")
    if request.get("DataCaptureConfig"):
        raise validation_error("the local cloud does not capture data of transform jobs")
    s3io.parse_uri(source["DataSource"]["S3DataSource"]["S3Uri"])
    s3io.parse_uri(request["TransformOutput"]["S3OutputPath"])


def _work(job: job_run.Job) -> tuple[str, str | None]:
    model = service.call("DescribeModel", {"ModelName": job.record["ModelName"]})
    container = _container(model)
    image = job.image(container["Image"])
    (job.base_dir / "model").mkdir()
    if container.get("ModelDataUrl"):
        archive = job.folder / "model.tar.gz"
        s3io.fetch(job.role.client("s3"), container["ModelDataUrl"], archive)
        s3io.unpack(archive, job.base_dir / "model")
    port = _free_port()
    environment = {**container.get("Environment", {}), **job.record.get("Environment", {})}
    batch = {
        "SAGEMAKER_BATCH": "true",
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(job.record.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB)),
        "SAGEMAKER_BATCH_STRATEGY": _strategy(job.record).upper(),
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": str(job.record.get("MaxConcurrentTransforms", 1)),
        "SAGEMAKER_BIND_TO_PORT": str(port),
    }
    shipper = job.shipper(f"{job.record['TransformJobName']}/i-{int(time.time()):017x}")
    server = job.start(image, ["serve"], environment={**environment, **batch, **job.role.environment})
    try:
        _wait_until_ready(job, server, port)
        with store.lock:
            job.record["TransformStartTime"] = job_kinds.now()
        return _transform(job, port, shipper)
    finally:
        server.stop(grace_seconds=2)
        shipper.ship(last=True)


def _container(model: Mapping[str, Any]) -> dict[str, Any]:
    """The model's one container, with what its model package says where it names one."""
    containers = model.get("Containers") or [model["PrimaryContainer"]]
    if len(containers) != 1:
        raise job_run.JobFailedError("ClientError: the local cloud transforms with models of one container only")
    own = dict(containers[0])
    if "ModelPackageName" not in own:
        return own
    package = service.call("DescribeModelPackage", {"ModelPackageName": own["ModelPackageName"]})
    packed = package["InferenceSpecification"]["Containers"][0]
    return {**packed, "Environment": {**packed.get("Environment", {}), **own.get("Environment", {})}}


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait_until_ready(job: job_run.Job, server: Container, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if job.stop.is_set():
            raise job_run.JobStoppedError
        code = server.wait(0.1)
        if code is not None:
            raise job_run.JobFailedError(f"AlgorithmError: model server ended before it was ready, exit code: {code}")
        try:
            if _request(port, "GET", "/ping", b"", {}, 2)[0] == http.client.OK:
                return
        except OSError:
            continue
    raise job_run.JobFailedError("AlgorithmError: Model server did not respond to /ping in time")


def _transform(job: job_run.Job, port: int, shipper: LogShipper) -> tuple[str, str | None]:
    source, target = job.record["TransformInput"], job.record["TransformOutput"]
    uri = source["DataSource"]["S3DataSource"]["S3Uri"]
    bucket, _ = s3io.parse_uri(uri)
    s3 = job.role.client("s3")
    headers = {"Content-Type": source.get("ContentType", ""), "Accept": target.get("Accept", "")}
    headers = {key: value for key, value in headers.items() if value}
    for key, name in s3io.objects(s3, uri):
        answers = []
        for batch in _batches(s3io.read(s3, f"s3://{bucket}/{key}"), job.record):
            if job.stop.is_set():
                return "Stopped", None
            answers.append(_invoke(port, batch, headers, key))
        result = job.folder / "result"
        result.write_bytes(_assemble(answers, target.get("AssembleWith", "None")))
        s3io.upload(s3, result, s3io.join(target["S3OutputPath"], f"{name}.out"), target.get("KmsKeyId"))
        shipper.ship()
    return "Completed", None


def _strategy(record: Mapping[str, Any]) -> str:
    return str(record.get("BatchStrategy", "MultiRecord"))


def _batches(data: bytes, record: Mapping[str, Any]) -> Iterator[bytes]:
    """The object as one request, a request for each line, or as many lines as the payload limit takes."""
    limit = (record.get("MaxPayloadInMB") or DEFAULT_PAYLOAD_MB) * 1024 * 1024
    if record["TransformInput"].get("SplitType", "None") == "None":
        yield data
        return
    held = b""
    for line in data.splitlines(keepends=True):
        if held and (_strategy(record) == "SingleRecord" or len(held) + len(line) > limit):
            yield held
            held = b""
        held += line
    if held:
        yield held


def _assemble(answers: list[bytes], how: str) -> bytes:
    if how == "None":
        return b"".join(answers)
    return b"".join(answer if answer.endswith(b"\n") else answer + b"\n" for answer in answers)


def _invoke(port: int, body: bytes, headers: dict[str, str], key: str) -> bytes:
    try:
        status, answer = _request(port, "POST", "/invocations", body, headers, INVOCATION_SECONDS)
    except (OSError, http.client.HTTPException) as error:
        raise job_run.JobFailedError(f"AlgorithmError: the model server broke off at {key}: {error}") from error
    if status != http.client.OK:
        said = json.dumps(answer[:200].decode("utf-8", "replace"))
        raise job_run.JobFailedError(f"AlgorithmError: the model server answered {status} to {key}: {said}")
    return answer


def _request(
    port: int, method: str, path: str, body: bytes, headers: Mapping[str, str], seconds: float
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, body=body or None, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
