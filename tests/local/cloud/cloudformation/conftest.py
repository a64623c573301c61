"""Stacks on a local cloud, driven with boto3, and the echo server's models from the tests of hosting."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloud.hosting.conftest import hosting

__all__ = ["hosting"]


def new(what: str) -> str:
    """A name that nobody has."""
    return f"{what}-{uuid.uuid4().hex[:8]}"


class Stack:
    """One stack: its life, and what CloudFormation tells of it."""

    def __init__(self, cloudformation: Any) -> None:
        self.client = cloudformation
        self.name = new("stack")

    def create(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None, **rest: Any) -> str:
        """Create it and wait; answers the status it ends with."""
        self.client.create_stack(StackName=self.name, TemplateBody=template(resources, outputs), **rest)
        return self.settled()

    def update(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None, **rest: Any) -> str:
        """Update it and wait; answers the status it ends with."""
        self.begin_update(resources, outputs, **rest)
        return self.settled()

    def begin_update(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None, **rest: Any) -> None:
        """Start an update."""
        self.client.update_stack(StackName=self.name, TemplateBody=template(resources, outputs), **rest)

    def delete(self) -> str:
        """Delete it and wait; answers DELETE_COMPLETE, or the status in which it stays."""
        try:
            identifier = self.describe()["StackId"]
        except ClientError:
            return "DELETE_COMPLETE"
        self.client.delete_stack(StackName=self.name)
        return self.settled(identifier)

    def settled(self, name: str = "", seconds: float = 60) -> str:
        """The status once nothing is under way any more."""
        deadline = time.monotonic() + seconds
        while (status := self.describe(name)["StackStatus"]).endswith("IN_PROGRESS"):
            assert time.monotonic() < deadline, f"{self.name} is still {status}"
            time.sleep(0.1)
        return str(status)

    def describe(self, name: str = "") -> dict[str, Any]:
        """What DescribeStacks says."""
        return dict(self.client.describe_stacks(StackName=name or self.name)["Stacks"][0])

    def outputs(self) -> dict[str, str]:
        """The outputs' values."""
        return {item["OutputKey"]: item["OutputValue"] for item in self.describe().get("Outputs", [])}

    def ids(self) -> dict[str, str]:
        """The physical id of each resource."""
        listed = self.client.describe_stack_resources(StackName=self.name)["StackResources"]
        return {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in listed}

    def reasons(self) -> dict[str, str]:
        """Why each resource failed that did, most recently."""
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        failed = (event for event in reversed(events) if "FAILED" in event["ResourceStatus"])
        return {event["LogicalResourceId"]: event.get("ResourceStatusReason", "") for event in failed}


def template(resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> str:
    """A template of resources, and of outputs given by their values."""
    values = {name: {"Value": value} for name, value in (outputs or {}).items()}
    return json.dumps({"Resources": resources, "Outputs": values})


def missing(call: Callable[..., Any], **request: Any) -> bool:
    """Whether the API says that it has no such thing."""
    try:
        call(**request)
    except ClientError as error:
        text = str(error).lower()
        return "not found" in text or "could not find" in text or "does not exist" in text or "notfound" in text
    return False


@pytest.fixture(scope="module")
def stacks(local_cloud: Any) -> Iterator[Callable[[], Stack]]:
    """Makes stacks; those that are left are deleted in the end."""
    client, made = local_cloud.client("cloudformation"), []

    def make() -> Stack:
        made.append(Stack(client))
        return made[-1]

    yield make
    for stack in reversed(made):
        stack.delete()
