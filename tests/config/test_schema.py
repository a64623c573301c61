from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from infra.config import schema
from tests.support.configs import MODEL_FILE, REPOSITORY, mutated

ENVIRONMENT = schema.environment_schema()
MODEL = schema.model_schema()


def _mistakes(document: dict[str, Any], path: Path) -> list[str]:
    data = yaml.safe_load(path.read_text("utf-8"))
    return [error.message for error in Draft202012Validator(document).iter_errors(data)]


def test_the_schema_files_are_fresh() -> None:
    assert schema.stale(REPOSITORY) == []


@pytest.mark.parametrize("document", [ENVIRONMENT, MODEL], ids=["environment", "model"])
def test_the_schemas_are_valid_json_schemas(document: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(document)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "config").glob("*.yaml")), ids=lambda path: path.name)
def test_the_schema_takes_the_environments(path: Path) -> None:
    assert _mistakes(ENVIRONMENT, path) == []


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "models").glob("*/model.yaml")), ids=lambda path: path.parent.name
)
def test_the_schema_takes_the_models(path: Path) -> None:
    assert _mistakes(MODEL, path) == []


@pytest.mark.parametrize(
    "path", sorted(REPOSITORY.glob("config/*.yaml")) + sorted(REPOSITORY.glob("models/*/model.yaml")), ids=str
)
def test_each_file_names_its_schema_for_editors(path: Path) -> None:
    marker, _, relative = path.read_text("utf-8").splitlines()[0].partition("$schema=")
    assert marker == "# yaml-language-server: "
    assert (path.parent / relative).resolve().relative_to(REPOSITORY).as_posix() in schema.schemas()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("regoin", "x"),
        ("region", "moon"),
        ("logs.retention_days", 31),
        ("models.flight-delay.serving.instance_type", "ml.z9.large"),
        ("models.flight-delay.serving.typo", 1),
        ("models.flight-delay.name", "x"),
        ("models.flight-delay.schema", {"features": [{"name": "x"}]}),
    ],
)
def test_editors_see_the_mistake_too(key: str, value: Any, tmp_path: Path) -> None:
    root = mutated(tmp_path, "config/dev.yaml", key, value)
    assert len(_mistakes(ENVIRONMENT, root / "config/dev.yaml")) == 1


def _described(node: Any, name: str = "") -> list[str]:
    """Names of the properties in a schema that say nothing about themselves."""
    if not isinstance(node, dict):
        return []
    found = [f"{name}.{key}" for key, value in node.get("properties", {}).items() if "description" not in value]
    return [key for key in found if "$ref" not in node["properties"][key.rpartition(".")[2]]]


@pytest.mark.parametrize("document", [ENVIRONMENT, MODEL], ids=["environment", "model"])
def test_every_key_has_a_description(document: dict[str, Any]) -> None:
    nodes = {"": document, **document["$defs"]}
    assert [key for name, node in nodes.items() for key in _described(node, name)] == []


def test_stale_files_are_named_and_written_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main(["--check"], tmp_path) == 1
    assert "models/schema/model.schema.json is stale" in capsys.readouterr().err
    assert schema.main([], tmp_path) == 0
    assert schema.main(["--check"], tmp_path) == 0
    (tmp_path / "models/schema/model.schema.json").write_text(json.dumps({}), "utf-8")
    assert schema.stale(tmp_path) == ["models/schema/model.schema.json"]


def test_other_arguments_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main(["--write"], tmp_path) == 2
    assert "usage" in capsys.readouterr().err


def test_a_models_own_file_stays_whole(tmp_path: Path) -> None:
    root = mutated(tmp_path, MODEL_FILE, "serving", {})
    assert _mistakes(MODEL, root / MODEL_FILE)
