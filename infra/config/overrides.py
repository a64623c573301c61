"""An environment's overrides laid over a model's own file, each value keeping the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.config.source import Document, KeyPath


def merge(base: Document, override: Document) -> Document:
    """`base` with `override` laid over it: mappings are merged key by key, anything else is replaced whole."""
    replaced = set(_replaced(base.data, override.data, ()))
    kept = {path: place for path, place in base.places.items() if not _within(path, replaced)}
    added = {path: place for path, place in override.places.items() if _within(path, replaced)}
    return Document(_merge(base.data, override.data), kept | added)


def _both_mappings(base: Any, key: str, value: Any) -> bool:
    return isinstance(value, dict) and isinstance(base.get(key), dict)


def _merge(base: dict[str, Any], override: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in override.items():
        merged[key] = _merge(base[key], value) if _both_mappings(base, key, value) else value
    return merged


def _replaced(base: dict[str, Any], override: dict[str, Any], path: KeyPath) -> Iterator[KeyPath]:
    for key, value in override.items():
        if _both_mappings(base, key, value):
            yield from _replaced(base[key], value, (*path, key))
        else:
            yield (*path, key)


def _within(path: KeyPath, parents: set[KeyPath]) -> bool:
    return any(path[:depth] in parents for depth in range(1, len(path) + 1))
