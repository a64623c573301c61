from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.stub import ANY

from lambdas.retrain import handler as module

LogLines = Callable[[], list[dict[str, Any]]]


class Aws:
    """The pipeline, as stubbed answers in the order in which the function asks."""

    def __init__(self, world: SimpleNamespace, stubs: SimpleNamespace) -> None:
        self.world, self.stubs = world, stubs

    def executions(self, *executions: tuple[str, datetime]) -> None:
        summaries = [
            {"PipelineExecutionArn": self.arn(number), "PipelineExecutionStatus": status, "StartTime": started_at}
            for number, (status, started_at) in enumerate(executions)
        ]
        self.stubs.sagemaker.add_response(
            "list_pipeline_executions",
            {"PipelineExecutionSummaries": summaries},
            {
                "PipelineName": self.world.pipeline,
                "SortBy": "CreationTime",
                "SortOrder": "Descending",
                "MaxResults": 100,
            },
        )

    def start(self, data_version: str) -> None:
        self.stubs.sagemaker.add_response(
            "start_pipeline_execution",
            {"PipelineExecutionArn": self.arn(9)},
            {
                "PipelineName": self.world.pipeline,
                "PipelineParameters": [{"Name": "DataVersion", "Value": data_version}],
                "PipelineExecutionDescription": ANY,
                "ClientRequestToken": ANY,
            },
        )

    def arn(self, number: int) -> str:
        pipeline = f"arn:aws:sagemaker:us-east-1:{self.world.account}:pipeline/{self.world.pipeline}"
        return f"{pipeline}/execution/{number:012}"


@pytest.fixture
def aws(world: SimpleNamespace, stubs: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Aws:
    monkeypatch.setattr(module, "client", stubs.clients.__getitem__)
    targets = {world.alarm: {"pipeline": world.pipeline, "cooldown_minutes": 0.5}}
    monkeypatch.setenv("PIPELINES", json.dumps(targets))
    return Aws(world, stubs)


@pytest.fixture
def run(lambda_context: LambdaContext, world: SimpleNamespace, capture: Callable[[Logger], None]) -> Any:
    """Runs the handler on events; returns the ids of the messages that come back."""

    def run(*events: Any) -> list[str]:
        capture(module.logger)
        response = module.handler(world.batch(*events), lambda_context)
        return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]

    return run


def metrics(lines: list[dict[str, Any]]) -> list[str]:
    return [line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] for line in lines if "_aws" in line]


def test_an_alarm_starts_the_pipeline_and_is_counted(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.executions()
    aws.start("2026-03-01T12:00:30.987Z")
    assert run(world.alarm_event(second=30)) == []
    assert metrics(log_lines()) == ["RetrainsStarted"]


def test_a_duplicate_alarm_in_the_same_batch_starts_the_pipeline_once(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.executions()
    aws.start("2026-03-01T12:00:30.987Z")
    aws.executions(("Executing", world.at(31)))
    event = world.alarm_event(second=30)
    assert run(event, event) == []
    assert metrics(log_lines()) == ["RetrainsStarted", "RetrainsSkipped"]


def test_an_alarm_older_than_the_last_execution_is_skipped_with_the_reason(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.executions(("Succeeded", world.at(50)))
    assert run(world.alarm_event(second=10)) == []
    lines = log_lines()
    assert metrics(lines) == ["RetrainsSkipped"]
    assert any("started since the alarm" in line.get("reason", "") for line in lines)


def test_an_alarm_within_the_cooldown_is_skipped(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.executions(("Failed", world.at(5)))
    assert run(world.alarm_event(second=30)) == []
    assert any("within the cooldown" in line.get("reason", "") for line in log_lines())


def test_an_unknown_alarm_fails_the_message_with_its_name(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    assert run(world.alarm_event(name="unknown")) == ["message-1"]
    assert any("'unknown'" in line.get("reason", "") for line in log_lines())


def test_malformed_messages_fail_alone(aws: Aws, run: Any, world: SimpleNamespace) -> None:
    aws.executions()
    aws.start("2026-03-01T12:00:30.987Z")
    shapeless = {**world.alarm_event(), "detail": {"alarmName": world.alarm}}
    assert run("", shapeless, world.alarm_event(second=30)) == ["message-1", "message-2"]


def test_a_pipeline_that_does_not_exist_fails_the_message(
    aws: Aws, run: Any, world: SimpleNamespace, stubs: SimpleNamespace
) -> None:
    stubs.sagemaker.add_client_error("list_pipeline_executions", "ResourceNotFound", "no such pipeline")
    assert run(world.alarm_event()) == ["message-1"]
