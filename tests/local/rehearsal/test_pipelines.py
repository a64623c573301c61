"""Executions, started and followed."""

# ruff: noqa: N803 - parameters as the AWS APIs name them

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.rehearsal import pipelines, wait
from local.rehearsal.processes import RehearsalError
from local.rehearsal.progress import Step

ARN = "arn:aws:sagemaker:us-east-1:000000000000:pipeline/p/execution/abc"
STEP = dict[str, Any]


class SageMaker:
    """An execution that goes through the given states, the youngest step first as the API lists them."""

    def __init__(self, *states: tuple[str, list[STEP]], **more: Any) -> None:
        self._states: Iterator[tuple[str, list[STEP]]] = iter(states)
        self._now: tuple[str, list[STEP]] = ("", [])
        self.more, self.started = more, {}

    def start_pipeline_execution(self, **request: Any) -> dict[str, str]:
        self.started = request
        return {"PipelineExecutionArn": ARN}

    def list_pipeline_execution_steps(self, PipelineExecutionArn: str) -> dict[str, list[STEP]]:
        self._now = next(self._states)
        return {"PipelineExecutionSteps": self._now[1]}

    def describe_pipeline_execution(self, PipelineExecutionArn: str) -> STEP:
        return {"PipelineExecutionStatus": self._now[0], **self.more}

    def describe_pipeline(self, PipelineName: str) -> dict[str, str]:
        parameters = [{"Name": "Days", "DefaultValue": 60}, {"Name": "Uri"}]
        return {"PipelineDefinition": json.dumps({"Parameters": parameters})}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait.time, "sleep", lambda seconds: None)


def found(name: str, status: str, **more: Any) -> STEP:
    return {"StepName": name, "StepStatus": status, **more}


def test_parameters_are_passed_as_the_api_wants_them() -> None:
    sagemaker = SageMaker()
    assert pipelines.start(sagemaker, "p", {"Days": "60"}) == ARN
    assert sagemaker.started == {"PipelineName": "p", "PipelineParameters": [{"Name": "Days", "Value": "60"}]}


def test_an_execution_is_followed_to_its_end_in_the_order_of_its_steps() -> None:
    prepared, trained = found("Prepare", "Succeeded"), found("Train", "Succeeded")
    sagemaker = SageMaker(
        ("Executing", [found("Prepare", "Executing")]),
        ("Succeeded", [trained, prepared]),
    )
    step = Step("train")
    assert pipelines.follow(sagemaker, ARN, step) == [prepared, trained]
    assert step.detail == "Prepare: Succeeded  Train: Succeeded"


@pytest.mark.parametrize(
    ("steps", "more", "said"),
    [
        ([found("Train", "Failed", FailureReason="out of memory")], {}, "Train: out of memory"),
        ([], {"FailureReason": "no such role"}, "no such role"),
    ],
)
def test_an_execution_that_fails_tells_its_steps_reason_or_its_own(
    steps: list[STEP], more: dict[str, str], said: str
) -> None:
    with pytest.raises(RehearsalError, match=f"{ARN} failed: {said}"):
        pipelines.follow(SageMaker(("Failed", steps), **more), ARN, Step("train"))


def test_the_registered_package_is_found_among_the_steps() -> None:
    steps = [found("Train", "Succeeded"), found("R", "Succeeded", Metadata={"RegisterModel": {"Arn": "arn:package"}})]
    assert pipelines.package_of(steps) == "arn:package"
    with pytest.raises(RehearsalError, match="registered no model package"):
        pipelines.package_of(steps[:1])


def test_defaults_are_those_of_the_deployed_definition() -> None:
    assert pipelines.default_parameters(SageMaker(), "p") == {"Days": 60, "Uri": None}
