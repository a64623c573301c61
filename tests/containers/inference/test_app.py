"""The web layer, without a server: what it does while the model is loaded, and with large bodies."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from inference import service
from inference.app import INLINE_BYTES, Application

from .conftest import Trained


class Protocol:
    """One request and its answer, as the server's own protocol object."""

    def __init__(self, body: bytes = b"") -> None:
        self.body = body
        self.answer: dict[str, Any] = {}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.body), 2**20):
            yield self.body[start : start + 2**20]

    def response_bytes(self, **answer: Any) -> None:
        self.answer = answer


async def ask(app: Application, method: str, path: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
    protocol = Protocol(body)
    scope = SimpleNamespace(method=method, path=path, headers=headers)
    await app.__rsgi__(scope, protocol)
    return protocol.answer


@pytest.fixture(autouse=True)
def _served(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(trained.folder.parent))
    monkeypatch.setattr("contract.log.configure", lambda: None)
    # The application keeps scikit-learn from being imported in its process: not in that of the other tests.
    monkeypatch.setitem(sys.modules, "sklearn", sys.modules.get("sklearn"))


def test_invocations_wait_for_the_model_and_pings_do_not() -> None:
    async def scenario() -> list[int]:
        app = Application()
        before = await ask(app, "GET", "/ping")
        waiting = asyncio.create_task(ask(app, "POST", "/invocations", b"AA,D01,100,50"))
        await asyncio.sleep(0)
        assert not waiting.done()
        app.__rsgi_init__(asyncio.get_running_loop())
        answered = await waiting
        return [before["status"], answered["status"], (await ask(app, "GET", "/ping"))["status"]]

    assert asyncio.run(scenario()) == [503, 200, 200]


def test_a_large_body_is_answered_like_a_small_one() -> None:
    async def scenario() -> list[list[float]]:
        app = Application()
        app.__rsgi_init__(asyncio.get_running_loop())
        row = b'{"carrier":"AA","destination":"D01","seats":100,"temperature":50}\n'
        large = row * (INLINE_BYTES // len(row) + 1)
        kind = {"content-type": "application/jsonlines", "accept": "application/json"}
        answers = [await ask(app, "POST", "/invocations", body, **kind) for body in (row, large)]
        return [json.loads(answer["body"])["predictions"] for answer in answers]

    small, large = asyncio.run(scenario())
    assert large == small * len(large)


def test_a_body_over_the_limit_is_refused() -> None:
    answer = asyncio.run(ask(Application(), "POST", "/invocations", bytes(service.MAX_BODY_BYTES + 1)))
    assert answer["status"] == 413


def test_a_model_that_cannot_be_loaded_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    codes: list[int] = []

    def leave(code: int) -> None:
        codes.append(code)
        raise SystemExit

    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path_factory.mktemp("empty")))
    monkeypatch.setattr("os._exit", leave)
    with pytest.raises(SystemExit):
        Application()._load(asyncio.new_event_loop())
    assert codes == [1]
