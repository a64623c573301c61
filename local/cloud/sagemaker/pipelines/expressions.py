"""The functions of a pipeline definition: Get, Std:Join, Std:JsonGet; what they refer to and what they yield."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

GET, JOIN, JSON_GET = "Get", "Std:Join", "Std:JsonGet"
_REFERENCE = re.compile(r"(Parameters|Execution|Steps)\.([A-Za-z0-9_-]+)(?:[.](.+)|(\[.+))?", re.DOTALL)
_PATH_PART = re.compile(r"""\.?([A-Za-z0-9_:-]+)|\[(\d+)\]|\[["'](.*?)["']\]""")


class ExpressionError(Exception):
    """An expression that cannot be evaluated; the message names it."""


class Context(Protocol):
    """What expressions refer to while a step is prepared."""

    def parameter(self, name: str) -> Any:
        """The value of a pipeline parameter."""

    def variable(self, name: str) -> Any:
        """The value of an execution variable."""

    def properties(self, step: str) -> Any:
        """What the finished step describes itself as."""

    def property_file(self, step: str, name: str) -> Any:
        """The JSON of a property file of a finished step."""

    def json_object(self, uri: str) -> Any:
        """The JSON of an S3 object."""


def split_reference(reference: str) -> tuple[str, str, str]:
    """`Steps.Train.ModelArtifacts.S3ModelArtifacts` as `("Steps", "Train", "ModelArtifacts.S3ModelArtifacts")`.

    Raises:
        ExpressionError: if it is not a reference to a parameter, a step or an execution variable.
    """
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise ExpressionError(f"'{reference}' is not a reference to Parameters, Steps or Execution")
    return found[1], found[2], found[3] or found[4] or ""


def function_of(value: Any) -> str | None:
    """Which function an object calls, if it is a call."""
    if isinstance(value, Mapping) and len(value) == 1:
        name = str(next(iter(value)))
        if name == GET or name.startswith("Std:"):
            return name
    return None


def references(value: Any) -> Iterator[tuple[str, str, str]]:
    """Every reference in a JSON value, split; also raises for a function that does not exist.

    Raises:
        ExpressionError: as `split_reference`, and for an unknown function.
    """
    name = function_of(value)
    if name == GET:
        yield split_reference(str(value[GET]))
        return
    if name is not None and name not in (JOIN, JSON_GET):
        raise ExpressionError(f"unknown function '{name}'")
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for child in children:
        yield from references(child)


def resolve(value: Any, context: Context) -> Any:
    """The JSON value with every expression replaced by what it yields.

    Raises:
        ExpressionError: if something that it refers to is not there.
    """
    name = function_of(value)
    if name == GET:
        return _get(str(value[GET]), context)
    if name == JOIN:
        call = value[JOIN]
        return str(call.get("On", "")).join(as_text(resolve(item, context)) for item in call["Values"])
    if name == JSON_GET:
        return _json_get(value[JSON_GET], context)
    if isinstance(value, Mapping):
        return {key: resolve(item, context) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, context) for item in value]
    return value


def _get(reference: str, context: Context) -> Any:
    kind, name, path = split_reference(reference)
    if kind == "Parameters":
        return context.parameter(name)
    if kind == "Execution":
        return context.variable(name)
    return lookup(context.properties(name), path, reference)


def _json_get(call: Mapping[str, Any], context: Context) -> Any:
    if "PropertyFile" in call:
        _, step, path = split_reference(call["PropertyFile"][GET])
        document = context.property_file(step, path.removeprefix("PropertyFiles."))
    else:
        document = context.json_object(str(resolve(call["S3Uri"], context)))
    return lookup(document, str(call["Path"]), f"JsonGet {call['Path']}")


def lookup(document: Any, path: str, what: str) -> Any:
    """Follow a path such as `a.b[0]['c']`; a list of named things is entered by name, as `Outputs['train']`.

    Raises:
        ExpressionError: if the path leads nowhere.
    """
    position = 0
    while position < len(path):
        part = _PATH_PART.match(path, position)
        if part is None:
            raise ExpressionError(f"{what}: cannot read the path at '{path[position:]}'")
        key: str | int = int(part[2]) if part[2] else part[1] or part[3]
        try:
            document = _enter(document, key)
        except (KeyError, IndexError, TypeError):
            raise ExpressionError(f"{what}: there is nothing at '{path[: part.end()]}'") from None
        position = part.end()
    return document


def _enter(document: Any, key: str | int) -> Any:
    if isinstance(document, list) and isinstance(key, str):
        for item in document:
            if any(name.endswith("Name") and value == key for name, value in item.items()):
                return item
        raise KeyError(key)
    return document[key]


def as_text(value: Any) -> str:
    """A value as Std:Join writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
