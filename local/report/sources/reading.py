"""Reading that may find nothing: what fails is noted, and the rest of the page is still made."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlparse

from botocore.exceptions import BotoCoreError, ClientError

from local.report.facts import Gap

T = TypeVar("T")
Cloud = Callable[[str], Any]
"""Gives the boto3 client of a service."""

# A service says no, cannot be reached, or answers in another shape than its documentation's.
UNREADABLE = (BotoCoreError, ClientError, LookupError, TypeError, ValueError, AttributeError)


@dataclass
class Reader:
    """Calls readers and notes those that fail."""

    gaps: list[Gap] = field(default_factory=list)

    def attempt(self, what: str, read: Callable[[], T], otherwise: T) -> T:
        """What `read()` gives, or `otherwise` if it cannot; the reason is noted under `what`."""
        try:
            return read()
        except UNREADABLE as error:
            self.gaps.append(Gap(what, f"{type(error).__name__}: {error}"))
            return otherwise


def pages(client: Any, operation: str, key: str, **arguments: Any) -> list[dict[str, Any]]:
    """All items of a paginated operation."""
    found: list[dict[str, Any]] = []
    for page in client.get_paginator(operation).paginate(**arguments):
        found += page.get(key, [])
    return found


def json_object(s3: Any, uri: str) -> dict[str, Any]:
    """The JSON object at an S3 URI.

    Raises: ClientError if there is none; ValueError if it holds no JSON object.
    """
    parts = urlparse(uri)
    body = s3.get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))["Body"].read()
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError(f"{uri} holds no JSON object")
    return document


def moment(value: Any) -> datetime | None:
    """A time of an API or an ISO 8601 text, in UTC; None if there is none or it cannot be read."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def number(value: Any) -> float | None:
    """A finite number; None for anything else, such as the text `NaN`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < float("inf") else None
