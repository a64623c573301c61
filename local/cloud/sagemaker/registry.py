"""The model registry: model packages, their versions and their approval."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

from local.cloud.kernel import events, scope
from local.cloud.kernel.errors import ApiError, validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing, model_groups, tags
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.job_kinds import now
from local.cloud.sagemaker.model_groups import packages

_CHANGEABLE = (
    "ModelApprovalStatus",
    "ModelPackageRegistrationType",
    "ApprovalDescription",
    "InferenceSpecification",
    "SourceUri",
    "ModelCard",
    "ModelLifeCycle",
)
_NOT_STORED = {"Tags", "ClientToken"}
_tokens = store.collection("model_package_tokens")


def get(name_or_arn: str) -> dict[str, Any]:
    """The live record of a package, by its ARN or, for one without a group, by its name.

    Raises:
        ApiError: ValidationException, in SageMaker's words, if there is none.
    """
    arn = name_or_arn if name_or_arn.startswith("arn:") else _arn(name_or_arn)
    record = packages.get(arn)
    if record is None:
        raise validation_error(f"ModelPackage {arn} does not exist.")
    return record


def _arn(path: str) -> str:
    return scope.current().arn("sagemaker", f"model-package/{path}")


@service.operation("CreateModelPackage")
def create(request: dict[str, Any]) -> dict[str, Any]:
    """Register the next version of a group, or a package without a group.

    Raises:
        ApiError: ValidationException for what SageMaker refuses; validation jobs are not done here.
    """
    group, name = request.get("ModelPackageGroupName"), request.get("ModelPackageName")
    if group and name:
        raise validation_error(
            "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one "
            "to use."
        )
    if not group and not name:
        raise validation_error("Missing ARN.")
    if request.get("ValidationSpecification"):
        raise validation_error("the local cloud does not run ValidationSpecification's jobs on a model package")
    with store.lock:
        known = _tokens.get(request.get("ClientToken") or "")
        if known:
            return {"ModelPackageArn": known["Arn"]}
        record = _versioned(request, group) if group else _unversioned(request, str(name))
        packages[record["ModelPackageArn"]] = record
        if request.get("ClientToken"):
            _tokens[request["ClientToken"]] = {"Arn": record["ModelPackageArn"]}
    tags.put(record["ModelPackageArn"], request.get("Tags"))
    announce(record)
    return {"ModelPackageArn": record["ModelPackageArn"]}


def _versioned(request: dict[str, Any], group_name: str) -> dict[str, Any]:
    group = model_groups.get(group_name)
    name = group["ModelPackageGroupName"]
    group["LastVersion"] += 1  # a version's number is never used again, even if the version is deleted
    path = f"{name}/{group['LastVersion']}"
    own = {
        "ModelPackageName": path,
        "ModelPackageGroupName": name,
        "ModelPackageVersion": group["LastVersion"],
        "ModelApprovalStatus": request.get("ModelApprovalStatus", "PendingManualApproval"),
    }
    return {**_record(request, path), **own}


def _unversioned(request: dict[str, Any], name: str) -> dict[str, Any]:
    if _arn(name) in packages:
        raise ApiError("ConflictException", f"Model Package {_arn(name)} already exists.")
    if "InferenceSpecification" not in request and "SourceAlgorithmSpecification" not in request:
        raise validation_error("Either InferenceSpecification or SourceAlgorithmSpecification is required")
    return _record(request, name)


def _record(request: dict[str, Any], path: str) -> dict[str, Any]:
    moment = now()
    return {
        **{key: value for key, value in request.items() if key not in _NOT_STORED},
        "ModelPackageArn": _arn(path),
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": request.get("CertifyForMarketplace", False),
        "CreationTime": moment,
        "LastModifiedTime": moment,
        "CreatedBy": {},
    }


@service.operation("DescribeModelPackage")
def describe(request: dict[str, Any]) -> dict[str, Any]:
    """The package as it stands."""
    with store.lock:
        return deepcopy(get(request["ModelPackageName"]))


@service.operation("ListModelPackages")
def list_packages(request: dict[str, Any]) -> dict[str, Any]:
    """Summaries: of one group, of those without a group (the default), or of both kinds."""
    group = request.get("ModelPackageGroupName")
    if group:
        group = model_groups.get(group)["ModelPackageGroupName"]
    kind = request.get("ModelPackageType") or ("Versioned" if group else "Unversioned")
    wanted = request.get("ModelApprovalStatus")
    with store.lock:
        records = deepcopy(list(packages.values()))
    records = [
        record
        for record in records
        if (not group or record.get("ModelPackageGroupName") == group)
        and (kind == "Both" or ("ModelPackageGroupName" in record) == (kind == "Versioned"))
        and (not wanted or record.get("ModelApprovalStatus") == wanted)
    ]
    names = {"name": "ModelPackageName", "created": "CreationTime", "modified": "LastModifiedTime", "status": ""}
    found = listing.select(records, request, **names)
    keys = {"CreationTime": "CreationTime", "Name": "ModelPackageName"}
    shown, token = listing.page(listing.arrange(found, request, keys), request)
    return {"ModelPackageSummaryList": [_summary(record) for record in shown], **token}


def _summary(record: listing.Record) -> dict[str, Any]:
    """As SageMaker's: a version of a group has no ModelPackageName in a list."""
    hidden = {"ModelPackageName"} if "ModelPackageGroupName" in record else set()
    return {key: value for key, value in record.items() if key not in hidden}


@service.operation("UpdateModelPackage")
def update(request: dict[str, Any]) -> dict[str, Any]:
    """Approve, reject, describe; tells EventBridge which fields were in the request."""
    with store.lock:
        record = get(request["ModelPackageArn"])
        changes = {key: request[key] for key in _CHANGEABLE if key in request}
        if "ModelApprovalStatus" in changes and "ModelPackageGroupName" not in record:
            raise validation_error("ModelApprovalStatus is only for model packages in a model package group")
        fields = list(changes)
        properties = dict(record.get("CustomerMetadataProperties", {}))
        properties.update(request.get("CustomerMetadataProperties", {}))
        for key in request.get("CustomerMetadataPropertiesToRemove", []):
            properties.pop(key, None)
        if properties != record.get("CustomerMetadataProperties", {}):
            changes["CustomerMetadataProperties"] = properties
            fields.append("CustomerMetadataProperties")
        added = request.get("AdditionalInferenceSpecificationsToAdd")
        if added:
            key = "AdditionalInferenceSpecifications"
            changes[key] = [*record.get(key, []), *added]
            fields.append(key)
        record.update(changes, LastModifiedTime=now(), LastModifiedBy={})
    announce(record, fields)
    return {"ModelPackageArn": record["ModelPackageArn"]}


@service.operation("DeleteModelPackage")
def delete(request: dict[str, Any]) -> dict[str, Any]:
    """Delete a package; its version number is not used again."""
    with store.lock:
        record = get(request["ModelPackageName"])
        del packages[record["ModelPackageArn"]]
    tags.forget(record["ModelPackageArn"])
    return {}


def announce(record: dict[str, Any], updated: list[str] | None = None) -> None:
    """Tell EventBridge the package's state; this event's times are ISO 8601, as in SageMaker's examples."""
    with store.lock:
        detail = deepcopy(record)
    detail = {key: _iso(value) if isinstance(value, datetime) else value for key, value in detail.items()}
    if updated:
        detail["UpdatedModelPackageFields"] = updated
    events.emit("aws.sagemaker", "SageMaker Model Package State Change", detail, [record["ModelPackageArn"]])


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
