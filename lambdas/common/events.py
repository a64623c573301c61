"""EventBridge events as they arrive in the body of an SQS message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lambdas.common.errors import MalformedEventError


@dataclass(frozen=True)
class PlatformEvent:
    """An EventBridge event: its envelope, checked, and its detail, left to the function that knows its kind."""

    id: str
    source: str
    detail_type: str
    time: datetime
    resources: tuple[str, ...]
    detail: Mapping[str, Any]


def parse_event(body: str) -> PlatformEvent:
    """Read an EventBridge event from the body of an SQS message.

    Raises:
        MalformedEventError: the body is not JSON, or a part of the envelope is missing or of the wrong type.
    Source: Amazon EventBridge user guide, "AWS service event metadata".
    """
    try:
        event = json.loads(body)
    except json.JSONDecodeError as error:
        raise MalformedEventError(f"the message body is not JSON ({error}): {shorten(body)}") from error
    if not isinstance(event, dict):
        raise MalformedEventError(f"the message body is not a JSON object: {shorten(body)}")
    detail = event.get("detail")
    if not isinstance(detail, dict):
        raise MalformedEventError(f"detail must be an object, got {shorten(detail)}")
    resources = event.get("resources", [])
    if not isinstance(resources, list) or not all(isinstance(resource, str) for resource in resources):
        raise MalformedEventError(f"resources must be a list of ARNs, got {shorten(resources)}")
    return PlatformEvent(
        id=require_text(event, "id"),
        source=require_text(event, "source"),
        detail_type=require_text(event, "detail-type"),
        time=require_time(event, "time"),
        resources=tuple(resources),
        detail=detail,
    )


def require_kind(event: PlatformEvent, *, source: str, detail_type: str) -> None:
    """Refuse an event of another kind than the function is made for.

    Raises:
        MalformedEventError: the source or the detail type differ.
    """
    if (event.source, event.detail_type) != (source, detail_type):
        raise MalformedEventError(
            f"expected {source!r} {detail_type!r}, got {event.source!r} {event.detail_type!r}: "
            "the rule's pattern and the function do not fit together"
        )


def require_text(values: Mapping[str, Any], key: str) -> str:
    """Return a non-empty string of an event.

    Raises:
        MalformedEventError: the key is missing, or its value is not a non-empty string.
    """
    value = values.get(key)
    if not isinstance(value, str) or not value:
        raise MalformedEventError(f"{key} must be a non-empty string, got {shorten(value)}")
    return value


def require_time(values: Mapping[str, Any], key: str) -> datetime:
    """Return a moment of an event, in UTC.

    AWS writes them in ISO 8601 (with "Z" or "+0000") or, in the details of some SageMaker events, in
    milliseconds since 1970, as a number or as a string of digits.

    Raises:
        MalformedEventError: the key is missing, or its value is none of these.
    """
    value = values.get(key)
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        if isinstance(value, str) and value.isdecimal() and value.isascii():
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedEventError(f"{key} must be a time, got {shorten(value)} ({error})") from error
    raise MalformedEventError(f"{key} must be a time, got {shorten(value)}")


def shorten(value: object, *, limit: int = 200) -> str:
    """Show a value in a log line, cut to `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}..."
