"""Servers that outlive the command that started them: started, found again and stopped by their pid file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from local.rehearsal.place import ROOT

START_SECONDS = 60.0
STOP_SECONDS = 20.0


class RehearsalError(Exception):
    """Something that the reader must know or do; shown without a traceback."""


def is_open(port: int) -> bool:
    """Whether somebody listens on that port of 127.0.0.1."""
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def pid_of(pid_file: Path) -> int | None:
    """The process of that pid file, if it still runs; another one that got its number later is none of ours."""
    try:
        number, _, birth = pid_file.read_text().partition(" ")
        pid = int(number)
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid if birth in ("", _birth(pid)) else None


def _birth(pid: int) -> str:
    """When the kernel started the process, in ticks since the machine's start; "" where there is no /proc to tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def start(command: list[str], port: int, folder: Path, name: str) -> bool:
    """Start a server in the background and wait until it listens; False if it runs already.

    Raises:
        RehearsalError: the port belongs to somebody else, or the server does not come up.
    """
    pid_file, log = folder / f"{name}.pid", folder / f"{name}.log"
    if pid_of(pid_file) is not None and is_open(port):
        return False
    if is_open(port):
        raise RehearsalError(f"port {port} of 127.0.0.1 is taken by another program; choose one with `--port`")
    folder.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        process = subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=sink, start_new_session=True)
    pid_file.write_text(f"{process.pid} {_birth(process.pid)}")
    deadline = time.monotonic() + START_SECONDS
    while not is_open(port):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(folder, name)
            raise RehearsalError(f"{name} did not start; the end of {log}:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)
    return True


def stop(folder: Path, name: str) -> bool:
    """Stop the server of that pid file and wait until it is gone; False if there is none."""
    pid_file = folder / f"{name}.pid"
    pid = pid_of(pid_file)
    pid_file.unlink(missing_ok=True)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _runs(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    return True


def _runs(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass  # started by an earlier command: not our child, so ask the kernel
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
