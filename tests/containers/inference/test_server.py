"""The real server as a process, as SageMaker runs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from .conftest import Trained

CONTAINERS = Path(__file__).parents[3] / "containers"
START_SECONDS = 60
"""Long, for a busy machine; the server is usually ready in two seconds."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """A server process and how to ask it."""

    def __init__(self, base_dir: Path, workers: int = 1) -> None:
        self.port = free_port()
        environment = os.environ | {
            "SAGEMAKER_BASE_DIR": str(base_dir),
            "SAGEMAKER_BIND_HOST": "127.0.0.1",
            "SAGEMAKER_BIND_TO_PORT": str(self.port),
            "SAGEMAKER_MODEL_SERVER_WORKERS": str(workers),
            "PYTHONPATH": f"{CONTAINERS / 'inference'}{os.pathsep}{CONTAINERS / 'common'}",
        }
        command = [sys.executable, "-m", "inference", "serve"]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.statuses: set[int] = set()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(f"http://127.0.0.1:{self.port}{path}", data=body, headers=named)
        try:
            with urlopen(request, timeout=30) as response:
                return response.status, response.read()
        except HTTPError as refusal:
            return refusal.code, refusal.read()

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                status, _ = self.ask("/ping")
            except (URLError, ConnectionError):
                status = 0
            self.statuses.add(status)
            if status == 200:
                return
            assert self.process.poll() is None, self.process.communicate()[0]
            time.sleep(0.02)
        pytest.fail(f"not ready after {START_SECONDS} seconds")

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[0]


@contextmanager
def serving(base_dir: Path, workers: int = 1) -> Iterator[Server]:
    server = Server(base_dir, workers)
    try:
        server.wait()
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="module")
def server(trained: Trained) -> Iterator[Server]:
    with serving(trained.folder.parent) as running:
        yield running


def test_it_is_reachable_before_it_is_ready(server: Server) -> None:
    assert 503 in server.statuses


def test_csv_predictions_are_those_of_xgboost(server: Server, trained: Trained) -> None:
    body = "".join(",".join("" if value is None else str(value) for value in row) + "\n" for row in trained.rows)
    status, answer = server.ask("/invocations", body.encode(), Content_Type="text/csv", Accept="text/csv")
    assert status == 200
    assert np.abs(np.array(answer.split(), dtype=np.float64) - trained.expected).max() <= 1e-6


def test_json_predictions_are_those_of_xgboost(server: Server, trained: Trained) -> None:
    # More than 64 KiB: answered in a thread.
    body = json.dumps({"instances": trained.rows * 3}).encode()
    status, answer = server.ask("/invocations", body, Content_Type="application/json")
    assert len(body) > 64 * 1024
    assert status == 200
    assert np.abs(np.array(json.loads(answer)["predictions"]) - np.tile(trained.expected, 3)).max() <= 1e-6


def test_a_wrong_request_is_a_json_error(server: Server) -> None:
    status, answer = server.ask("/invocations", b"AA,D01,many,1", Content_Type="text/csv")
    assert status == 400
    assert json.loads(answer) == {"error": "feature 'seats', row 0: 'many' is not a number"}


def test_a_body_over_the_limit_is_refused(server: Server) -> None:
    status, answer = server.ask("/invocations", bytes(6 * 2**20 + 1), Content_Type="text/csv")
    assert status == 413
    assert server.ask("/ping")[0] == 200
    assert b"6 MiB are allowed" in answer


def test_sigterm_lets_open_requests_end(trained: Trained) -> None:
    rows = trained.rows * 60
    body = "".join(",".join("" if value is None else str(value) for value in row) + "\n" for row in rows).encode()
    answers: list[tuple[int, bytes]] = []
    with serving(trained.folder.parent) as server:
        asking = threading.Thread(
            target=lambda: answers.append(server.ask("/invocations", body, Content_Type="text/csv"))
        )
        asking.start()
        time.sleep(0.1)
        open_at_signal = not answers
        server.stop()
        asking.join()
        assert server.process.returncode == 0
    assert open_at_signal, "the request ended before the signal: send more rows"
    assert answers[0][0] == 200
    assert len(answers[0][1].split()) == len(rows)


@pytest.mark.parametrize("seconds", [0.2, 0.4])
def test_sigterm_ends_a_server_that_is_still_starting(trained: Trained, seconds: float) -> None:
    server = Server(trained.folder.parent)
    time.sleep(seconds)
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 10


def test_a_model_that_cannot_be_loaded_ends_the_server(trained: Trained, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(trained.folder, tmp_path / "model"))
    (folder / "model.ubj").unlink()
    server = Server(tmp_path)
    output, _ = server.process.communicate(timeout=START_SECONDS)
    assert server.process.returncode == 1
    assert "model.ubj does not exist" in output


def test_two_workers_answer_alike(trained: Trained) -> None:
    with serving(trained.folder.parent, workers=2) as server:
        answers = {server.ask("/invocations", b"AA,D01,100,50", Content_Type="text/csv") for _ in range(20)}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 200
