"""Requests to the endpoint, counted with all that went wrong."""

from __future__ import annotations

import io
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from local.rehearsal import traffic


class Runtime:
    """An endpoint that answers what the row says."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def invoke_endpoint(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        row = request["Body"]
        if row == "refused":
            raise ClientError({"Error": {"Code": "ModelError", "Message": "bad features"}}, "InvokeEndpoint")
        if row == "down":
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
        return {"Body": io.BytesIO(row.encode())}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time is a quarter past a full second; the waits are written down and not waited."""
    waits: list[float] = []
    monkeypatch.setattr(traffic, "time", SimpleNamespace(time=lambda: 100.25, sleep=waits.append))
    return waits


def test_traffic_begins_at_a_full_second(clock: list[float]) -> None:
    traffic.send(Runtime(), "e", ["0.1"], "March")
    assert clock == [0.75]


def test_each_row_is_one_request_in_csv() -> None:
    runtime = Runtime()
    sent = traffic.send(runtime, "e", ["0.1", "0.5", "1"], "March")
    assert (sent.label, sent.rows, sent.errors) == ("March", 3, [])
    assert sorted(request["Body"] for request in runtime.asked) == ["0.1", "0.5", "1"]
    kinds = {(request["EndpointName"], request["ContentType"], request["Accept"]) for request in runtime.asked}
    assert kinds == {("e", "text/csv", "text/csv")}
    assert sent.end is not None
    assert 0 <= sent.seconds < 5


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("refused", "bad features"),
        ("down", "Could not connect"),
        ("1.5", "1.5 is no probability"),
        ("nan", "nan is no probability"),
        ("<html>", "could not convert"),
    ],
)
def test_whatever_is_no_probability_is_an_error_and_the_others_go_on(row: str, said: str) -> None:
    sent = traffic.send(Runtime(), "e", ["0.1", row, "0.2"], "March")
    assert sent.rows == 3
    assert len(sent.errors) == 1
    assert said in sent.errors[0]


def test_steady_traffic_lasts_as_long_as_its_block_and_outlives_errors() -> None:
    runtime = Runtime()
    with traffic.steady(runtime, "e", ["down", "0.5"], "canary", per_second=500) as sent:
        deadline = time.monotonic() + 5
        while sent.rows < 6:
            assert time.monotonic() < deadline
    rows = sent.rows
    assert len(sent.errors) == (rows + 1) // 2
    assert not any(thread.name == "steady-traffic" for thread in threading.enumerate())
    assert (sent.rows, len(runtime.asked)) == (rows, rows)


def test_steady_traffic_stops_when_its_block_fails() -> None:
    with pytest.raises(RuntimeError), traffic.steady(Runtime(), "e", ["0.5"], "canary", per_second=500):
        raise RuntimeError("the deployment failed")
    assert not any(thread.name == "steady-traffic" for thread in threading.enumerate())
