"""The server of the page, as a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "secret").write_text("secret")
    out = folder / "out"
    out.mkdir()
    (out / "report.html").write_text("<!doctype html><title>report</title>")
    (out / "other.html").write_text("other")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    command = [sys.executable, "-m", "local.report.serve", "--port", str(port), "--directory", str(out)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            yield port, process
        finally:
            process.kill()


def _wait(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not start")


def _request(port: int, path: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    # Not normalised, unlike what most clients send.
    connection.putrequest(method, path)
    connection.endheaders()
    response = connection.getresponse()
    return response, response.read()


@pytest.mark.parametrize("path", ["/", "/report.html", "/report.html?x=1"])
def test_the_report_is_served_under_a_strict_policy(server, path) -> None:
    response, body = _request(server[0], path)
    assert response.status == 200
    assert b"<title>report" in body
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_head_gives_the_headers_alone(server) -> None:
    response, body = _request(server[0], "/report.html", "HEAD")
    assert (response.status, body) == (200, b"")


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "//etc/passwd", "/other.html", "/./", "/run.json", "/report.html/"]
)
def test_nothing_else_is_served_and_no_folder_is_listed(server, path) -> None:
    response, body = _request(server[0], path)
    assert response.status == 404
    assert b"secret" not in body.replace(path.encode(), b"")
    assert "Content-Security-Policy" in response.headers


def test_other_methods_are_refused(server) -> None:
    response, _ = _request(server[0], "/report.html", "POST")
    assert response.status == 501


def test_sigterm_ends_it_cleanly(server) -> None:
    _, process = server
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
