"""The serving half: a line of CSV in, the same line with the model's prefix out."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def serve(model_dir: Path) -> None:
    """Answer `/ping` and `/invocations`; the model's `prefix.txt` stands before every line of the answer.

    A body that contains `boom` answers 500; `environ` answers the environment as JSON.
    """
    file = model_dir / "prefix.txt"
    prefix = file.read_text().strip() if file.is_file() else "echo"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200 if self.path == "/ping" else 404, b"")

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if "boom" in text:
                self._answer(500, b"boom")
            elif text.strip() == "environ":
                self._answer(200, json.dumps(dict(os.environ)).encode())
            else:
                self._answer(200, "\n".join(f"{prefix},{line}" for line in text.splitlines()).encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", self.headers.get("Accept") or "text/csv")
            self.end_headers()
            self.wfile.write(body)

    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
