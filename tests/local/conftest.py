"""A local cloud of the tests' own: free port, own state, stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
CONTAINERS = [Path(__file__).parent / "containers", ROOT / "containers"]


@dataclass(frozen=True)
class LocalCloud:
    """A running local cloud."""

    port: int
    state: Path

    def client(self, service: str, **config: Any) -> Any:
        """A boto3 client of it, acting as the account's root."""
        return boto3.session.Session().client(
            service,
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id="000000000000",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1}, **config),
        )


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Wait for a server; fail with its log if it ends or stays silent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as sock:
            sock.settimeout(1)
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    process.kill()
    pytest.fail(f"the local cloud did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def local_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """One local cloud for the whole session."""
    state, port = tmp_path_factory.mktemp("cloud"), free_port()
    log = state / "cloud.log"
    command = [sys.executable, "-m", "local.cloud", "--port", str(port), "--state", str(state)]
    environment = {**os.environ, "SAGESTEAD_CONTAINERS": os.pathsep.join(map(str, CONTAINERS))}
    with log.open("wb") as sink:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT)
    try:
        wait_until_open(port, process, log)
        yield LocalCloud(port, state)
    finally:
        process.terminate()
        process.wait(20)
