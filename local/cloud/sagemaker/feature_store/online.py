"""The online store: of each record the one with the latest event time."""

from __future__ import annotations

import time
from dataclasses import dataclass

from local.cloud.kernel.store import Collection, store


@dataclass(frozen=True)
class Version:
    """A record at an event time (epoch seconds); `expires` is when it ends, in epoch seconds."""

    values: dict[str, str]
    event: float
    expires: float | None = None
    deleted: bool = False


def records(group: str) -> Collection:
    """A group's records by identifier."""
    return store.collection(f"feature_records/{group}")


def put(group: str, identifier: str, version: Version) -> None:
    """Keep this version, unless a later one is there already."""
    with store.lock:
        known = records(group)
        if identifier not in known or known[identifier]["event"] <= version.event:
            known[identifier] = {
                "values": version.values,
                "event": version.event,
                "expires": version.expires,
                "deleted": version.deleted,
            }


def get(group: str, identifier: str) -> Version | None:
    """The live version: neither deleted nor expired."""
    known = records(group).get(identifier)
    if known is None or known["deleted"] or (known["expires"] is not None and known["expires"] <= time.time()):
        return None
    return Version(**known)


def erase(group: str, identifier: str, event: float) -> None:
    """Forget the record altogether, unless a later version is there."""
    with store.lock:
        known = records(group)
        if identifier in known and known[identifier]["event"] <= event:
            del known[identifier]


def identifiers(group: str, *, with_deleted: bool) -> list[str]:
    """The identifiers of live records, and of soft-deleted ones if asked for."""
    known = records(group)
    return [
        identifier
        for identifier in known
        if get(group, identifier) is not None or (with_deleted and known[identifier]["deleted"])
    ]
