"""The runtime API: records put, read and deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from local.cloud.kernel.errors import ApiError, not_found, validation_error
from local.cloud.sagemaker import listing
from local.cloud.sagemaker.data_plane import code_of
from local.cloud.sagemaker.feature_store import groups, offline, online, rules
from local.cloud.sagemaker.featurestore_runtime import service

Request = dict[str, Any]


@service.operation("PutRecord")
def put_record(request: Request) -> None:
    """Write a record to the online store, the offline store, or both.

    Raises:
        ApiError: for an unknown group, a record that does not fit it, and a store that it does not have.
    """
    group = _usable(request["FeatureGroupName"])
    values = rules.typed_values(group, request["Record"])
    event = rules.event_seconds(values[group["EventTimeFeatureName"]])
    stores = _stores(group, request.get("TargetStores"))
    if "OnlineStore" in stores:
        expires = rules.expiry(group, request.get("TtlDuration"), event)
        identifier = values[group["RecordIdentifierFeatureName"]]
        online.put(group["FeatureGroupName"], identifier, online.Version(values, event, expires))
    if "OfflineStore" in stores:
        offline.append(group, values, event)


@service.operation("GetRecord")
def get_record(request: Request) -> Request:
    """The latest record of that identifier; no Record where there is none."""
    group = _online(request["FeatureGroupName"])
    return _read(group, request["RecordIdentifierValueAsString"], request)


@service.operation("DeleteRecord")
def delete_record(request: Request) -> None:
    """Delete a record online, softly (its event time still guards against older writes) or for good; the offline
    store gets a row that says so."""
    group = _usable(request["FeatureGroupName"])
    identifier, event_time = request["RecordIdentifierValueAsString"], request["EventTime"]
    event = rules.event_seconds(event_time)
    stores = _stores(group, request.get("TargetStores"))
    values = {group["RecordIdentifierFeatureName"]: identifier, group["EventTimeFeatureName"]: event_time}
    if "OnlineStore" in stores:
        if request.get("DeletionMode") == "HardDelete":
            online.erase(group["FeatureGroupName"], identifier, event)
        else:
            expires = rules.expiry(group, None, event)
            online.put(group["FeatureGroupName"], identifier, online.Version(values, event, expires, deleted=True))
    if "OfflineStore" in stores:
        offline.append(group, values, event, deleted=True)


@service.operation("BatchGetRecord")
def batch_get_record(request: Request) -> Request:
    """Records of several groups; what cannot be read is among the errors, what is not there is left out."""
    found: list[Request] = []
    errors: list[Request] = []
    for wanted in request["Identifiers"]:
        for identifier in wanted["RecordIdentifiersValueAsString"]:
            key = {"FeatureGroupName": wanted["FeatureGroupName"], "RecordIdentifierValueAsString": identifier}
            options = {**wanted, "ExpirationTimeResponse": request.get("ExpirationTimeResponse")}
            try:
                answer = _read(_online(wanted["FeatureGroupName"]), identifier, options)
            except ApiError as error:
                errors.append({**key, "ErrorCode": code_of(error), "ErrorMessage": error.message})
            else:
                found += [{**key, **answer}] if answer else []
    return {"Records": found, "Errors": errors, "UnprocessedIdentifiers": []}


@service.operation("BatchWriteRecord")
def batch_write_record(request: Request) -> Request:
    """Write several records; those that are refused are among the errors, the others are written."""
    errors: list[Request] = []
    for entry in request["Entries"]:
        try:
            put_record({"TtlDuration": request.get("TtlDuration"), **entry})
        except ApiError as error:
            errors.append({"Entry": entry, "ErrorCode": code_of(error), "ErrorMessage": error.message})
    return {"Errors": errors, "UnprocessedEntries": []}


@service.operation("ListRecords")
def list_records(request: Request) -> Request:
    """The identifiers in a group's online store."""
    group = _online(request["FeatureGroupName"])
    found = online.identifiers(group["FeatureGroupName"], with_deleted=request.get("IncludeSoftDeletedRecords", False))
    chosen, token = listing.page([{"id": identifier} for identifier in found], request, default=100)
    return {"RecordIdentifiers": [record["id"] for record in chosen], **token}


def _usable(name: str) -> Request:
    group = groups.find(name)
    if group["FeatureGroupStatus"] not in ("Created", "DeleteFailed"):
        raise not_found(f"Resource Not Found: FeatureGroup {name} is {group['FeatureGroupStatus']}.")
    return group


def _online(name: str) -> Request:
    group = _usable(name)
    _stores(group, ["OnlineStore"])
    return group


def _stores(group: Request, targets: list[str] | None) -> set[str]:
    enabled = {"OfflineStore"} if "OfflineStoreConfig" in group else set()
    if group.get("OnlineStoreConfig", {}).get("EnableOnlineStore"):
        enabled.add("OnlineStore")
    for target in targets or ():
        if target not in enabled:
            raise validation_error(f"Validation Error: {group['FeatureGroupName']} has no {target} enabled.")
    return set(targets) if targets else enabled


def _read(group: Request, identifier: str, options: Request) -> Request:
    known = {feature["FeatureName"] for feature in group["FeatureDefinitions"]}
    wanted = options.get("FeatureNames")
    if unknown := sorted(set(wanted or ()) - known):
        raise validation_error(f"Validation Error: The features {', '.join(unknown)} are not in the feature group.")
    version = online.get(group["FeatureGroupName"], identifier)
    if version is None:
        return {}
    names = [feature["FeatureName"] for feature in group["FeatureDefinitions"]]
    kept = [name for name in names if name in version.values and (not wanted or name in wanted)]
    answer: Request = {"Record": [{"FeatureName": name, "ValueAsString": version.values[name]} for name in kept]}
    if options.get("ExpirationTimeResponse") == "Enabled" and version.expires is not None:
        answer["ExpiresAt"] = datetime.fromtimestamp(version.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return answer
