"""Background work, events and clients: in the scope of whoever asked, and never fatal."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from ministack.services import eventbridge

from local.cloud.kernel import background, clients, events, scope

HERE = scope.Scope("111111111111", "eu-west-1")


def test_work_runs_in_the_account_and_region_of_its_caller() -> None:
    seen: list[Any] = []
    with scope.use(HERE):
        thread = background.spawn("look", lambda *more: seen.append((scope.current(), more)), 1, 2)
    thread.join(5)
    assert seen == [(HERE, (1, 2))]


def test_work_that_fails_is_logged_under_its_name(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("out of luck")

    with caplog.at_level(logging.ERROR):
        background.spawn("unlucky", fail).join(5)
    assert "background work 'unlucky' failed" in caplog.text
    assert "out of luck" in caplog.text


def test_periodic_work_goes_on_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    calls, thrice = [0], threading.Event()

    def work() -> None:
        calls[0] += 1
        if calls[0] >= 3:
            thrice.set()
            threading.Event().wait()  # the thread lives as long as its process: let it rest
        raise RuntimeError("again")

    with caplog.at_level(logging.ERROR):
        background.every(0.001, "tick", work)
        assert thrice.wait(5)
    assert "periodic work 'tick' failed" in caplog.text


def test_an_event_is_dispatched_as_eventbridge_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(eventbridge, "_dispatch_event", sent.append)
    when = datetime(2026, 1, 2, tzinfo=UTC)
    with scope.use(HERE):
        events.emit("aws.sagemaker", "SageMaker Endpoint State Change", {"CreationTime": when}, ["arn:x"])
    (event,) = sent
    assert (event["Source"], event["EventBusName"], event["Resources"]) == ("aws.sagemaker", "default", ["arn:x"])
    assert (event["Account"], event["Region"]) == (HERE.account, HERE.region)
    assert json.loads(event["Detail"]) == {"CreationTime": 1767312000000}


def test_what_is_not_json_is_no_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventbridge, "_dispatch_event", lambda event: None)
    with pytest.raises(TypeError, match="not JSON: set"):
        events.emit("aws.sagemaker", "x", {"value": {1}}, [])


def test_a_client_acts_in_the_current_account_and_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_PORT", "12345")
    clients._client.cache_clear()
    with scope.use(HERE):
        made = clients.client("sqs")
        assert clients.client("sqs") is made
    assert made.meta.endpoint_url == "http://127.0.0.1:12345"
    assert made.meta.region_name == "eu-west-1"
    assert made._request_signer._credentials.access_key == HERE.account
    clients._client.cache_clear()


def test_a_roles_credentials_are_what_a_job_finds_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []

    class Sts:
        def assume_role(self, **request: str) -> dict[str, Any]:
            asked.append(request)
            return {"Credentials": {"AccessKeyId": "ASIA1", "SecretAccessKey": "s", "SessionToken": "t"}}

    monkeypatch.setattr(clients, "client", lambda service: Sts())
    found = clients.role_credentials("arn:aws:iam::1:role/r", "n" * 100)
    assert found == {"AWS_ACCESS_KEY_ID": "ASIA1", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    assert asked == [{"RoleArn": "arn:aws:iam::1:role/r", "RoleSessionName": "n" * 64}]


def test_an_arn_is_of_its_scope() -> None:
    assert HERE.arn("sagemaker", "model/m") == "arn:aws:sagemaker:eu-west-1:111111111111:model/m"
