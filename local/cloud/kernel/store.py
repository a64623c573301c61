"""State in memory with a file behind it."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from local.cloud.kernel import scope

Records = dict[tuple[str, str, str], dict[str, Any]]


class Collection(MutableMapping[str, dict[str, Any]]):
    """Records by name, in insertion order, each seen only from its own account and region."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @staticmethod
    def _key(name: str) -> tuple[str, str, str]:
        here = scope.current()
        return here.account, here.region, name

    def __getitem__(self, name: str) -> dict[str, Any]:
        return self._records[self._key(name)]

    def __setitem__(self, name: str, record: dict[str, Any]) -> None:
        self._records[self._key(name)] = record

    def __delitem__(self, name: str) -> None:
        del self._records[self._key(name)]

    def __iter__(self) -> Iterator[str]:
        account, region, _ = self._key("")
        return iter([key[2] for key in list(self._records) if key[:2] == (account, region)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def all(self) -> list[tuple[scope.Scope, str, dict[str, Any]]]:
        """Every record with its scope and name: for background work over all accounts."""
        return [(scope.Scope(a, r), name, record) for (a, r, name), record in list(self._records.items())]


class Store:
    """Named collections with one lock; saved to a file on request and read back at the start."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._collections: dict[str, Records] = {}

    def collection(self, name: str) -> Collection:
        """The collection of that name, made on first use."""
        return Collection(self._collections.setdefault(name, {}))

    def save(self, path: Path) -> None:
        """Write everything, atomically. Pickle, because only this program reads its own private state folder."""
        with self.lock:
            payload = pickle.dumps(self._collections)
        part = path.with_suffix(".part")
        part.write_bytes(payload)
        os.replace(part, path)

    def load(self, path: Path) -> None:
        """Read back what `save` wrote, if anything; collections already handed out see it."""
        if path.exists():
            with self.lock:
                for name, records in pickle.loads(path.read_bytes()).items():
                    self._collections.setdefault(name, {}).update(records)

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            for records in self._collections.values():
                records.clear()


store = Store()
