"""What every List operation does: filter, sort, page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local.cloud.kernel.errors import validation_error

Record = Mapping[str, Any]


def select(
    records: Iterable[Record], request: Mapping[str, Any], *, name: str, created: str, modified: str, status: str
) -> list[Record]:
    """The records that pass the request's filters; the other arguments name the records' own keys."""
    checks: list[Callable[[Record], bool]] = []

    def add(key: str, check: Callable[[Record, Any], bool]) -> None:
        if request.get(key) is not None:
            checks.append(lambda record, wanted=request[key]: check(record, wanted))  # type: ignore[misc]

    add("NameContains", lambda r, v: v.lower() in str(r.get(name, "")).lower())
    add("StatusEquals", lambda r, v: r.get(status) == v)
    for key in ("CreationTimeAfter", "CreatedAfter"):
        add(key, lambda r, v: r[created] > v)
    for key in ("CreationTimeBefore", "CreatedBefore"):
        add(key, lambda r, v: r[created] < v)
    add("LastModifiedTimeAfter", lambda r, v: r[modified] > v)
    add("LastModifiedTimeBefore", lambda r, v: r[modified] < v)
    return [record for record in records if all(check(record) for check in checks)]


def arrange(
    records: Iterable[Record], request: Mapping[str, Any], keys: Mapping[str, str], *, order: str = "Ascending"
) -> list[Record]:
    """Sorted by the key that `SortBy` means (the first of `keys` by default), in the order that is asked for."""
    key = keys[request.get("SortBy") or next(iter(keys))]
    descending = (request.get("SortOrder") or order) == "Descending"
    return sorted(records, key=lambda record: record[key], reverse=descending)


def page(records: list[Record], request: Mapping[str, Any], default: int = 10) -> tuple[list[Record], dict[str, str]]:
    """One page and, if there is more, the `NextToken` to merge into the answer.

    Raises:
        ApiError: ValidationException for a token that this function did not make.
    """
    start = _offset(request.get("NextToken"))
    end = start + int(request.get("MaxResults") or default)
    token = {"NextToken": base64.urlsafe_b64encode(f"offset:{end}".encode()).decode()} if end < len(records) else {}
    return records[start:end], token


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(token).decode().partition(":")
        if word == "offset":
            return int(number)
    except ValueError:
        pass
    raise validation_error("Invalid NextToken")
