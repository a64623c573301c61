from __future__ import annotations

from pathlib import Path

import pytest

from infra.config.errors import ConfigError, Problem
from infra.config.loader import load
from tests.config.bad_case import DEV, Bad
from tests.config.bad_environments import ENVIRONMENT, NETWORK, OVERRIDE
from tests.config.bad_models import MODEL, SERVING
from tests.support.configs import MODEL_FILE, copied, line_of, mutated, rewritten

ALL = ENVIRONMENT + NETWORK + OVERRIDE + MODEL + SERVING


def _problems(root: Path, environment: str = "dev") -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(root, environment)
    return caught.value.problems


@pytest.mark.parametrize("bad", ALL, ids=lambda bad: bad.name)
def test_a_mistake_is_reported_with_file_line_key_and_value(bad: Bad, tmp_path: Path) -> None:
    root = mutated(tmp_path, bad.file, bad.key, bad.value)
    environment = Path(bad.file).stem if bad.file.startswith("config/") else "dev"
    problems = _problems(root, environment)
    found = [problem for problem in problems if (problem.file, problem.key) == (bad.file, bad.expected_key)]
    assert len(found) == 1, [str(problem) for problem in problems]
    assert found[0].line == line_of(root, bad.file, bad.line_with), str(found[0])
    for text in bad.says:
        assert text in str(found[0]), str(found[0])


def test_there_are_enough_cases_with_names_of_their_own() -> None:
    assert len({bad.name for bad in ALL}) == len(ALL) >= 100


def test_an_unknown_environment_names_the_known_ones(tmp_path: Path) -> None:
    (problem,) = _problems(copied(tmp_path), "stagging")
    assert (problem.file, problem.value) == ("config/stagging.yaml", "stagging")
    assert "did you mean staging?" in problem.message
    assert problem.allowed == "dev, local, prod, staging"


def test_an_environment_cannot_be_a_path(tmp_path: Path) -> None:
    (problem,) = _problems(copied(tmp_path), "../config/dev")
    assert "unknown environment" in problem.message


def test_a_missing_config_folder_is_reported(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, "dev")
    assert problem.allowed == "none: config/ is empty"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("- a list\n", 1, "not a mapping"),
        ("name: dev\nregion: [a, b\n", 3, "invalid YAML"),
        ("name: dev\n\tregion: x\n", 2, "invalid YAML"),
        ("name: dev\n---\nname: prod\n", 2, "invalid YAML"),
        ("name: !!python/object:x.Y {}\n", 1, "invalid YAML"),
        ("a: &a [*a]\n", 1, "contains itself"),
        ("name: 2026-13-45\n", 1, "invalid YAML"),
        ("name: dev\nname: prod\n", 2, "duplicate key, first on line 1"),
        ("1: dev\n", 1, "the key is int"),
        ("name: \x01\n", 0, "invalid YAML"),
    ],
)
def test_broken_yaml_is_reported_with_its_line(text: str, line: int, says: str, tmp_path: Path) -> None:
    (copied(tmp_path) / DEV).write_text(text, "utf-8")
    found = [problem for problem in _problems(tmp_path) if says in problem.message]
    assert [(problem.file, problem.line) for problem in found] == [(DEV, line)]


def test_a_file_that_is_not_text_is_reported(tmp_path: Path) -> None:
    (copied(tmp_path) / DEV).write_bytes(b"name: \xff\n")
    (problem,) = _problems(tmp_path)
    assert "not UTF-8" in problem.message


def test_a_duplicate_key_deep_in_a_file_is_reported(tmp_path: Path) -> None:
    root = rewritten(tmp_path, DEV, "  level: DEBUG\n", "  level: DEBUG\n  level: INFO\n")
    (problem,) = _problems(root)
    assert (problem.key, problem.line) == ("logs.level", line_of(root, DEV, "level: INFO"))


def test_a_model_folder_without_model_yaml_is_reported(tmp_path: Path) -> None:
    (copied(tmp_path) / "models" / "churn").mkdir()
    (problem,) = _problems(tmp_path)
    assert (problem.file, problem.message) == ("models/churn/model.yaml", "the file is missing")


def test_a_model_name_that_two_folders_use_is_reported(tmp_path: Path) -> None:
    models = copied(tmp_path) / "models"
    (models / "other").mkdir()
    for file in ("model.yaml", "prepare.py"):
        (models / "other" / file).write_bytes((models / "flight_delay" / file).read_bytes())
    messages = {problem.message for problem in _problems(tmp_path) if problem.file == "models/other/model.yaml"}
    assert messages == {"duplicate model name, also in models/flight_delay", "the model lies in models/other"}


def test_a_model_that_no_environment_deploys_is_checked_all_the_same(tmp_path: Path) -> None:
    models = copied(tmp_path) / "models"
    (models / "other").mkdir()
    (models / "other" / "model.yaml").write_text("name: other\n", "utf-8")
    assert {problem.file for problem in _problems(tmp_path)} == {"models/other/model.yaml"}


def test_records_for_an_online_store_that_is_off_are_reported_in_the_models_file(tmp_path: Path) -> None:
    (problem,) = _problems(mutated(tmp_path, DEV, "features.online_store", False))
    assert (problem.file, problem.key, problem.value) == (MODEL_FILE, "pipeline.online_days", "1")
    assert problem.line == line_of(tmp_path, MODEL_FILE, "online_days:")
    assert problem.allowed == "0, or features.online_store: true"


def test_a_model_whose_composed_names_are_too_long_is_reported(tmp_path: Path) -> None:
    name = "a-model-with-a-name-that-is-longer-than-any"
    models = copied(tmp_path) / "models"
    (models / "flight_delay").rename(models / name.replace("-", "_"))
    rewritten(tmp_path, f"models/{name.replace('-', '_')}/model.yaml", "name: flight-delay", f"name: {name}")
    rewritten(tmp_path, DEV, "  flight-delay:\n", f"  {name}:\n")
    (problem,) = _problems(tmp_path)
    assert problem.key == "name"
    assert f"the monitor schedule name sagestead-dev-{name}-data-quality" in problem.message
    assert problem.allowed == "a model name of at most 37 characters"
