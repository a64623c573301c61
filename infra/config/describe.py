"""What is allowed at a key, in words: read from the JSON schema, so that messages and editors say the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from infra.config.base import Config
from infra.config.source import KeyPath
from infra.config.types import ALLOWED_KEY

Node = dict[str, Any]
_MOST_LISTED = 30
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


@lru_cache
def _schema(model: type[Config]) -> Node:
    return model.model_json_schema()


def node(model: type[Config], path: KeyPath) -> Node:
    """The JSON schema of what stands at `path` in `model`; empty if nothing is said about it."""
    root = _schema(model)
    current = _resolve(root, root)
    for key in path:
        current = _resolve(root, _child(current, key))
    return current


def _child(parent: Node, key: str | int) -> Node:
    if isinstance(key, int):
        return dict(parent.get("items", {}))
    known = parent.get("properties", {}).get(key)
    others = parent.get("additionalProperties")
    return dict(known or (others if isinstance(others, dict) else {}))


def _resolve(root: Node, current: Node) -> Node:
    """`current` with its reference followed; of the forms of a nullable value, the one that is not null."""
    if "$ref" in current:
        return _resolve(root, {**root["$defs"][current["$ref"].rpartition("/")[2]], **_without(current, "$ref")})
    forms = [form for form in current.get("anyOf", []) if form.get("type") != "null"]
    if len(forms) == 1:
        return _resolve(root, {**forms[0], **_without(current, "anyOf"), "nullable": True})
    return current


def _without(current: Node, key: str) -> Node:
    return {name: value for name, value in current.items() if name != key}


def keys(model: type[Config], path: KeyPath) -> tuple[str, ...]:
    """The keys that a mapping at `path` may have."""
    return tuple(node(model, path).get("properties", {}))


def allowed(model: type[Config], path: KeyPath) -> str:
    """Words that say what may stand at `path`."""
    current = node(model, path)
    text = _words(current)
    return f"{text}, or null" if text and current.get("nullable") else text


def _words(current: Node) -> str:
    if ALLOWED_KEY in current:
        longest = current.get("maxLength")
        return f"{current[ALLOWED_KEY]}" + (f", at most {longest} characters" if longest else "")
    if "const" in current:
        return str(current["const"])
    if 0 < len(current.get("enum", [])) <= _MOST_LISTED:
        return ", ".join(str(value) for value in current["enum"])
    if "properties" in current:
        return f"a mapping with the keys {', '.join(current['properties'])}"
    if "anyOf" in current:
        return " or ".join(_TYPES.get(form.get("type"), "") for form in current["anyOf"])
    return _TYPES.get(current.get("type", ""), "") + _range(current)


def _range(current: Node) -> str:
    low = current.get("minimum", current.get("minItems", current.get("minProperties")))
    high = current.get("maximum", current.get("maxItems", current.get("maxProperties")))
    bounds = f" from {low} to {high}" if high is not None else f" of at least {low}"
    if "exclusiveMinimum" in current:
        return f" over {current['exclusiveMinimum']} and up to {high}"
    if low is None:
        return f" of at most {high}" if high is not None else ""
    return bounds + (" entries" if current.get("type") in ("array", "object") else "")
