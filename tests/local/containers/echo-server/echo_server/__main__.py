"""Serve `/ping` and `/invocations` on SAGEMAKER_BIND_TO_PORT; the model is a file that names its version."""

from __future__ import annotations

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

VERSION = (Path(os.environ["SAGEMAKER_BASE_DIR"]) / "model" / "version.txt").read_text().strip()


class Handler(BaseHTTPRequestHandler):
    """Answers with JSON, or with CSV if that is accepted; the body may order a failure."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """`/ping`."""
        self._answer(200 if self.path == "/ping" else 404, b"", "text/plain")

    def do_POST(self) -> None:
        """`/invocations`."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("latin-1")
        order, _, argument = body.partition(" ")
        if order == "crash":
            os._exit(int(argument or 1))
        if order == "sleep":
            time.sleep(float(argument))
        if order == "error" or VERSION == "broken":
            self._answer(int(argument or 500) if order == "error" else 500, b"bad features", "text/plain")
        elif self.headers.get("Accept") == "text/csv":
            self._answer(200, f"{VERSION}\n".encode(), "text/csv; charset=utf-8")
        else:
            names = ("Content-Type", "X-Amzn-SageMaker-Custom-Attributes", "X-Amzn-SageMaker-Inference-Id")
            shown = {
                "version": VERSION,
                "pid": os.getpid(),
                "environment": {name: os.environ.get(name) for name in ("ECHO_GREETING", "AWS_ACCESS_KEY_ID")},
                "headers": {name: self.headers.get(name) for name in names},
            }
            self._answer(200, json.dumps(shown).encode(), "application/json")

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if custom := self.headers.get("X-Amzn-SageMaker-Custom-Attributes"):
            self.send_header("X-Amzn-SageMaker-Custom-Attributes", custom)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Only what is worth a line in the log."""


if sys.argv[1:] != ["serve"]:
    sys.exit(f"expected the argument serve, got {sys.argv[1:]}")
if VERSION == "refuses":
    sys.exit("this model refuses to load")
print(f"serving {VERSION}", flush=True)
address = (os.environ["SAGEMAKER_BIND_HOST"], int(os.environ["SAGEMAKER_BIND_TO_PORT"]))
ThreadingHTTPServer(address, Handler).serve_forever()
