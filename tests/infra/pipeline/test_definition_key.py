from __future__ import annotations

import dataclasses
from importlib import metadata
from pathlib import Path

import pytest

from infra.config.model import ModelConfig
from infra.monitoring.monitor_definition import monitor_definition
from infra.pipeline import definition_key as module
from infra.pipeline.definition_inputs import TrainingInputs
from infra.pipeline.definition_key import ROOT, WRITERS, definition_key, source_hash
from infra.pipeline.training_definition import training_definition
from tests.infra.pipeline.test_training_definition import INPUTS, model
from tests.infra.world import changed

SOURCES = {
    "infra/__init__.py": "",
    "infra/build.py": "import json\nfrom infra.parts import steps\n\ndef build():\n    from infra.late import text\n",
    "infra/parts/__init__.py": "",
    "infra/parts/steps.py": "import infra.deep\n",
    "infra/late.py": "text = ''\n",
    "infra/deep.py": "",
    "infra/unrelated.py": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def hash_of(tree: Path) -> str:
    source_hash.cache_clear()
    return source_hash("infra.build", tree)


def other(config: ModelConfig, inputs: TrainingInputs) -> str:
    return config.name + inputs.pipeline_name


@pytest.mark.parametrize("file", [name for name in SOURCES if name != "infra/unrelated.py"])
def test_a_changed_source_that_the_builder_imports_is_another_key(file: str, tree: Path) -> None:
    before = hash_of(tree)
    (tree / file).write_text(SOURCES[file] + "# changed\n", "utf-8")
    assert hash_of(tree) != before


def test_a_source_that_the_builder_does_not_import_changes_nothing(tree: Path) -> None:
    before = hash_of(tree)
    (tree / "infra/unrelated.py").write_text("# changed\n", "utf-8")
    assert hash_of(tree) == before


def test_a_relative_import_is_refused_since_it_could_be_missed(tree: Path) -> None:
    (tree / "infra/late.py").write_text("from . import deep\n", "utf-8")
    with pytest.raises(ValueError, match=r"late\.py:1: import the module by its full name"):
        hash_of(tree)


@pytest.mark.parametrize("builder", [training_definition, monitor_definition])
def test_the_sources_of_both_builders_are_those_that_build(builder: object, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[str] = set()
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: read.add(str(path.relative_to(ROOT))) or path.open("rb").read()
    )
    source_hash.__wrapped__(builder.__module__, ROOT)
    assert {"infra/pipeline/offline_session.py", "infra/pipeline/processing_job.py", "infra/config/model.py"} <= read
    assert ("infra/pipeline/quality_gate.py" in read) is (builder is training_definition)
    assert "infra/pipeline/schedule.py" not in read


def test_the_same_arguments_have_the_same_key() -> None:
    key = definition_key(training_definition, model(), INPUTS)
    assert key == definition_key(training_definition, model.__wrapped__(), INPUTS)
    assert len(key) == 64


def test_each_argument_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [
        definition_key(training_definition, model(), INPUTS),
        definition_key(other, model(), INPUTS),
        definition_key(training_definition, changed(model(), pipeline__retry__max_attempts=9), INPUTS),
        definition_key(training_definition, model(), changed_inputs(raw_uri="s3://elsewhere")),
    ]
    monkeypatch.setattr(module, "_versions", lambda: ["sagemaker==9.9.9"])
    keys.append(definition_key(training_definition, model(), INPUTS))
    assert len(set(keys)) == len(keys)


def changed_inputs(**changes: str) -> TrainingInputs:
    return dataclasses.replace(INPUTS, **changes)


def test_a_token_in_the_inputs_is_refused_since_another_synthesis_numbers_it_otherwise() -> None:
    with pytest.raises(ValueError, match=r"a stand-in must hide each CDK token.*TOKEN\.7"):
        definition_key(training_definition, model(), changed_inputs(raw_uri="s3://${Token[TOKEN.7]}"))


def test_every_installed_part_of_the_sdk_is_in_the_key() -> None:
    names = {each.metadata["Name"].lower().replace("_", "-") for each in metadata.distributions()}
    assert {name for name in names if name.startswith("sagemaker")} <= set(WRITERS)
