"""Keys and types: a document checked against its class, each mistake where it was made."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from infra.config import describe
from infra.config.base import Config
from infra.config.errors import Problem
from infra.config.source import Document, KeyPath

_KINDS = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", type(None): "empty"}


@dataclass(frozen=True)
class Structure:
    """The outcome of the check: the problems, and where rules must not look."""

    problems: list[Problem]
    broken: frozenset[KeyPath]
    """Paths whose value is missing or refused."""
    unknown: frozenset[KeyPath]
    """Paths of keys that the class does not know."""


def check(model: type[Config], document: Document) -> Structure:
    """The mistakes in the keys and single values of `document`."""
    try:
        model.model_validate(document.data)
    except ValidationError as error:
        details: list[dict[str, Any]] = [dict(detail) for detail in error.errors(include_url=False)]
        unknown = frozenset(_path(detail) for detail in details if detail["type"] == "extra_forbidden")
        broken = frozenset(_path(detail) for detail in details) - unknown
        return Structure([_problem(model, document, detail) for detail in details], broken, unknown)
    return Structure([], frozenset(), frozenset())


def _path(detail: dict[str, Any]) -> KeyPath:
    path: KeyPath = detail["loc"]
    return path[:-1] if path and path[-1] == "[key]" else path


def _problem(model: type[Config], document: Document, detail: dict[str, Any]) -> Problem:
    path = _path(detail)
    if detail["type"] == "extra_forbidden":
        return document.problem(path, *_unknown(model, path))
    allowed = detail.get("ctx", {}).get("allowed") or describe.allowed(model, path)
    return document.problem(path, _message(model, path, detail, document), allowed)


def _unknown(model: type[Config], path: KeyPath) -> tuple[str, str]:
    known = describe.keys(model, path[:-1])
    likely = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f": did you mean {likely[0]}?" if likely else ""
    return f"unknown key{hint}", ", ".join(known)


def _message(model: type[Config], path: KeyPath, detail: dict[str, Any], document: Document) -> str:
    kind, value = detail["type"], detail["input"]
    meaning = str(describe.node(model, path).get("description", "")).rstrip(".")
    if kind == "missing":
        return f"the key is missing ({meaning})" if meaning else "the key is missing"
    if kind == "literal_error":
        return f"is not one of the values ({meaning})"
    if kind == "refused":
        return str(detail["msg"])
    if path == ("account",) and isinstance(value, int):
        return _unquoted_account(value, document.place(path).text or "")
    if kind.endswith("_type"):
        return f"is {_KINDS.get(type(value), f'the {type(value).__name__} {value}')}"
    if kind == "string_too_long":
        return f"has {len(value)} characters"
    if kind in ("too_short", "too_long"):
        return f"has {len(value)} entries"
    return "is not allowed"


def _unquoted_account(value: int, text: str) -> str:
    if text.startswith("0"):
        return f"is not in quotes: YAML reads {text} as an octal number, {value}"
    return "is not in quotes: YAML reads it as a number, and drops the zeros of an id that starts with them"
