from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from lambdas.common.errors import MalformedEventError
from lambdas.common.events import parse_event, require_kind, require_time, shorten


def test_an_event_is_read_with_its_envelope_and_detail(world: SimpleNamespace) -> None:
    event = parse_event(json.dumps(world.alarm_event(second=30)))
    assert event.source == "aws.cloudwatch"
    assert event.detail_type == "CloudWatch Alarm State Change"
    assert event.time == world.at(30)
    assert event.resources == (f"arn:aws:cloudwatch:us-east-1:{world.account}:alarm:{world.alarm}",)
    assert event.detail["alarmName"] == world.alarm


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ('"text"', "not a JSON object"),
    ],
)
def test_a_body_that_is_no_json_object_is_malformed(body: str, message: str) -> None:
    with pytest.raises(MalformedEventError, match=message):
        parse_event(body)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", None),
        ("id", ""),
        ("source", 7),
        ("detail-type", ["SageMaker"]),
        ("time", "yesterday"),
        ("time", None),
        ("detail", None),
        ("detail", "text"),
        ("resources", "arn"),
        ("resources", [1]),
    ],
)
def test_a_wrong_part_of_the_envelope_is_named_with_its_value(world: SimpleNamespace, key: str, value: Any) -> None:
    event = {**world.alarm_event(), key: value}
    with pytest.raises(MalformedEventError, match=key) as caught:
        parse_event(json.dumps(event))
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01T12:00:30Z",
        "2026-03-01T12:00:30.000+0000",
        "2026-03-01T13:00:30+01:00",
        "2026-03-01T12:00:30",
        "1772366430000",
        1772366430000,
    ],
)
def test_each_notation_of_a_moment_that_aws_uses_is_understood(value: object) -> None:
    assert require_time({"when": value}, "when") == datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, True, 1.5, "", "soon", "9" * 30, []])
def test_anything_else_is_no_moment(value: object) -> None:
    with pytest.raises(MalformedEventError, match="when must be a time"):
        require_time({"when": value}, "when")


def test_an_event_of_another_kind_is_refused(world: SimpleNamespace) -> None:
    event = parse_event(json.dumps(world.alarm_event()))
    with pytest.raises(MalformedEventError, match=r"'aws\.cloudwatch' 'CloudWatch Alarm State Change'"):
        require_kind(event, source="aws.sagemaker", detail_type="SageMaker Model Package State Change")


def test_a_long_value_is_cut_for_the_log() -> None:
    assert shorten("x" * 300) == f"'{'x' * 199}..."
