"""Changed copies of the repository's configuration, for tests: comments and line numbers stay as they are."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
REMOVED = object()
"""As a value: the key is taken out."""
MODEL_FILE = "models/flight_delay/model.yaml"


def copied(root: Path) -> Path:
    """`root` with the repository's config/ and models/ in it, unless they are there already."""
    if not (root / "config").exists():
        shutil.copytree(REPOSITORY / "config", root / "config")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / "models", root / "models", ignore=ignored)
    return root


def mutated(root: Path, file: str, key_path: str, value: Any) -> Path:
    """`root` with a copy of the configuration in which `key_path` of `file` is `value`; calls add up.

    `key_path` is written as in messages: `network.subnets.jobs[1]`. A key that is not there is added, REMOVED takes
    one out. Returns `root`, to hand to `infra.config.loader.load`.
    """
    path = copied(root) / file
    text = path.read_text("utf-8")
    keys = _keys(key_path)
    parent = _find(yaml.compose(text), keys[:-1])
    pair = _pair(parent, keys[-1])
    if value is REMOVED:
        text = _without(text, parent, pair)
    elif pair is None:
        text = _with(text, parent, f"{keys[-1]}: {_flow(value)}")
    else:
        text = _replaced(text, pair[1], _flow(value))
    path.write_text(text, "utf-8")
    return root


def rewritten(root: Path, file: str, old: str, new: str) -> Path:
    """`root` with a copy of the configuration in which the text `old` of `file`, found once, is `new`."""
    path = copied(root) / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), "utf-8")
    return root


def line_of(root: Path, file: str, text: str) -> int:
    """Number of the first line of `file` that holds `text`, from 1; `a > b` is the first b from the first a on."""
    lines = enumerate((root / file).read_text("utf-8").splitlines(), 1)
    return [next(number for number, line in lines if part in line) for part in text.split(" > ")][-1]


def _keys(key_path: str) -> list[str | int]:
    parts = re.findall(r"\[(\d+)\]|([^.\[\]]+)", key_path)
    return [int(index) if index else key for index, key in parts]


def _pair(node: Any, key: str | int) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return node.value[int(key)], node.value[int(key)]
    return next((pair for pair in node.value if pair[0].value == key), None)


def _find(node: Any, keys: list[str | int]) -> Any:
    for key in keys:
        pair = _pair(node, key)
        assert pair is not None, f"there is no {key}"
        node = pair[1]
    return node


def _flow(value: Any) -> str:
    """JSON is YAML; the text after `!raw ` is written as it is, to make mistakes that JSON cannot express."""
    return value.removeprefix("!raw ") if _is_raw(value) else json.dumps(value)


def _is_raw(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("!raw ")


def _end(text: str, node: Any) -> int:
    return len(text[: node.end_mark.index].rstrip())


def _replaced(text: str, node: Any, new: str) -> str:
    start = node.start_mark.index
    end = max(_end(text, node), start)
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        return f"{text[:start].rstrip()} {new}{text[end:]}"
    return text[:start] + new + text[end:]


def _with(text: str, parent: Any, entry: str) -> str:
    start = parent.start_mark.index
    if parent.flow_style:
        separator = ", " if parent.value else ""
        return f"{text[: start + 1]}{entry}{separator}{text[start + 1 :]}"
    return f"{text[:start]}{entry}\n{' ' * parent.start_mark.column}{text[start:]}"


def _without(text: str, parent: Any, pair: Any) -> str:
    assert pair is not None, "there is nothing to remove"
    start, end = pair[0].start_mark.index, _end(text, pair[1])
    if parent.flow_style:
        rest = text[end:]
        return text[:start] + rest[1:].lstrip() if rest[0] == "," else text[:start].rstrip(", ") + rest
    line = text.find("\n", end)
    return text[: text.rfind("\n", 0, start) + 1] + text[line + 1 :]
