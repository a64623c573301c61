from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from infra.config.__main__ import main
from infra.config.environment import EnvironmentConfig
from infra.config.errors import ConfigError
from infra.config.loader import PlatformConfig, check, environments, load
from infra.config.model import ModelConfig
from tests.support.configs import MODEL_FILE, REMOVED, REPOSITORY, copied, mutated, rewritten

DEV = "config/dev.yaml"


@pytest.fixture(scope="module")
def dev() -> PlatformConfig:
    return load(REPOSITORY, "dev")


@pytest.mark.parametrize("environment", ["local", "dev", "staging", "prod"])
def test_the_repositorys_environments_are_good(environment: str) -> None:
    config = load(REPOSITORY, environment)
    assert config.environment.name == environment
    assert [model.name for model in config.models] == ["flight-delay"]


def test_environments_are_listed_by_name() -> None:
    assert environments(REPOSITORY) == ["dev", "local", "prod", "staging"]


def test_all_mistakes_of_all_files_are_reported_together(tmp_path: Path) -> None:
    mutated(tmp_path, DEV, "regoin", "x")
    mutated(tmp_path, DEV, "account", "!raw 0777")
    mutated(tmp_path, DEV, "network.flow_logs", REMOVED)
    mutated(tmp_path, DEV, "network.subnets.endpoints[0]", "10.10.0.0/22")
    mutated(tmp_path, DEV, "models.flight-delay.serving.instance_type", "ml.m5d.large")
    mutated(tmp_path, MODEL_FILE, "pipeline.quality_gate.minimum", 2)
    mutated(tmp_path, MODEL_FILE, "serving.autoscaling.min_instances", 9)
    mutated(tmp_path, MODEL_FILE, "schema.label", "carrier")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "dev")
    assert [(problem.file, problem.key) for problem in caught.value.problems] == [
        (DEV, "regoin"),
        (DEV, "account"),
        (DEV, "network.flow_logs"),
        (DEV, "network.subnets.endpoints[0]"),
        (DEV, "models.flight-delay.serving.instance_type"),
        (MODEL_FILE, "schema.features[0].name"),
        (MODEL_FILE, "pipeline.quality_gate.minimum"),
        (MODEL_FILE, "serving.autoscaling.min_instances"),
    ]
    lines = str(caught.value).splitlines()
    assert lines[0] == "8 problems in the configuration:"
    assert len(lines) == 9
    assert lines[2].startswith("  config/dev.yaml:5: account = 0777: is not in quotes")


def test_an_override_changes_only_its_own_keys(dev: PlatformConfig) -> None:
    serving = dev.models[0].serving
    assert (serving.autoscaling.min_instances, serving.autoscaling.max_instances) == (1, 2)
    assert serving.autoscaling.target_invocations_per_instance == 1000
    assert dev.models[0].pipeline == load(REPOSITORY, "prod").models[0].pipeline


def test_an_override_replaces_a_list_whole_and_adds_to_free_mappings(tmp_path: Path) -> None:
    mutated(tmp_path, DEV, "models.flight-delay.pipeline", {"hyperparameters": {"eta": 0.5, "gamma": 1}})
    hyperparameters = load(tmp_path, "dev").models[0].pipeline.hyperparameters
    assert (hyperparameters["eta"], hyperparameters["gamma"], hyperparameters["max_depth"]) == (0.5, 1, 6)


def test_overrides_with_lists_are_frozen_and_go_to_json(tmp_path: Path) -> None:
    features = [{"name": "carrier", "type": "string"}]
    mutated(tmp_path, DEV, "models.flight-delay.schema", {"features": features})
    document = yaml.safe_load((tmp_path / DEV).read_text("utf-8"))
    environment = EnvironmentConfig.model_validate(document)
    assert environment.models["flight-delay"]["schema"]["features"][0]["name"] == "carrier"
    assert isinstance(environment.models["flight-delay"]["schema"]["features"], tuple)
    assert environment.model_dump(mode="json", exclude_unset=True) == document


def test_a_model_that_is_not_listed_is_not_deployed(tmp_path: Path) -> None:
    assert load(mutated(tmp_path, DEV, "models", {}), "dev").models == ()


def test_models_come_in_name_order(tmp_path: Path) -> None:
    models = copied(tmp_path) / "models"
    (models / "arrival").mkdir()
    for file in ("model.yaml", "prepare.py"):
        (models / "arrival" / file).write_bytes((models / "flight_delay" / file).read_bytes())
    mutated(tmp_path, "models/arrival/model.yaml", "name", "arrival")
    rewritten(tmp_path, DEV, "  flight-delay:\n    serving:", "  flight-delay: {}\n  arrival:\n    serving:")
    assert [model.name for model in load(tmp_path, "dev").models] == ["arrival", "flight-delay"]


def test_a_script_is_found_by_the_models_folder(dev: PlatformConfig) -> None:
    model = dev.models[0]
    assert (REPOSITORY / "models" / model.folder / model.pipeline.prepare.script).is_file()


def test_configuration_cannot_be_changed(dev: PlatformConfig) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        dev.environment.name = "prod"
    with pytest.raises(ValidationError, match="frozen"):
        dev.models[0].serving.instance_type = "x"
    with pytest.raises(TypeError):
        dev.environment.tags["owner"] = "x"  # type: ignore[index]
    with pytest.raises(TypeError):
        dev.environment.models["flight-delay"]["serving"]["instance_type"] = "x"
    assert isinstance(dev.environment.network.subnets.jobs, tuple)
    assert isinstance(dev.models[0].schema_.features, tuple)


def test_a_model_goes_to_json_and_back(dev: PlatformConfig) -> None:
    model = dev.models[0]
    assert ModelConfig.model_validate_json(model.model_dump_json(by_alias=True)) == model
    platform = json.loads(dev.model_dump_json(by_alias=True))
    assert PlatformConfig.model_validate_json(json.dumps(platform)) == dev


def test_checking_all_environments_collects_their_mistakes(tmp_path: Path) -> None:
    mutated(tmp_path, DEV, "logs.level", "X")
    mutated(tmp_path, "config/prod.yaml", "logs.level", "Y")
    with pytest.raises(ConfigError) as caught:
        check(tmp_path)
    assert [problem.value for problem in caught.value.problems] == ["X", "Y"]


def test_the_command_prints_the_mistakes_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(copied(tmp_path)) == 0
    assert "dev, local, prod, staging" in capsys.readouterr().out
    assert main(mutated(tmp_path, DEV, "logs.level", "X")) == 1
    assert "config/dev.yaml:53: logs.level = X" in capsys.readouterr().err


def test_a_root_without_environments_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no environment"):
        check(tmp_path)


def test_loading_imports_neither_the_cdk_nor_a_client_library() -> None:
    code = "import sys, infra.config.loader as l, pathlib; l.load(pathlib.Path('.'), 'prod'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert not {"aws_cdk", "jsii", "botocore", "boto3", "sagemaker"} & set(run.stdout.split())
