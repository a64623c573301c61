"""Batch transform jobs, as SageMaker's documentation describes them."""

from __future__ import annotations

import io
import json
import tarfile
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def archive(lab: Any, prefix: str) -> str:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as tar:
        member = tarfile.TarInfo("prefix.txt")
        member.size = len(prefix)
        tar.addfile(member, io.BytesIO(prefix.encode()))
    return str(lab.put(f"transform-models/{prefix}/model.tar.gz", sink.getvalue()))


def model(lab: Any, prefix: str = "m", **container: Any) -> str:
    name = lab.new("model")
    primary = {"Image": lab.image, "ModelDataUrl": archive(lab, prefix), **container}
    lab.sagemaker.create_model(ModelName=name, PrimaryContainer=primary, ExecutionRoleArn=lab.role)
    return str(name)


def transform(lab: Any, key: str, source: dict[str, Any] | None = None, **request: Any) -> str:
    name = lab.new("transform")
    data = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": lab.uri(key)}}
    target = {"S3OutputPath": lab.uri(f"transformed/{name}"), **request.pop("TransformOutput", {})}
    lab.sagemaker.create_transform_job(
        **{
            "TransformJobName": name,
            "ModelName": request.pop("ModelName", None) or model(lab),
            "TransformInput": {"DataSource": data, "ContentType": "text/csv", **(source or {})},
            "TransformOutput": target,
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            **request,
        }
    )
    return str(name)


def ended(lab: Any, name: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        job: dict[str, Any] = lab.sagemaker.describe_transform_job(TransformJobName=name)
        if job["TransformJobStatus"] not in ("InProgress", "Stopping"):
            return job
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_every_object_is_answered_in_one_of_the_same_name(lab: Any) -> None:
    lab.put("batch/one/a.csv", "1\n2\n")
    lab.put("batch/one/sub/b.csv", "3\n")
    name = transform(lab, "batch/one/")
    job = ended(lab, name)
    assert job["TransformJobStatus"] == "Completed"
    assert job["CreationTime"] <= job["TransformStartTime"] <= job["TransformEndTime"]
    assert lab.keys(f"transformed/{name}/") == ["a.csv.out", "sub/b.csv.out"]
    assert lab.read(lab.uri(f"transformed/{name}/a.csv.out")) == b"m,1\nm,2"


@pytest.mark.parametrize("strategy", ["MultiRecord", "SingleRecord"])
def test_lines_are_sent_as_the_strategy_says_and_put_together_again(lab: Any, strategy: str) -> None:
    lab.put("batch/lines/a.csv", "1\n2\n3\n")
    name = transform(
        lab, "batch/lines/", {"SplitType": "Line"}, BatchStrategy=strategy, TransformOutput={"AssembleWith": "Line"}
    )
    assert ended(lab, name)["TransformJobStatus"] == "Completed"
    assert lab.read(lab.uri(f"transformed/{name}/a.csv.out")) == b"m,1\nm,2\nm,3\n"


def test_the_server_is_told_that_it_is_a_batch(lab: Any) -> None:
    lab.put("batch/env/a", "environ")
    name = transform(
        lab, "batch/env/", ModelName=model(lab, Environment={"A": "model", "B": "model"}), Environment={"B": "job"}
    )
    assert ended(lab, name)["TransformJobStatus"] == "Completed"
    environment = json.loads(lab.read(lab.uri(f"transformed/{name}/a.out")))
    assert (environment["A"], environment["B"], environment["SAGEMAKER_BATCH"]) == ("model", "job", "true")
    assert environment["SAGEMAKER_BATCH_STRATEGY"] == "MULTIRECORD"


def test_a_model_package_is_transformed_with(lab: Any) -> None:
    lab.put("batch/pkg/a", "1")
    group = lab.new("group")
    lab.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    container = {"Image": lab.image, "ModelDataUrl": archive(lab, "packed")}
    types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    package = lab.sagemaker.create_model_package(
        ModelPackageGroupName=group,
        InferenceSpecification={"Containers": [container], **types},
        ModelApprovalStatus="Approved",
    )["ModelPackageArn"]
    name = lab.new("model")
    lab.sagemaker.create_model(
        ModelName=name, PrimaryContainer={"ModelPackageName": package}, ExecutionRoleArn=lab.role
    )
    job = transform(lab, "batch/pkg/", ModelName=name)
    assert ended(lab, job)["TransformJobStatus"] == "Completed"
    assert lab.read(lab.uri(f"transformed/{job}/a.out")) == b"packed,1"


def test_an_error_of_the_model_fails_the_job_and_is_told(lab: Any, events: Any) -> None:
    lab.put("batch/boom/a", "boom")
    name = transform(lab, "batch/boom/")
    reason = ended(lab, name)["FailureReason"]
    assert reason == 'AlgorithmError: the model server answered 500 to batch/boom/a: "boom"'
    last = events.about(name, "SageMaker Transform Job State Change", 2)[-1]
    assert (last["detail"]["TransformJobStatus"], last["detail"]["FailureReason"]) == ("Failed", reason)
    assert "echo-job: serve" in lab.log_lines("/aws/sagemaker/TransformJobs", name)


def test_a_server_that_ends_at_once_fails_the_job(lab: Any) -> None:
    lab.put("batch/port/a", "1")
    name = transform(lab, "batch/port/", Environment={"PYTHONHOME": "/nowhere"})
    assert "ended before it was ready" in ended(lab, name)["FailureReason"]


def test_nothing_to_transform_fails_the_job(lab: Any) -> None:
    assert "NoSuchKey" in ended(lab, transform(lab, "batch/none/"))["FailureReason"]


def test_a_job_can_be_stopped_and_listed(lab: Any) -> None:
    lab.put("batch/stop/a", "1\n" * 3000)
    name = transform(lab, "batch/stop/", {"SplitType": "Line"}, BatchStrategy="SingleRecord")
    lab.sagemaker.stop_transform_job(TransformJobName=name)
    assert ended(lab, name)["TransformJobStatus"] == "Stopped"
    (summary,) = lab.sagemaker.list_transform_jobs(NameContains=name)["TransformJobSummaries"]
    assert summary["TransformJobStatus"] == "Stopped"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 2}}, "one instance"),
        ({"source": {"SplitType": "RecordIO"}}, "SplitType None or Line"),
        ({"DataProcessing": {"JoinSource": "Input"}}, "does not do DataProcessing"),
        ({"DataProcessing": {"InputFilter": "$[1:]"}}, "does not do DataProcessing"),
        ({"DataCaptureConfig": {"DestinationS3Uri": "s3://b/c"}}, "does not capture"),
        ({"ModelName": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(lab: Any, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        transform(lab, "x", **change)
