"""A role, a bucket, jobs of the echo image and the events that they cause, made with boto3 alone."""

from __future__ import annotations

import io
import json
import tarfile
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/sagestead-local/echo-job:local"
INSTANCE = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def wait_for(ask: Callable[[], Any], good: Callable[[Any], bool], seconds: float = 60) -> Any:
    """Ask again and again until the answer is good."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if good(answer):
            return answer
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)


class Lab:
    """What the tests do again and again."""

    image = IMAGE
    instance = INSTANCE

    def __init__(self, cloud: Any) -> None:
        self.cloud = cloud
        self.sagemaker = cloud.client("sagemaker", max_pool_connections=16)
        self.s3 = cloud.client("s3", s3={"addressing_style": "path"})
        self.logs = cloud.client("logs")
        self.bucket = self.new("bucket")
        self.s3.create_bucket(Bucket=self.bucket)
        iam = cloud.client("iam")
        self.role = iam.create_role(RoleName=self.new("role"), AssumeRolePolicyDocument=json.dumps(TRUST))["Role"][
            "Arn"
        ]

    @staticmethod
    def new(what: str) -> str:
        """A name that nobody has."""
        return f"{what}-{uuid.uuid4().hex[:10]}"

    def uri(self, key: str) -> str:
        """An URI in the lab's bucket."""
        return f"s3://{self.bucket}/{key}"

    def put(self, key: str, body: str | bytes) -> str:
        """Write an object; answers its URI."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return self.uri(key)

    def read(self, uri: str) -> bytes:
        """Read an object by its URI."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return bytes(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    def keys(self, prefix: str) -> list[str]:
        """The keys under a prefix, without it."""
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return [item["Key"].removeprefix(prefix) for item in found]

    def unpack(self, uri: str) -> dict[str, str]:
        """The files of a tar archive in S3."""
        with tarfile.open(fileobj=io.BytesIO(self.read(uri))) as tar:
            return {m.name: tar.extractfile(m).read().decode() for m in tar.getmembers() if m.isfile()}  # type: ignore[union-attr]

    def log_lines(self, group: str, job: str) -> list[str]:
        """What a job's container wrote."""
        streams = self.logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=job)["logStreams"]
        return [
            event["message"]
            for stream in streams
            for event in self.logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
        ]

    def train(self, parameters: dict[str, str] | None = None, **request: Any) -> str:
        """Start a training job; answers its name."""
        name: str = request.pop("TrainingJobName", self.new("train"))
        self.sagemaker.create_training_job(
            **{
                "TrainingJobName": name,
                "AlgorithmSpecification": {"TrainingImage": self.image, "TrainingInputMode": "File"},
                "RoleArn": self.role,
                "HyperParameters": parameters or {},
                "OutputDataConfig": {"S3OutputPath": self.uri("models")},
                "ResourceConfig": self.instance,
                "StoppingCondition": {"MaxRuntimeInSeconds": 60},
                **request,
            }
        )
        return name

    def trained(self, name: str) -> dict[str, Any]:
        """The training job at its end."""
        return self._ended(lambda: self.sagemaker.describe_training_job(TrainingJobName=name), "TrainingJobStatus")

    def process(self, *arguments: str, **request: Any) -> str:
        """Start a processing job; answers its name."""
        name: str = request.pop("ProcessingJobName", self.new("process"))
        application = {"ImageUri": self.image, "ContainerArguments": list(arguments)}
        self.sagemaker.create_processing_job(
            **{
                "ProcessingJobName": name,
                "AppSpecification": {key: value for key, value in application.items() if value},
                "RoleArn": self.role,
                "ProcessingResources": {"ClusterConfig": self.instance},
                **request,
            }
        )
        return name

    def processed(self, name: str) -> dict[str, Any]:
        """The processing job at its end."""
        ask = lambda: self.sagemaker.describe_processing_job(ProcessingJobName=name)  # noqa: E731
        return self._ended(ask, "ProcessingJobStatus")

    @staticmethod
    def input(name: str, uri: str) -> dict[str, Any]:
        """A processing input under `/opt/ml/processing/input`."""
        place = {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/input/{name}", "S3DataType": "S3Prefix"}
        return {"InputName": name, "S3Input": {**place, "S3InputMode": "File"}}

    def output(self, prefix: str, mode: str = "EndOfJob") -> dict[str, Any]:
        """The output configuration that uploads `/opt/ml/processing/output`."""
        place = {"S3Uri": self.uri(prefix), "LocalPath": "/opt/ml/processing/output", "S3UploadMode": mode}
        return {"Outputs": [{"OutputName": "out", "S3Output": place}]}

    @staticmethod
    def _ended(ask: Callable[[], dict[str, Any]], key: str) -> dict[str, Any]:
        return dict(wait_for(ask, lambda answer: answer[key] not in ("InProgress", "Stopping")))


class Events:
    """The SageMaker events since its making, by way of a rule and a queue."""

    def __init__(self, cloud: Any) -> None:
        self._sqs = cloud.client("sqs")
        name, events = Lab.new("events"), cloud.client("events")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=name, EventPattern=json.dumps({"source": ["aws.sagemaker"]}))
        events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
        self._rule, self._events = name, events
        self._seen: list[dict[str, Any]] = []

    def about(self, text: str, kind: str, count: int) -> list[dict[str, Any]]:
        """The first `count` events of a detail type that mention the text."""

        def ask() -> list[dict[str, Any]]:
            answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                self._seen.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
            return [e for e in self._seen if e["detail-type"] == kind and text in json.dumps(e["detail"])]

        return list(wait_for(ask, lambda found: len(found) >= count, 20))

    def close(self) -> None:
        """Remove the rule."""
        self._events.remove_targets(Rule=self._rule, Ids=["queue"])
        self._events.delete_rule(Name=self._rule)


@pytest.fixture(scope="session")
def lab(local_cloud: Any) -> Lab:
    """One bucket and one role for all."""
    return Lab(local_cloud)


@pytest.fixture
def events(local_cloud: Any) -> Iterator[Events]:
    """The events of one test."""
    found = Events(local_cloud)
    yield found
    found.close()
