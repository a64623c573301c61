from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.common.errors import MalformedEventError, RetryLaterError
from lambdas.common.events import PlatformEvent
from lambdas.common.records import handle_records

LogLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def logger() -> Logger:
    return Logger(service="test", level="INFO")


@pytest.fixture
def run(
    lambda_context: LambdaContext, logger: Logger, capture: Callable[[Logger], None]
) -> Callable[[dict[str, Any], Callable[[PlatformEvent], None]], dict[str, Any]]:
    def run(event: dict[str, Any], handle: Callable[[PlatformEvent], None]) -> dict[str, Any]:
        capture(logger)
        return handle_records(event, lambda_context, logger=logger, handle=handle)

    return run


def test_a_batch_without_failures_reports_none(world: SimpleNamespace, run: Any) -> None:
    seen: list[str] = []
    response = run(
        world.batch(world.alarm_event(second=1), world.alarm_event(second=2)), lambda event: seen.append(event.id)
    )
    assert response == {"batchItemFailures": []}
    assert [event_id[-2:] for event_id in seen] == ["01", "02"]


def test_only_the_malformed_message_of_a_batch_comes_back(world: SimpleNamespace, run: Any) -> None:
    seen: list[str] = []
    batch = world.batch(world.alarm_event(second=1), "no event", world.alarm_event(second=3))
    response = run(batch, lambda event: seen.append(event.id[-2:]))
    assert response == {"batchItemFailures": [{"itemIdentifier": "message-2"}]}
    assert seen == ["01", "03"]


def test_a_batch_that_fails_as_a_whole_is_reported_not_raised(world: SimpleNamespace, run: Any) -> None:
    def fail(event: PlatformEvent) -> None:
        raise RetryLaterError("busy")

    response = run(world.batch(world.alarm_event()), fail)
    assert response == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}


def test_a_malformed_event_is_logged_as_an_error_with_the_message_it_came_in(
    run: Any, log_lines: LogLines, world: Any
) -> None:
    run(world.batch("no event"), lambda event: None)
    (line,) = log_lines()
    assert line["level"] == "ERROR"
    assert line["error_type"] == "MalformedEventError"
    assert line["message_id"] == "message-1"
    assert line["receive_count"] == "1"
    assert "no event" in line["reason"]


def test_waiting_is_logged_as_information(world: SimpleNamespace, run: Any, log_lines: LogLines) -> None:
    def wait(event: PlatformEvent) -> None:
        raise RetryLaterError("the stack is busy")

    run(world.batch(world.alarm_event()), wait)
    (line,) = log_lines()
    assert (line["level"], line["reason"]) == ("INFO", "the stack is busy")


def test_an_unexpected_failure_is_logged_with_its_traceback(
    world: SimpleNamespace, run: Any, log_lines: LogLines
) -> None:
    run(world.batch(world.alarm_event()), lambda event: 1 // 0)
    (line,) = log_lines()
    assert line["level"] == "ERROR"
    assert "ZeroDivisionError" in line["exception"]


def test_log_lines_of_an_event_carry_its_id_and_later_ones_do_not(
    world: SimpleNamespace, run: Any, logger: Logger, log_lines: LogLines
) -> None:
    event = world.alarm_event()
    run(world.batch(event), lambda _: logger.info("inside"))
    logger.info("outside")
    inside, outside = log_lines()
    assert inside["correlation_id"] == event["id"]
    assert outside.get("correlation_id") is None
    assert "message_id" not in outside


def test_an_invocation_that_is_no_sqs_batch_is_refused(run: Any) -> None:
    with pytest.raises(MalformedEventError, match="Records"):
        run({"detail": {}}, lambda event: None)
