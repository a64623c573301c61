"""Servers that outlive the command that started them: real processes on free ports."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.rehearsal import processes
from local.rehearsal.processes import RehearsalError
from tests.local.conftest import free_port

SERVER = """
import signal, socket, sys
if "stubborn" in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
sock = socket.socket(); sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(("127.0.0.1", int(sys.argv[1]))); sock.listen()
while True: sock.accept()[0].close()
"""


class Server:
    """A server in a folder, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    def start(self, *options: str) -> bool:
        return processes.start([sys.executable, "-c", SERVER, str(self.port), *options], self.port, self.folder, "s")

    def stop(self) -> bool:
        return processes.stop(self.folder, "s")

    @property
    def pid(self) -> int | None:
        return processes.pid_of(self.folder / "s.pid")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "state")
    yield made
    made.stop()


def test_a_server_runs_from_start_to_stop(server: Server) -> None:
    assert server.start() is True
    pid = server.pid
    assert pid is not None
    assert processes.is_open(server.port)
    assert server.stop() is True
    assert not processes.is_open(server.port)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_runs_already_is_left_alone(server: Server) -> None:
    server.start()
    pid = server.pid
    assert server.start() is False
    assert server.pid == pid


def test_stopping_what_does_not_run_says_so(server: Server) -> None:
    assert server.stop() is False


def test_a_port_of_another_program_is_an_error_that_says_what_to_do(server: Server, tmp_path: Path) -> None:
    server.start()
    with pytest.raises(RehearsalError, match=f"port {server.port} .* is taken by another program; choose .*--port"):
        processes.start(["true"], server.port, tmp_path / "other", "s")


def test_a_server_that_ends_at_once_is_an_error_with_the_end_of_its_log(server: Server) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such option')"]
    with pytest.raises(RehearsalError, match=r"s did not start; the end of .*s\.log:\nno such option"):
        processes.start(command, server.port, server.folder, "s")
    assert server.pid is None


def test_a_server_that_never_listens_is_stopped(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "START_SECONDS", 0.3)
    with pytest.raises(RehearsalError, match="did not start"):
        processes.start([sys.executable, "-c", "import time; time.sleep(60)"], server.port, server.folder, "s")
    assert server.pid is None


def test_a_server_that_ignores_sigterm_is_killed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    server.start("stubborn")
    assert server.stop() is True
    assert not processes.is_open(server.port)


@pytest.mark.parametrize("text", ["", "not a number", "999999999 1"])
def test_a_pid_file_that_names_nobody_is_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.pid").write_text(text)
    assert processes.pid_of(tmp_path / "s.pid") is None


def test_a_process_that_got_the_number_later_is_not_stopped(tmp_path: Path) -> None:
    other = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / "s.pid").write_text(f"{other.pid} 1")
        assert processes.stop(tmp_path, "s") is False
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_server_that_another_command_started_is_stopped_too(server: Server) -> None:
    command = [sys.executable, "-c", SERVER, str(server.port)]
    call = f"processes.start({command!r}, {server.port}, Path({str(server.folder)!r}), 's')"
    code = f"from pathlib import Path; from local.rehearsal import processes; print({call})"
    subprocess.run([sys.executable, "-c", code], cwd=processes.ROOT, check=True, capture_output=True)
    pid = server.pid
    assert pid is not None
    assert server.stop() is True
    deadline = time.monotonic() + 5
    while processes._runs(pid):
        assert time.monotonic() < deadline
