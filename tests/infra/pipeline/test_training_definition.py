"""The training pipeline's definition, built from plain inputs."""

from __future__ import annotations

import json
import logging
import os
import socket
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from infra.config.loader import load
from infra.config.model import ModelConfig
from infra.pipeline.definition_inputs import JobEnvironment, TrainingInputs
from infra.pipeline.training_definition import training_definition
from tests.infra.world import changed
from tests.support.synthesis import REPOSITORY

ROLE = "arn:aws:iam::111122223333:role/pipeline"
INPUTS = TrainingInputs(
    pipeline_name="sagestead-test-flight-delay",
    jobs=JobEnvironment(
        region="eu-central-1",
        role_arn=ROLE,
        key_arn="the-key",
        subnet_ids=("subnet-1", "subnet-2"),
        security_group_ids=("sg-1",),
        tags=(("owner", "team"),),
        log_level="WARNING",
    ),
    trainer_image="trainer:v1",
    analyzer_image="analyzer:v1",
    inference_image="inference:v1",
    raw_uri="s3://raw/flight-delay",
    script_uri="s3://assets/0123.py",
    output_uri="s3://artifacts/flight-delay",
    feature_group_name="the-features",
    package_group_name="the-packages",
)


@cache
def model() -> ModelConfig:
    return load(REPOSITORY, "dev").models[0]


def built(config: ModelConfig | None = None) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(training_definition(config or model(), INPUTS))
    return parsed


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    return built()


@pytest.fixture(scope="module")
def steps(definition: dict[str, Any]) -> dict[str, Any]:
    found = {step["Name"]: step for step in definition["Steps"]}
    gate = found["QualityGate"]["Arguments"]
    return found | {step["Name"]: step for step in gate["IfSteps"] + gate["ElseSteps"]}


def references(value: Any) -> set[str]:
    """Names of the steps that a value refers to."""
    if isinstance(value, dict):
        got = value.get("Get", "")
        own = {got.split(".")[1]} if got.startswith("Steps.") else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def inputs_of(step: dict[str, Any]) -> dict[str, Any]:
    return {each["InputName"]: each["S3Input"]["S3Uri"] for each in step["Arguments"]["ProcessingInputs"]}


def test_two_builds_give_the_same_bytes() -> None:
    assert training_definition(model(), INPUTS) == training_definition(model(), INPUTS)


def test_a_build_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a build must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert built()["Version"] == "2020-12-01"


def test_a_build_leaves_the_environment_and_the_logging_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    before, level = dict(os.environ), logging.root.manager.disable
    built()
    assert (dict(os.environ), logging.root.manager.disable) == (before, level)


def test_a_build_needs_no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "does-not-exist")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert len(built()["Steps"]) == 5


def test_the_steps_depend_on_each_other_as_data_flows(steps: dict[str, Any]) -> None:
    found = {name: references(step) for name, step in steps.items()}
    assert found == {
        "Prepare": set(),
        "Train": {"Prepare"},
        "Baseline": {"Prepare"},
        "Evaluate": {"Prepare", "Train"},
        "QualityGate": {"Evaluate", "Train", "Baseline"},
        "Register": {"Train", "Evaluate", "Baseline"},
        "Reject": set(),
    }


def test_the_parameters_take_their_defaults_from_the_configuration(definition: dict[str, Any]) -> None:
    assert {each["Name"]: each.get("DefaultValue") for each in definition["Parameters"]} == {
        "RawDataUri": "s3://raw/flight-delay/",
        "DataVersion": "initial",
        "TrainingDays": model().pipeline.training_days,
        "MinimumAuc": model().pipeline.quality_gate.minimum,
        "ApprovalStatus": "PendingManualApproval",
    }


def test_automatic_approval_registers_packages_as_approved() -> None:
    parameters = built(changed(model(), pipeline__approval="automatic"))["Parameters"]
    assert parameters[-1]["DefaultValue"] == "Approved"


