"""The stored records of models, endpoint configurations and endpoints, and the errors about their names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.cloud.kernel import events, scope
from local.cloud.kernel.errors import ApiError, validation_error
from local.cloud.kernel.store import Collection, store
from local.cloud.sagemaker import listing, tags

models = store.collection("models")
configs = store.collection("endpoint_configs")
endpoints = store.collection("endpoints")

KINDS = {"model": "model", "endpoint-config": "endpoint configuration", "endpoint": "endpoint"}


def arn(kind: str, name: str) -> str:
    """The ARN of a `model`, `endpoint-config` or `endpoint`, which SageMaker writes in lower case."""
    return scope.current().arn("sagemaker", f"{kind}/{name.lower()}")


def find(records: Collection, kind: str, name: str) -> dict[str, Any]:
    """The record of that name, which may be in lower case, as SageMaker writes it in ARNs.

    Raises:
        ApiError: ValidationException in SageMaker's words if there is none.
    """
    record = records.get(name) or next((found for known, found in records.items() if known.lower() == name), None)
    if record is None:
        raise validation_error(f'Could not find {KINDS[kind]} "{arn(kind, name)}".')
    return record


def refuse_existing(records: Collection, kind: str, name: str) -> None:
    """Raises: ApiError (ValidationException) if the name is taken."""
    if name in records:
        raise validation_error(f'Cannot create already existing {KINDS[kind]} "{arn(kind, name)}".')


def add(records: Collection, kind: str, name: str, record: dict[str, Any]) -> str:
    """Store a new record with its tags; answers its ARN.

    Raises:
        ApiError: ValidationException if the name is taken.
    """
    own = arn(kind, name)
    with store.lock:
        refuse_existing(records, kind, name)
        tags.put(own, record.pop("Tags", None))
        records[name] = record
    return own


def remove(records: Collection, kind: str, name: str) -> None:
    """Forget a record and its tags."""
    with store.lock:
        records.pop(name, None)
        tags.forget(arn(kind, name))


def changed(detail_type: str, resource_arn: str, detail: Mapping[str, Any]) -> None:
    """Send the event that SageMaker sends when a resource comes, goes or changes its state."""
    events.emit("aws.sagemaker", detail_type, {**detail, "Tags": tags.as_dict(resource_arn)}, [resource_arn])


def page(
    request: dict[str, Any], records: Collection, *, name: str, status: str = "", modified: str = "CreationTime"
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """One page of a List operation, the newest first as SageMaker lists, and its NextToken if there is more."""
    found = listing.select(
        list(records.values()), request, name=name, created="CreationTime", modified=modified, status=status
    )
    keys = {"CreationTime": "CreationTime", "Name": name, "Status": status, "LastModifiedTime": modified}
    chosen, token = listing.page(listing.arrange(found, request, keys, order="Descending"), request)
    return [dict(record) for record in chosen], token


def unsupported(what: str) -> ApiError:
    """The local cloud's refusal of a part of the API that it does not do: never a silent success."""
    return validation_error(f"the local cloud does not support {what} (see local/README.md for what it does)")


def now() -> datetime:
    """The time as API answers give it."""
    return datetime.now(UTC)
