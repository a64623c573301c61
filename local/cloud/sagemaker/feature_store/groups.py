"""Feature groups: the API that creates, describes, extends and deletes them."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.kernel import background, events, scope
from local.cloud.kernel.errors import ApiError, in_use, not_found, validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing, roles, s3io, tags
from local.cloud.sagemaker.control import service
from local.cloud.sagemaker.feature_store import catalog, offline, online, rules

Request = dict[str, Any]
log = logging.getLogger("local.cloud.sagemaker.feature_store")
EVENT = "SageMaker Feature Group State Change"
groups = store.collection("feature_groups")


@service.operation("CreateFeatureGroup")
def create_feature_group(request: Request) -> Request:
    """Create a feature group; it is Creating until its Glue table exists.

    Raises:
        ApiError: for a taken name, features that do not fit together, no store at all, a role that SageMaker cannot
            assume, and for kinds of stores that the local cloud does not have.
    """
    name = request["FeatureGroupName"]
    if name in groups:
        raise in_use(f"Resource Already Exists: FeatureGroup with name {name} already exists. Choose a different name.")
    rules.check_definition(request)
    _check_stores(request)
    now, arn = datetime.now(UTC), _arn(name)
    record = {
        **{member: value for member, value in request.items() if member != "Tags"},
        "FeatureGroupArn": arn,
        "FeatureGroupStatus": "Creating",
        "CreationTime": now,
        "LastModifiedTime": now,
    }
    if "OfflineStoreConfig" in request:
        record["OfflineStoreConfig"] = _offline_config(request["OfflineStoreConfig"], name, now)
        record["OfflineStoreStatus"] = {"Status": "Active"}
    with store.lock:
        tags.put(arn, request.get("Tags"))
        groups[name] = record
    _changed(record)
    background.spawn(f"create {name}", _create, name)
    return {"FeatureGroupArn": arn}


@service.operation("DescribeFeatureGroup")
def describe_feature_group(request: Request) -> Request:
    """The feature group as it is now."""
    return find(request["FeatureGroupName"])


@service.operation("UpdateFeatureGroup")
def update_feature_group(request: Request) -> Request:
    """Add features, or change the online store's time to live.

    Raises:
        ApiError: for an unknown group, one that is not Created, and features that are there already.
    """
    record = find(request["FeatureGroupName"])
    if record["FeatureGroupStatus"] != "Created":
        raise validation_error(f"FeatureGroup {record['FeatureGroupName']} is {record['FeatureGroupStatus']}.")
    added = request.get("FeatureAdditions", [])
    definition = {**record, "FeatureDefinitions": [*record["FeatureDefinitions"], *added]}
    rules.check_definition(definition)
    online_config = {**record.get("OnlineStoreConfig", {}), **request.get("OnlineStoreConfig", {})}
    with store.lock:
        record.update(
            FeatureDefinitions=definition["FeatureDefinitions"],
            LastModifiedTime=datetime.now(UTC),
            LastUpdateStatus={"Status": "Successful"},
        )
        if online_config:
            record["OnlineStoreConfig"] = online_config
    catalog.update_table(record)
    _changed(record)
    return {"FeatureGroupArn": record["FeatureGroupArn"]}


@service.operation("ListFeatureGroups")
def list_feature_groups(request: Request) -> Request:
    """Feature group summaries."""
    found = listing.select(
        list(groups.values()),
        request,
        name="FeatureGroupName",
        created="CreationTime",
        modified="LastModifiedTime",
        status="FeatureGroupStatus",
    )
    wanted, stored = request.get("FeatureGroupStatusEquals"), request.get("OfflineStoreStatusEquals")
    kept = [
        record
        for record in found
        if wanted in (None, record["FeatureGroupStatus"])
        and stored in (None, record.get("OfflineStoreStatus", {"Status": "Disabled"})["Status"])
    ]
    keys = {"CreationTime": "CreationTime", "Name": "FeatureGroupName", "FeatureGroupStatus": "FeatureGroupStatus"}
    chosen, token = listing.page(listing.arrange(kept, request, keys, order="Descending"), request)
    return {"FeatureGroupSummaries": [dict(record) for record in chosen], **token}


@service.operation("DeleteFeatureGroup")
def delete_feature_group(request: Request) -> None:
    """Delete the group and its online records; what is in S3 and in Glue stays, as in SageMaker."""
    record = find(request["FeatureGroupName"])
    with store.lock:
        record["FeatureGroupStatus"] = "Deleting"
    _changed(record)
    background.spawn(f"delete {record['FeatureGroupName']}", _delete, record)


def find(name_or_arn: str) -> Request:
    """The record of a feature group by name or ARN.

    Raises:
        ApiError: ResourceNotFound in SageMaker's words if there is none.
    """
    name = name_or_arn.rpartition("/")[2]
    try:
        return groups[name]
    except KeyError:
        message = f"Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name {name}."
        raise not_found(message) from None


def _arn(name: str) -> str:
    return scope.current().arn("sagemaker", f"feature-group/{name.lower()}")


def _check_stores(request: Request) -> None:
    has_online = request.get("OnlineStoreConfig", {}).get("EnableOnlineStore", False)
    if not has_online and "OfflineStoreConfig" not in request:
        raise validation_error(
            "Validation Error: At least one of OnlineStoreConfig and OfflineStoreConfig is required."
        )
    if request.get("OnlineStoreConfig", {}).get("StorageType") == "InMemory":
        raise _unsupported("the InMemory storage type")
    if "OfflineStoreConfig" not in request:
        return
    if request["OfflineStoreConfig"].get("TableFormat") == "Iceberg":
        raise _unsupported("Iceberg tables in the offline store")
    if "RoleArn" not in request:
        raise validation_error("Validation Error: RoleArn is required for the offline store.")
    roles.require(request["RoleArn"])


def _unsupported(what: str) -> ApiError:
    return validation_error(f"the local cloud does not support {what} (see local/README.md for what it does)")


def _offline_config(given: Request, name: str, now: datetime) -> Request:
    here, epoch = scope.current(), int(now.timestamp())
    storage = dict(given["S3StorageConfig"])
    storage["ResolvedOutputS3Uri"] = s3io.join(
        storage["S3Uri"], here.account, "sagemaker", here.region, "offline-store", f"{name}-{epoch}", "data"
    )
    table = f"{name.replace('-', '_')}_{epoch}".lower()
    default = {"TableName": table, "Catalog": "AwsDataCatalog", "Database": catalog.DATABASE}
    config = {"DisableGlueTableCreation": False, "TableFormat": "Glue", **given, "S3StorageConfig": storage}
    if not config["DisableGlueTableCreation"]:
        config.setdefault("DataCatalogConfig", default)
    return config


def _create(name: str) -> None:
    record = groups[name]
    try:
        catalog.create_table(record)
    except (ClientError, BotoCoreError) as error:
        log.error("feature group %s: %s", name, error)
        record.update(FeatureGroupStatus="CreateFailed", FailureReason=str(error))
    else:
        record["FeatureGroupStatus"] = "Created"
    _changed(record)


def _delete(record: Request) -> None:
    name = record["FeatureGroupName"]
    offline.flush(record)
    offline.forget(name)
    with store.lock:
        online.records(name).clear()
        groups.pop(name, None)
        tags.forget(record["FeatureGroupArn"])


def _changed(record: Request) -> None:
    detail = {member: value for member, value in record.items() if member != "LastModifiedTime"}
    detail["Tags"] = tags.as_dict(record["FeatureGroupArn"])
    events.emit("aws.sagemaker", EVENT, detail, [record["FeatureGroupArn"]])