def test_another_metric_names_the_parameter_and_is_looked_up_in_the_report() -> None:
    definition = built(changed(model(), pipeline__quality_gate__metric="f1"))
    condition = definition["Steps"][-1]["Arguments"]["Conditions"][0]
    assert condition["LeftValue"]["Std:JsonGet"]["Path"] == "binary_classification_metrics.f1.value"
    assert condition["RightValue"] == {"Get": "Parameters.MinimumF1"}


def test_the_data_version_is_in_the_cache_key_of_prepare(steps: dict[str, Any]) -> None:
    arguments = steps["Prepare"]["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert arguments[:2] == ["--data-version", {"Get": "Parameters.DataVersion"}]
    assert arguments[4:] == ["--feature-group", "the-features", "--online-days", "1"]


def test_prepare_runs_the_model_s_own_script(steps: dict[str, Any]) -> None:
    prepare = steps["Prepare"]
    assert inputs_of(prepare) == {"code": "s3://assets/0123.py", "raw": {"Get": "Parameters.RawDataUri"}}
    entrypoint = prepare["Arguments"]["AppSpecification"]["ContainerEntrypoint"]
    assert entrypoint == ["python", "-m", "trainer.run_script", "/opt/ml/processing/input/code"]


def test_train_gets_the_hyperparameters_as_strings_and_the_label(steps: dict[str, Any]) -> None:
    given = steps["Train"]["Arguments"]["HyperParameters"]
    expected = {name: str(value) for name, value in model().pipeline.hyperparameters.items()}
    assert given == {**expected, "label": "arrived_late"}


def test_only_prepare_may_use_the_network(steps: dict[str, Any]) -> None:
    isolated = {
        name: steps[name]["Arguments"]["NetworkConfig"]["EnableNetworkIsolation"]
        for name in ("Prepare", "Evaluate", "Baseline")
    }
    assert isolated == {"Prepare": False, "Evaluate": True, "Baseline": True}
    assert steps["Train"]["Arguments"]["EnableNetworkIsolation"] is True


def test_every_job_runs_in_the_vpc_under_the_role_with_encrypted_volume_and_output(steps: dict[str, Any]) -> None:
    for name in ("Prepare", "Evaluate", "Baseline"):
        job = steps[name]["Arguments"]
        assert job["NetworkConfig"]["VpcConfig"] == vpc()
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == "the-key"
        assert job["ProcessingOutputConfig"]["KmsKeyId"] == "the-key"
    train = steps["Train"]["Arguments"]
    assert train["VpcConfig"] == vpc()
    assert train["ResourceConfig"]["VolumeKmsKeyId"] == train["OutputDataConfig"]["KmsKeyId"] == "the-key"
    for name in ("Prepare", "Train", "Evaluate", "Baseline"):
        job = steps[name]["Arguments"]
        assert (job["RoleArn"], job["Environment"]) == (ROLE, {"LOG_LEVEL": "WARNING"})
        assert job["Tags"] == [{"Key": "owner", "Value": "team"}]


def vpc() -> dict[str, list[str]]:
    return {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1", "subnet-2"]}


@pytest.mark.parametrize("section", ["prepare", "evaluate", "baseline"])
def test_a_job_s_instance_volume_and_time_come_from_its_section(section: str) -> None:
    changes = {"instance_type": "ml.c5.xlarge", "volume_gib": 77, "max_runtime_minutes": 3}
    config = changed(model(), **{f"pipeline__{section}__{key}": value for key, value in changes.items()})
    job = next(step for step in built(config)["Steps"] if step["Name"].lower() == section)["Arguments"]
    cluster = job["ProcessingResources"]["ClusterConfig"]
    assert (cluster["InstanceType"], cluster["VolumeSizeInGB"]) == ("ml.c5.xlarge", 77)
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 180}


def test_every_job_is_cached_and_retried_as_configured() -> None:
    config = changed(model(), pipeline__cache_days=5, pipeline__retry__max_attempts=2)
    for step in built(config)["Steps"][:4]:
        assert step["CacheConfig"] == {"Enabled": True, "ExpireAfter": "P5D"}
        service, job = step["RetryPolicies"]
        assert service["MaxAttempts"] == job["MaxAttempts"] == 2
        assert "Step.THROTTLING" in service["ExceptionType"]
        assert "SageMaker.CAPACITY_ERROR" in job["ExceptionType"]


def test_outputs_of_two_executions_never_meet(steps: dict[str, Any]) -> None:
    for name in ("Prepare", "Evaluate", "Baseline"):
        for output in steps[name]["Arguments"]["ProcessingOutputConfig"]["Outputs"]:
            parts = output["S3Output"]["S3Uri"]["Std:Join"]["Values"]
            assert {"Get": "Execution.PipelineExecutionId"} in parts


def test_the_gate_compares_the_evaluation_with_the_minimum(steps: dict[str, Any]) -> None:
    (condition,) = steps["QualityGate"]["Arguments"]["Conditions"]
    assert condition["Type"] == "GreaterThanOrEqualTo"
    assert condition["LeftValue"]["Std:JsonGet"] == {
        "PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.evaluation"},
        "Path": "binary_classification_metrics.auc.value",
    }
    assert condition["RightValue"] == {"Get": "Parameters.MinimumAuc"}
    assert steps["Evaluate"]["PropertyFiles"] == [
        {"PropertyFileName": "evaluation", "OutputName": "evaluation", "FilePath": "evaluation.json"}
    ]


