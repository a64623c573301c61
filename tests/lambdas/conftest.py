"""Events as AWS documents them, SQS batches, and AWS clients that answer what a test tells them to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.stub import Stubber

from tests.local.conftest import local_cloud

__all__ = ["local_cloud"]

ACCOUNT = "123456789012"
GROUP = "sagestead-dev-flight-delay"
STACK = "sagestead-dev-flight-delay-serving"
PIPELINE = "sagestead-dev-flight-delay"
ALARM = "sagestead-dev-flight-delay-drift"

Event = dict[str, Any]


def package_arn(version: int) -> str:
    return f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/{GROUP}/{version}"


def at(second: int, microsecond: int = 0) -> datetime:
    """A moment of the one minute in which all tests take place."""
    return datetime(2026, 3, 1, 12, 0, second, microsecond, tzinfo=UTC)


def make_package_event(version: int, *, second: int, **detail: Any) -> Event:
    """A model package event, with the fields of the developer guide's example that matter."""
    return {
        "version": "0",
        "id": f"844e2571-85d4-695f-b930-0153b71dc{version:03}",
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": ACCOUNT,
        "time": at(second).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [package_arn(version)],
        "detail": {
            "ModelPackageGroupName": GROUP,
            "ModelPackageVersion": version,
            "ModelPackageArn": package_arn(version),
            "CreationTime": "2026-03-01T11:00:00Z",
            "ModelPackageStatus": "Completed",
            "ModelApprovalStatus": "Approved",
            "UpdatedModelPackageFields": ["ModelApprovalStatus"],
            "LastModifiedTime": at(second).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **detail,
        },
    }


def make_alarm_event(*, second: int = 30, state: str = "ALARM", name: str = ALARM) -> Event:
    """An alarm event, as in the CloudWatch user guide's example of a single-metric alarm."""
    return {
        "version": "0",
        "id": f"c4c1c1c9-6542-e61b-6ef0-8c4d36933a{second:02}",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": at(second).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{name}"],
        "detail": {
            "alarmName": name,
            "configuration": {"description": "The data drifted", "metrics": []},
            "previousState": {"reason": "quiet", "timestamp": "2026-03-01T11:00:00.000+0000", "value": "OK"},
            "state": {
                "reason": "Threshold Crossed: 1 datapoint [3.0] was not less than the threshold (1.0).",
                "reasonData": "{}",
                "timestamp": at(second, 987_000).strftime("%Y-%m-%dT%H:%M:%S.987+0000"),
                "value": state,
            },
        },
    }


def make_batch(*bodies: Event | str) -> Event:
    """An SQS batch; message n has the id "message-n". A body that is no dict goes in as it is."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "handle",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies, start=1)
        ]
    }


@pytest.fixture
def world() -> SimpleNamespace:
    """The names and the events that the tests share."""
    return SimpleNamespace(
        account=ACCOUNT,
        group=GROUP,
        stack=STACK,
        pipeline=PIPELINE,
        alarm=ALARM,
        at=at,
        package_arn=package_arn,
        package_event=make_package_event,
        alarm_event=make_alarm_event,
        batch=make_batch,
    )


@pytest.fixture
def lambda_context() -> LambdaContext:
    context = LambdaContext()
    context._function_name = "function"
    context._memory_limit_in_mb = 256
    context._invoked_function_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:function"
    context._aws_request_id = "request-1"
    return context


@pytest.fixture(scope="session")
def real_clients() -> dict[str, Any]:
    """boto3 clients with invented credentials, made once because it takes a while."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    return {service: session.client(service) for service in ("sagemaker", "cloudformation")}


@pytest.fixture
def stubs(real_clients: dict[str, Any]) -> Iterator[SimpleNamespace]:
    """A Stubber for each client: it checks each request against the AWS API and the test's expectation, in order."""
    stubbers = {service: Stubber(client) for service, client in real_clients.items()}
    for stubber in stubbers.values():
        stubber.activate()
    yield SimpleNamespace(**stubbers, clients=real_clients)
    for stubber in stubbers.values():
        stubber.assert_no_pending_responses()
        stubber.deactivate()


@pytest.fixture
def capture(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[Logger], None]:
    """Makes a logger write to the standard output that pytest captures now, not to the one when it was made.

    To be called within the test: pytest captures a fixture's and a test's output apart.
    """
    return lambda logger: monkeypatch.setattr(logger.registered_handler, "stream", sys.stdout)


@pytest.fixture
def log_lines(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """Returns the JSON lines written to standard output since the last call: logs and metrics."""

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    return read
