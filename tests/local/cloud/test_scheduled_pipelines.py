"""EventBridge Scheduler and rules that start pipeline executions."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.cloud import scheduled_pipelines
from local.cloud.kernel.errors import ApiError
from tests.local.cloud.hosting.conftest import TRUST

TARGET = "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution"
WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EVENT = {"EventId": "e-1", "Time": WHEN.timestamp()}
SCHEDULE = {"Name": "hourly", "Arn": "arn:aws:scheduler:us-east-1:000000000000:schedule/default/hourly"}

Calls = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What SageMaker is asked to do, in place of doing it."""
    made: Calls = []

    def call(name: str, request: dict[str, Any]) -> dict[str, Any]:
        made.append((name, request))
        return {}

    monkeypatch.setattr(scheduled_pipelines.service, "call", call)
    return made


def target(text: str) -> dict[str, str]:
    return {"Arn": TARGET, "Input": text}


def test_the_input_is_the_request_with_schedulers_context_filled_in(calls: Calls) -> None:
    text = json.dumps(
        {
            "PipelineName": "monitor",
            "PipelineParameters": [{"Name": "WindowEnd", "Value": "<aws.scheduler.scheduled-time>"}],
            "PipelineExecutionDescription": "<aws.scheduler.schedule-arn> <aws.scheduler.attempt-number>",
            "ClientRequestToken": "<aws.scheduler.execution-id>",
        }
    )
    scheduled_pipelines.invoke(target(text), EVENT, SCHEDULE)
    ((name, request),) = calls
    assert name == "StartPipelineExecution"
    assert request["PipelineParameters"] == [{"Name": "WindowEnd", "Value": "2026-03-01T12:00:00Z"}]
    assert request["PipelineExecutionDescription"] == f"{SCHEDULE['Arn']} 1"
    assert request["ClientRequestToken"] == "e-1"


@pytest.mark.parametrize(
    ("expression", "scheduled"),
    [
        ("rate(1 hour)", "2026-03-01T12:00:07Z"),
        ("cron(0 * * * ? *)", "2026-03-01T12:00:00Z"),
        ("at(2026-03-01T12:00:05)", "2026-03-01T12:00:05Z"),
    ],
)
def test_the_scheduled_time_is_the_one_that_the_expression_calls_for(
    calls: Calls, expression: str, scheduled: str
) -> None:
    event = {**EVENT, "Time": WHEN.timestamp() + 7}
    text = '{"PipelineName": "<aws.scheduler.scheduled-time>"}'
    scheduled_pipelines.invoke(target(text), event, {**SCHEDULE, "ScheduleExpression": expression})
    assert calls[0][1]["PipelineName"] == scheduled


def test_every_start_without_a_token_has_one_of_its_own(calls: Calls) -> None:
    for _ in range(2):
        scheduled_pipelines.invoke(target('{"PipelineName": "p"}'), EVENT, SCHEDULE)
    tokens = [request["ClientRequestToken"] for _, request in calls]
    assert len(set(tokens)) == 2
    assert all(len(token) >= 32 for token in tokens)


def test_a_rules_pipeline_target_passes_its_parameters(calls: Calls) -> None:
    parameters = [{"Name": "DataVersion", "Value": "3"}]
    arn = "arn:aws:sagemaker:us-east-1:000000000000:pipeline/train"
    listed = {"Arn": arn, "SageMakerPipelineParameters": {"PipelineParameterList": parameters}}
    scheduled_pipelines.invoke(listed, EVENT, {"Name": "rule"})
    request = calls[0][1]
    assert (request["PipelineName"], request["PipelineParameters"]) == ("train", parameters)


def test_any_other_target_goes_the_emulators_way(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(scheduled_pipelines, "_emulator_invoke", lambda *arguments: seen.append(arguments))
    queue = {"Arn": "arn:aws:sqs:us-east-1:000000000000:q"}
    scheduled_pipelines.invoke(queue, EVENT, SCHEDULE, "view")
    assert seen == [(queue, EVENT, SCHEDULE, "view")]
    assert calls == []


@pytest.mark.parametrize("text", ['{"PipelineName": "gone"}', "not JSON", '["a list"]'])
def test_a_start_that_fails_is_logged_with_its_schedule_and_is_not_fatal(
    text: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_name: str, _request: dict[str, Any]) -> dict[str, Any]:
        raise ApiError("ResourceNotFound", "Pipeline 'gone' does not exist.")

    monkeypatch.setattr(scheduled_pipelines.service, "call", refuse)
    with caplog.at_level(logging.ERROR):
        scheduled_pipelines.invoke(target(text), EVENT, SCHEDULE)
    assert "schedule hourly could not start" in caplog.text


def until(probe: Callable[[], Any], seconds: float = 40) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := probe()):
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.2)
    return found


@pytest.mark.cloud
def test_a_schedule_starts_an_execution_on_the_local_cloud_though_another_names_an_unknown_pipeline(
    local_cloud: Any,
) -> None:
    sagemaker, scheduler = local_cloud.client("sagemaker"), local_cloud.client("scheduler")
    name = f"scheduled-{uuid.uuid4().hex[:8]}"
    trust = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "scheduler.amazonaws.com"}}]}
    iam = local_cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    invoker = iam.create_role(RoleName=f"{name}-s", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    step = {"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": "Parameters.WindowEnd"}}}
    parameters = [{"Name": "WindowEnd", "Type": "String"}]
    definition = {"Version": "2020-12-01", "Parameters": parameters, "Steps": [step]}
    sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=json.dumps(definition), RoleArn=role)
    at = datetime.now(UTC) + timedelta(seconds=1)
    window = [{"Name": "WindowEnd", "Value": "<aws.scheduler.scheduled-time>"}]
    for pipeline in ("does-not-exist", name):
        scheduler.create_schedule(
            Name=f"{name}-{pipeline}",
            ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": TARGET,
                "RoleArn": invoker,
                "Input": json.dumps({"PipelineName": pipeline, "PipelineParameters": window}),
            },
        )
    (started,) = until(lambda: sagemaker.list_pipeline_executions(PipelineName=name)["PipelineExecutionSummaries"])
    arn = started["PipelineExecutionArn"]
    (passed,) = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    assert passed == {"Name": "WindowEnd", "Value": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    assert '"PipelineName": "does-not-exist"' in (local_cloud.state / "cloud.log").read_text()
