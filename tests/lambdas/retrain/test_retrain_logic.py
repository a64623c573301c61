from __future__ import annotations

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lambdas.common.errors import MalformedEventError
from lambdas.common.events import parse_event
from lambdas.retrain.logic import AlarmChange, Execution, check_executions, read_alarm_change

COOLDOWN = timedelta(seconds=20)


def read(event: dict[str, Any]) -> AlarmChange:
    return read_alarm_change(parse_event(json.dumps(event)))


def make_execution(started_at: datetime, status: str = "Succeeded") -> Execution:
    return Execution("arn/1", status, started_at)


@pytest.fixture
def change(world: SimpleNamespace) -> AlarmChange:
    return read(world.alarm_event(second=30))


def test_a_change_is_read_from_the_documented_event(world: SimpleNamespace, change: AlarmChange) -> None:
    assert change.name == world.alarm
    assert change.arn == f"arn:aws:cloudwatch:us-east-1:{world.account}:alarm:{world.alarm}"
    assert change.state == "ALARM"
    assert change.changed_at == world.at(30, 987_000)
    assert change.reason.startswith("Threshold Crossed")


def test_the_data_version_is_the_moment_of_the_change_in_utc(change: AlarmChange) -> None:
    assert change.data_version == "2026-03-01T12:00:30.987Z"


def test_the_token_is_the_same_for_each_delivery_and_of_sagemakers_length(
    world: SimpleNamespace, change: AlarmChange
) -> None:
    again = read({**world.alarm_event(second=30), "id": "another"})
    assert again.token == change.token
    assert 32 <= len(change.token) <= 128
    assert read(world.alarm_event(second=31)).token != change.token
    assert read(world.alarm_event(second=30, name="other")).token != change.token


def test_the_description_is_one_line_within_sagemakers_limit(world: SimpleNamespace) -> None:
    event = world.alarm_event()
    event["detail"]["state"]["reason"] = "line\nline " * 1000
    description = read(event).description
    assert world.alarm in description
    assert "\n" not in description
    assert len(description) == 3072


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("detail", "alarmName"), None, "alarmName"),
        (("detail", "state"), "ALARM", r"detail\.state"),
        (("detail", "state", "value"), None, "value"),
        (("detail", "state", "timestamp"), "now", "timestamp"),
        (("resources",), [], "resources"),
        (("source",), "aws.sagemaker", r"aws\.sagemaker"),
    ],
)
def test_a_wrong_part_of_the_event_is_named(
    world: SimpleNamespace, path: tuple[str, ...], value: Any, message: str
) -> None:
    event = world.alarm_event()
    part = event
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(MalformedEventError, match=message):
        read(event)


def test_an_alarm_starts_a_pipeline_that_never_ran(change: AlarmChange) -> None:
    assert check_executions(change, [], cooldown=COOLDOWN) is None


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_another_state_starts_nothing(world: SimpleNamespace, state: str) -> None:
    skipped = check_executions(read(world.alarm_event(state=state)), [], cooldown=COOLDOWN)
    assert skipped == f"the alarm went to {state}"


@pytest.mark.parametrize("status", ["Executing", "Stopping"])
def test_a_running_execution_is_enough_however_long_it_runs(
    world: SimpleNamespace, change: AlarmChange, status: str
) -> None:
    running = make_execution(world.at(0) - timedelta(days=9), status)
    skipped = check_executions(change, [make_execution(world.at(1)), running], cooldown=timedelta())
    assert skipped == f"an execution is {status.lower()}: arn/1"


@pytest.mark.parametrize("status", ["Succeeded", "Failed", "Stopped"])
@pytest.mark.parametrize(("second", "starts"), [(10, True), (11, False), (29, False)])
def test_an_execution_within_the_cooldown_before_the_alarm_is_enough(
    world: SimpleNamespace, change: AlarmChange, status: str, second: int, starts: bool
) -> None:
    skipped = check_executions(change, [make_execution(world.at(second), status)], cooldown=COOLDOWN)
    assert (skipped is None) is starts
    assert starts or "within the cooldown of 0:00:20" in str(skipped)


def test_a_redelivered_alarm_finds_the_execution_that_answered_it(world: SimpleNamespace, change: AlarmChange) -> None:
    skipped = check_executions(change, [make_execution(world.at(40))], cooldown=timedelta())
    assert "started since the alarm" in str(skipped)


def test_the_latest_execution_counts_in_whatever_order_they_come(world: SimpleNamespace, change: AlarmChange) -> None:
    executions = [make_execution(world.at(second)) for second in (1, 25, 5)]
    assert "12:00:25" in str(check_executions(change, executions, cooldown=COOLDOWN))
