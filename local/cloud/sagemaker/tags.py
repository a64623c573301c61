"""Tags of every SageMaker resource, by ARN."""

from __future__ import annotations

from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing
from local.cloud.sagemaker.control import service

MOST_TAGS = 50
_tags = store.collection("tags")


def put(arn: str, tags: list[dict[str, str]] | None) -> None:
    """Add tags of a request (`[{"Key", "Value"}]`) to a resource.

    Raises:
        ApiError: ValidationException over SageMaker's limit of 50 tags.
    """
    if not tags:
        return
    with store.lock:
        merged = {**as_dict(arn), **{tag["Key"]: tag["Value"] for tag in tags}}
        if len(merged) > MOST_TAGS:
            raise validation_error(f"a resource has at most {MOST_TAGS} tags, not {len(merged)}")
        _tags[arn] = {"Tags": merged}


def as_dict(arn: str) -> dict[str, str]:
    """A resource's tags by key."""
    return dict(_tags.get(arn, {}).get("Tags", {}))


def forget(arn: str) -> None:
    """Drop the tags of a resource that is deleted."""
    _tags.pop(arn, None)


def _as_list(arn: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in as_dict(arn).items()]


@service.operation("AddTags")
def add_tags(request: dict[str, Any]) -> dict[str, Any]:
    """Add or overwrite; answers all the resource's tags."""
    put(request["ResourceArn"], request["Tags"])
    return {"Tags": _as_list(request["ResourceArn"])}


@service.operation("ListTags")
def list_tags(request: dict[str, Any]) -> dict[str, Any]:
    """The resource's tags."""
    found, token = listing.page(list[listing.Record](_as_list(request["ResourceArn"])), request, default=MOST_TAGS)
    return {"Tags": found, **token}


@service.operation("DeleteTags")
def delete_tags(request: dict[str, Any]) -> dict[str, Any]:
    """Remove by key; keys that are not there are ignored."""
    with store.lock:
        left = {key: value for key, value in as_dict(request["ResourceArn"]).items() if key not in request["TagKeys"]}
        _tags[request["ResourceArn"]] = {"Tags": left}
    return {}
