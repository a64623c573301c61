"""The environment's CloudFormation stacks."""

from __future__ import annotations

from typing import Any

from infra import naming
from local.report.facts import Stack
from local.report.sources.reading import Cloud, Reader, moment, pages


def read(cloud: Cloud, environment: str, reader: Reader) -> tuple[Stack, ...]:
    """The stacks of the environment that are not deleted, in the order of their creation."""
    cloudformation = cloud("cloudformation")
    prefix = f"{naming.environment_name(environment)}-"
    listed = pages(cloudformation, "describe_stacks", "Stacks")
    ours = [found for found in listed if _is_ours(found, prefix)]
    ours.sort(key=lambda found: str(found.get("CreationTime")))
    return tuple(_stack(cloudformation, found, reader) for found in ours)


def _is_ours(found: dict[str, Any], prefix: str) -> bool:
    return str(found["StackName"]).startswith(prefix) and found.get("StackStatus") != "DELETE_COMPLETE"


def _stack(cloudformation: Any, found: dict[str, Any], reader: Reader) -> Stack:
    name = found["StackName"]

    def resources() -> int | None:
        return len(pages(cloudformation, "list_stack_resources", "StackResourceSummaries", StackName=name))

    return Stack(
        name=name,
        status=found.get("StackStatus", "unknown"),
        resources=reader.attempt(f"resources of {name}", resources, None),
        updated=moment(found.get("LastUpdatedTime") or found.get("CreationTime")),
        reason=found.get("StackStatusReason", ""),
    )
