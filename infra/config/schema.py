"""The JSON schemas of the configuration files, for editors: generated from the classes, never written by hand.

`python -m infra.config.schema` writes them; `--check` fails if they are stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from infra.config.environment import EnvironmentConfig
from infra.config.loader import FIXED_KEYS
from infra.config.model import ModelConfig

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/"
Node = dict[str, Any]


def environment_schema() -> Node:
    """The JSON schema of config/<environment>.yaml, with the overrides of models by the models' own schema."""
    schema = _tidy(EnvironmentConfig.model_json_schema())
    changes = _optional(_tidy(ModelConfig.model_json_schema()))
    schema["$defs"].update(changes.pop("$defs"))
    for key in FIXED_KEYS:
        del changes["properties"][key]
    schema["$defs"]["ModelChanges"] = changes
    schema["properties"]["models"]["additionalProperties"] = {"$ref": f"{_REFERENCE}ModelChanges"}
    return {"$schema": _DIALECT, **schema}


def model_schema() -> Node:
    """The JSON schema of models/<folder>/model.yaml."""
    return {"$schema": _DIALECT, **_tidy(ModelConfig.model_json_schema())}


def schemas() -> dict[str, str]:
    """The text of every schema file, by its path below the root."""
    found = {
        "config/schema/environment.schema.json": environment_schema(),
        "models/schema/model.schema.json": model_schema(),
    }
    return {path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for path, schema in found.items()}


def _tidy(schema: Any) -> Any:
    """`schema` without the titles that only repeat the keys."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    titled = isinstance(schema.get("title"), str) and ("type" in schema or "const" in schema or "anyOf" in schema)
    return {key: _tidy(value) for key, value in schema.items() if not (titled and key == "title")}


def _optional(schema: Node) -> Node:
    """`schema` with no key required; classes get names of their own, since each is required in full elsewhere."""
    objects = {name for name, node in schema["$defs"].items() if node.get("type") == "object"}
    # A list is replaced whole, so what stands in a list stays complete.
    objects -= {"FeatureConfig"}
    renamed = {name: f"{name}Changes" if name in objects else name for name in schema["$defs"]}
    changed = _renamed(schema, renamed)
    changed.pop("required", None)
    for name in objects:
        changed["$defs"][renamed[name]].pop("required", None)
    return dict(changed)


def _renamed(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _renamed(value, names) for key, value in node.items()}
    if "$ref" in changed:
        changed["$ref"] = _REFERENCE + names[changed["$ref"].removeprefix(_REFERENCE)]
    if "$defs" in changed:
        changed["$defs"] = {names[key]: value for key, value in changed["$defs"].items()}
    return changed


def stale(root: Path) -> list[str]:
    """Paths of the schema files below `root` that are missing or differ from the classes."""
    current = {path: root / path for path in schemas()}
    return [
        path
        for path, text in schemas().items()
        if not current[path].is_file() or current[path].read_text("utf-8") != text
    ]


def main(arguments: list[str], root: Path) -> int:
    """Writes the schema files below `root`, or with `--check` names the stale ones. Returns the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m infra.config.schema [--check]", file=sys.stderr)
        return 2
    outdated = stale(root)
    if arguments:
        for path in outdated:
            print(f"{path} is stale: run python -m infra.config.schema", file=sys.stderr)
        return 1 if outdated else 0
    for path in outdated:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(schemas()[path], "utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.cwd()))
