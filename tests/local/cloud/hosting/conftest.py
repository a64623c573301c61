"""A role, a bucket and models of the echo server, made with boto3 alone."""

from __future__ import annotations

import io
import json
import tarfile
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/sagestead-local/echo-server:local"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def archive(version: str) -> bytes:
    """A model.tar.gz whose model is that version."""
    data, sink = version.encode(), io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as tar:
        member = tarfile.TarInfo("version.txt")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    return sink.getvalue()


class Hosting:
    """What the tests do again and again."""

    def __init__(self, cloud: Any) -> None:
        self.cloud = cloud
        self.sagemaker = cloud.client("sagemaker")
        self.runtime = cloud.client("sagemaker-runtime", max_pool_connections=16)
        self.s3 = cloud.client("s3", s3={"addressing_style": "path"})
        self.bucket = f"hosting-{uuid.uuid4().hex[:8]}"
        self.s3.create_bucket(Bucket=self.bucket)
        role = cloud.client("iam").create_role(
            RoleName=f"hosting-{uuid.uuid4().hex[:8]}", AssumeRolePolicyDocument=json.dumps(TRUST)
        )
        self.role = role["Role"]["Arn"]
        self._endpoints: list[str] = []

    def model(self, version: str, **container: Any) -> str:
        """A new model of the echo server; answers its name."""
        key = f"models/{version}/model.tar.gz"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=archive(version))
        name = f"model-{uuid.uuid4().hex[:8]}"
        primary = {"Image": IMAGE, "ModelDataUrl": f"s3://{self.bucket}/{key}", **container}
        self.sagemaker.create_model(ModelName=name, PrimaryContainer=primary, ExecutionRoleArn=self.role)
        return name

    def config(self, *variants: tuple[str, str, float, int], **rest: Any) -> str:
        """A new endpoint configuration of (variant, model version, weight, instances); answers its name."""
        name = f"config-{uuid.uuid4().hex[:8]}"
        listed = [
            {
                "VariantName": variant,
                "ModelName": self.model(version),
                "InitialVariantWeight": weight,
                "InitialInstanceCount": count,
                "InstanceType": "ml.m5.large",
            }
            for variant, version, weight, count in variants
        ]
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=listed, **rest)
        return name

    def endpoint(self, config: str, **rest: Any) -> str:
        """A new endpoint in service; answers its name."""
        name = f"endpoint-{uuid.uuid4().hex[:8]}"
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config, **rest)
        self._endpoints.append(name)
        assert self.settled(name)["EndpointStatus"] == "InService"
        return name

    def settled(self, name: str, seconds: float = 40) -> dict[str, Any]:
        """The endpoint's description once nothing is under way any more."""
        found: dict[str, Any] = self.wait(
            lambda: self.sagemaker.describe_endpoint(EndpointName=name),
            lambda seen: seen["EndpointStatus"] in ("InService", "Failed"),
            seconds,
        )
        return found

    def wait(self, look: Callable[[], Any], good: Callable[[Any], Any], seconds: float = 20) -> Any:
        """Look again and again until what is seen is good."""
        deadline = time.monotonic() + seconds
        while not good(seen := look()):
            assert time.monotonic() < deadline, f"still {seen}"
            time.sleep(0.1)
        return seen

    def invoke(self, name: str, body: str = "x", **rest: Any) -> dict[str, Any]:
        """The echo server's JSON answer."""
        answer = self.runtime.invoke_endpoint(EndpointName=name, Body=body.encode(), ContentType="text/csv", **rest)
        return {**json.loads(answer["Body"].read()), "variant": answer["InvokedProductionVariant"]}

    def clean(self) -> None:
        """Delete the endpoints that are left: processes cost memory."""
        for name in self._endpoints:
            try:
                self.settled(name)
                self.sagemaker.delete_endpoint(EndpointName=name)
            except self.sagemaker.exceptions.ClientError:
                continue


@pytest.fixture(scope="module")
def hosting(local_cloud: Any) -> Iterator[Hosting]:
    """Shared by the tests of a module; its endpoints end with it."""
    made = Hosting(local_cloud)
    yield made
    made.clean()


@pytest.fixture(scope="module")
def endpoint(hosting: Hosting) -> str:
    """An endpoint with one variant of one instance."""
    return hosting.endpoint(hosting.config(("champion", "v1", 1.0, 1)))
