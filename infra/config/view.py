"""The readable parts of a document, typed: rules see only what the check of keys and types has passed."""

from __future__ import annotations

from typing import Any, TypeVar

from infra.config.base import Config
from infra.config.source import Document, KeyPath
from infra.config.structure import Structure

C = TypeVar("C", bound=Config)
T = TypeVar("T")


class UnreadableError(LookupError):
    """A rule asked for a part that is missing or refused; the mistake there is already reported."""


class View:
    """Typed access to the parts of a document that are free of mistakes, so that each rule runs if it can."""

    def __init__(self, document: Document, structure: Structure) -> None:
        self.document = document
        self.problems = structure.problems
        self._broken = structure.broken
        self._data = _pruned(document.data, structure.unknown, ())

    def section(self, kind: type[C], *path: str | int) -> C:
        """The mapping at `path` as `kind`. Raises UnreadableError if there is a mistake in it."""
        return kind.model_validate(self._read(path))

    def value(self, kind: type[T], *path: str | int) -> T:
        """The plain value at `path`. Raises UnreadableError if there is a mistake in it."""
        value = self._read(path)
        if not isinstance(value, kind):
            raise UnreadableError(path)
        return value

    def _read(self, path: KeyPath) -> Any:
        if any(_overlap(path, broken) for broken in self._broken):
            raise UnreadableError(path)
        node = self._data
        for key in path:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError) as error:
                raise UnreadableError(path) from error
        return node


def _overlap(one: KeyPath, other: KeyPath) -> bool:
    depth = min(len(one), len(other))
    return one[:depth] == other[:depth]


def _pruned(value: Any, unknown: frozenset[KeyPath], path: KeyPath) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if (*path, key) not in unknown}
        return {key: _pruned(item, unknown, (*path, key)) for key, item in kept.items()}
    if isinstance(value, list):
        return [_pruned(item, unknown, (*path, index)) for index, item in enumerate(value)]
    return value