def test_a_registered_package_has_its_model_metrics_and_baseline(steps: dict[str, Any]) -> None:
    package = steps["Register"]["Arguments"]
    assert package["ModelPackageGroupName"] == "the-packages"
    assert package["ModelApprovalStatus"] == {"Get": "Parameters.ApprovalStatus"}
    assert package["CustomerMetadataProperties"]["DataVersion"] == {"Get": "Parameters.DataVersion"}
    (container,) = package["InferenceSpecification"]["Containers"]
    assert container == {
        "Image": "inference:v1",
        "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
    }
    quality = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    assert quality["Std:Join"]["Values"][1] == "evaluation.json"
    baseline = package["DriftCheckBaselines"]["ModelDataQuality"]
    assert baseline == package["ModelMetrics"]["ModelDataQuality"]
    files = [baseline[key]["S3Uri"]["Std:Join"]["Values"][1] for key in ("Statistics", "Constraints")]
    assert files == ["statistics.json", "constraints.json"]


def test_a_rejected_model_fails_the_execution_and_says_why(steps: dict[str, Any]) -> None:
    assert steps["Reject"]["Type"] == "Fail"
    assert "its auc is under the minimum" in json.dumps(steps["Reject"]["Arguments"])


REQUESTS = {
    "Prepare": ("CreateProcessingJob", "ProcessingJobName"),
    "Train": ("CreateTrainingJob", "TrainingJobName"),
    "Evaluate": ("CreateProcessingJob", "ProcessingJobName"),
    "Baseline": ("CreateProcessingJob", "ProcessingJobName"),
    "Register": ("CreateModelPackage", "ModelPackageName"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_the_arguments_of_a_step_are_a_valid_request_of_the_api(name: str, steps: dict[str, Any]) -> None:
    operation, job_name = REQUESTS[name]
    client = boto3.client("sagemaker", region_name="us-east-1")
    shape = client.meta.service_model.operation_model(operation).input_shape
    request = {**resolved(steps[name]["Arguments"]), job_name: "a-name"}
    assert ParamValidator().validate(request, shape).generate_report() == ""


def resolved(value: Any) -> Any:
    """A value with a text in place of each pipeline expression."""
    if isinstance(value, dict):
        expression = any(key == "Get" or key.startswith("Std:") for key in value)
        return "s3://bucket/key" if expression else {key: resolved(each) for key, each in value.items()}
    return [resolved(each) for each in value] if isinstance(value, list) else value
