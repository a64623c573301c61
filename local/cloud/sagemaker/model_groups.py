"""The model registry: model package groups."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from local.cloud.kernel import scope
from local.cloud.kernel.errors import ApiError, validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing, tags
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.job_kinds import now

groups = store.collection("model_package_groups")
packages = store.collection("model_packages")


def arn_of(name: str) -> str:
    """The ARN of a group."""
    return scope.current().arn("sagemaker", f"model-package-group/{name}")


def get(name_or_arn: str) -> dict[str, Any]:
    """The live record of a group.

    Raises:
        ApiError: ValidationException, in SageMaker's words, if there is none.
    """
    name = name_or_arn.rpartition("/")[2]
    record = groups.get(name)
    if record is None:
        raise validation_error(f"ModelPackageGroup {arn_of(name)} does not exist.")
    return record


@service.operation("CreateModelPackageGroup")
def create(request: dict[str, Any]) -> dict[str, Any]:
    """Make an empty group."""
    name = request["ModelPackageGroupName"]
    with store.lock:
        if name in groups:
            raise validation_error(f"Model Package Group already exists: {arn_of(name)}")
        groups[name] = {
            **{key: value for key, value in request.items() if key != "Tags"},
            "ModelPackageGroupArn": arn_of(name),
            "ModelPackageGroupStatus": "Completed",
            "CreationTime": now(),
            "CreatedBy": {},
            "LastVersion": 0,
        }
    tags.put(arn_of(name), request.get("Tags"))
    return {"ModelPackageGroupArn": arn_of(name)}


@service.operation("DescribeModelPackageGroup")
def describe(request: dict[str, Any]) -> dict[str, Any]:
    """The group; its packages are listed by ListModelPackages."""
    with store.lock:
        return deepcopy(get(request["ModelPackageGroupName"]))


@service.operation("ListModelPackageGroups")
def list_groups(request: dict[str, Any]) -> dict[str, Any]:
    """Summaries, filtered and paged."""
    names = {"name": "ModelPackageGroupName", "created": "CreationTime", "modified": "CreationTime", "status": ""}
    with store.lock:
        found = listing.select(deepcopy(list(groups.values())), request, **names)
    keys = {"CreationTime": "CreationTime", "Name": "ModelPackageGroupName"}
    shown, token = listing.page(listing.arrange(found, request, keys), request)
    return {"ModelPackageGroupSummaryList": shown, **token}


@service.operation("DeleteModelPackageGroup")
def delete(request: dict[str, Any]) -> dict[str, Any]:
    """Delete an empty group.

    Raises:
        ApiError: ConflictException while it has packages.
    """
    with store.lock:
        record = get(request["ModelPackageGroupName"])
        name = record["ModelPackageGroupName"]
        held = sum(1 for package in packages.values() if package.get("ModelPackageGroupName") == name)
        if held:
            raise ApiError(
                "ConflictException",
                f"Model Package Group {record['ModelPackageGroupArn']} cannot be deleted: it still contains "
                f"{held} model package(s). Delete the model packages first.",
            )
        del groups[name]
    tags.forget(record["ModelPackageGroupArn"])
    return {}
