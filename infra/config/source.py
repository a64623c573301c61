"""YAML files read with the line of every key, so that a mistake can be shown where it was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.config.errors import Problem

KeyPath = tuple[str | int, ...]
# The loader in C is ten times faster; it is missing where PyYAML was built without libyaml.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHOWN_CHARACTERS = 100
_PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


@dataclass(frozen=True)
class Place:
    """Where a value was written: the file, the line, its key there, and the text of a plain value."""

    file: str
    line: int
    key: KeyPath
    text: str | None = None


@dataclass(frozen=True)
class Document:
    """The data of a file, or of several laid over each other, with the place of every value."""

    data: Any
    places: dict[KeyPath, Place]

    def place(self, path: KeyPath) -> Place:
        """The place of `path`, or of the nearest mapping around it if nothing is written there."""
        if path in self.places:
            return self.places[path]
        around = self.place(path[:-1])
        return Place(around.file, around.line, (*around.key, path[-1]))

    def value(self, path: KeyPath) -> Any:
        """The value at `path`; None if there is none."""
        node = self.data
        for key in path:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                return None
        return node

    def problem(self, path: KeyPath, message: str, allowed: str = "") -> Problem:
        """The problem with the value at `path`."""
        place = self.place(path)
        value = place.text if place.text is not None else _show(self.value(path))
        shown = value if path in self.places and path else ""
        return Problem(place.file, place.line, format_key(place.key), shown, message, allowed)

    def under(self, prefix: KeyPath) -> Document:
        """The part of the document below `prefix`, with its paths counted from there."""
        depth = len(prefix)
        places = {path[depth:]: place for path, place in self.places.items() if path[:depth] == prefix}
        return Document(self.value(prefix), places)


def format_key(path: KeyPath) -> str:
    """`('network', 'subnets', 'jobs', 1)` as `network.subnets.jobs[1]`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def _show(value: Any) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."


def read(path: Path, file: str) -> tuple[Document | None, list[Problem]]:
    """The document in `path`, called `file` in messages, and what is wrong with it as YAML.

    The document is None if nothing of it can be used.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None, [Problem(file, 0, "", "", "the file is missing", "a YAML file with every key")]
    except UnicodeDecodeError as error:
        return None, [Problem(file, 0, "", "", f"is not UTF-8 text: {error.reason} at byte {error.start}")]
    return parse(text, file)


def parse(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """The document in `text`, called `file` in messages, and what is wrong with it as YAML."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None, [Problem(file, 1, "", "", "the file is empty", "a mapping with every key")]
        builder = _Builder(loader, file)
        data = builder.build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Problem(file, mark.line + 1 if mark else 0, "", "", f"invalid YAML: {error.problem}")]
    except yaml.YAMLError as error:
        return None, [Problem(file, 0, "", "", f"invalid YAML: {' '.join(str(error).split())}")]
    if not isinstance(data, dict):
        return None, [*builder.problems, Problem(file, 1, "", _show(data), "the file is not a mapping")]
    builder.places[()] = Place(file, 1, ())
    return Document(data, builder.places), builder.problems


class _Builder:
    """Turns composed YAML nodes into plain data and remembers the places."""

    def __init__(self, loader: Any, file: str) -> None:
        self._loader = loader
        self._file = file
        self._open: list[yaml.Node] = []
        self.places: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node, path: KeyPath) -> Any:
        """The data of `node`, which stands at `path`."""
        if any(node is parent for parent in self._open):
            self._problem(node, path, "an alias that contains itself", "a value of its own")
            return None
        if isinstance(node, yaml.CollectionNode) and node.tag not in _PLAIN_TAGS:
            self._problem(node, path, f"invalid YAML: the tag {node.tag}", "a plain mapping or list")
            return None
        self._open.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                return [self._item(child, (*path, index)) for index, child in enumerate(node.value)]
            return self._scalar(node, path)
        finally:
            self._open.pop()

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            if key in data:
                first = self.places[(*path, key)].line
                self._problem(key_node, (*path, key), f"duplicate key, first on line {first}", "each key once")
                continue
            self._remember(key_node, value_node, (*path, key))
            data[key] = self.build(value_node, (*path, key))
        return data

    def _key(self, node: yaml.Node, path: KeyPath) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
            return str(node.value)
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else "..."
        self._problem(node, (*path, text), f"the key is {node.tag.rpartition(':')[2]}, not text", f'"{text}"')
        return None

    def _item(self, node: yaml.Node, path: KeyPath) -> Any:
        self._remember(node, node, path)
        return self.build(node, path)

    def _scalar(self, node: yaml.Node, path: KeyPath) -> Any:
        try:
            return self._loader.construct_object(node)
        except ValueError as error:
            self._problem(node, path, f"invalid YAML: {error}", "a value in quotes")
            return None

    def _remember(self, at: yaml.Node, value: yaml.Node, path: KeyPath) -> None:
        text = str(value.value) if isinstance(value, yaml.ScalarNode) else None
        self.places[path] = Place(self._file, at.start_mark.line + 1, path, text)

    def _problem(self, node: yaml.Node, path: KeyPath, message: str, allowed: str) -> None:
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        self.problems.append(Problem(self._file, node.start_mark.line + 1, format_key(path), text, message, allowed))
