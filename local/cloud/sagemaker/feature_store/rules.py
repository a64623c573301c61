"""What a feature group and a record must be, checked as Feature Store checks it."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from local.cloud.kernel.errors import validation_error

Definition = dict[str, Any]
RESERVED = {"is_deleted", "write_time", "api_invocation_time"}
SECONDS = {"Seconds": 1, "Minutes": 60, "Hours": 3600, "Days": 86400, "Weeks": 604800}
LARGEST_INTEGER = 2**63


def check_definition(group: Definition) -> None:
    """Refuse features that do not fit together.

    Raises:
        ApiError: ValidationException naming the feature.
    """
    types: dict[str, str] = {}
    for feature in group["FeatureDefinitions"]:
        name = feature["FeatureName"]
        if name in types:
            raise validation_error(f"Validation Error: FeatureDefinitions contains the feature {name} more than once.")
        if name.lower() in RESERVED:
            raise validation_error(f"Validation Error: The feature name {name} is reserved.")
        if "CollectionType" in feature:
            raise validation_error(f"the local cloud does not support collection features ({name})")
        types[name] = feature["FeatureType"]
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        if group[member] not in types:
            raise validation_error(f"Validation Error: {member} {group[member]} is not in FeatureDefinitions.")
    if types[group["EventTimeFeatureName"]] == "Integral":
        raise validation_error("Validation Error: EventTimeFeatureName must be of type String or Fractional.")


def typed_values(group: Definition, record: list[dict[str, Any]]) -> dict[str, str]:
    """A record's values by feature name, each checked against its type; features may be left out.

    Raises:
        ApiError: ValidationException for unknown, repeated or ill-typed features and for a missing record identifier
            or event time.
    """
    types = {feature["FeatureName"]: feature["FeatureType"] for feature in group["FeatureDefinitions"]}
    values: dict[str, str] = {}
    for item in record:
        name, value = item["FeatureName"], item.get("ValueAsString")
        if name not in types:
            raise validation_error(f"Validation Error: The feature {name} is not in the feature group.")
        if name in values:
            raise validation_error(f"Validation Error: The feature {name} is given more than once.")
        if "ValueAsStringList" in item:
            raise validation_error(f"Validation Error: The feature {name} is no collection; use ValueAsString.")
        if value is not None:
            if typed(types[name], value) is None:
                raise validation_error(f"Validation Error: The value '{value}' of {name} is not of type {types[name]}.")
            values[name] = value
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        if not values.get(group[member]):
            raise validation_error(f"Validation Error: The record has no value for {group[member]} ({member}).")
    return values


def typed(kind: str, value: str) -> str | int | float | None:
    """The value as the type that the offline store holds, or None if it is none."""
    if kind == "String":
        return value
    try:
        if kind == "Integral":
            whole = int(value)
            return whole if -LARGEST_INTEGER <= whole < LARGEST_INTEGER else None
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def event_seconds(value: str) -> float:
    """An event time in epoch seconds, from Unix seconds or from ISO-8601.

    Raises:
        ApiError: ValidationException for anything else. Source: SageMaker developer guide, "Feature Store concepts".
    """
    try:
        return float(value)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
        if "T" in value:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except ValueError:
        pass
    raise validation_error(
        f"Validation Error: The event time '{value}' is neither Unix seconds nor ISO-8601 (yyyy-MM-dd'T'HH:mm:ssZ)."
    )


def expiry(group: Definition, own: dict[str, Any] | None, event: float) -> float | None:
    """When a record ends, in epoch seconds: its event time and its own time to live, or else the group's."""
    ttl = own or group.get("OnlineStoreConfig", {}).get("TtlDuration")
    return event + ttl["Value"] * SECONDS[ttl["Unit"]] if ttl else None
