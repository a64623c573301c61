"""Serves the report page on 127.0.0.1: `python -m local.report.serve --port N --directory out`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType

FILES = {
    "/": ("report.html", "text/html; charset=utf-8"),
    "/report.html": ("report.html", "text/html; charset=utf-8"),
    "/run.json": ("run.json", "application/json"),
}
"""All that is served: no other path is looked up on the disk, so none can leave the folder."""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page's own policy (a meta element) narrows the scripts to the one that it has, by its hash."""


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the files of the report, and nothing else."""

    folder: Path
    server_version, sys_version = "sagestead-report", ""

    def do_GET(self) -> None:
        """Send the file."""
        body = self._head()
        if body is not None:
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        """Send the file's headers."""
        self._head()

    def _head(self) -> bytes | None:
        name, content_type = FILES.get(self.path.partition("?")[0], ("", ""))
        try:
            body = (self.folder / name).read_bytes() if name else None
        except OSError:
            body = None
        if body is None:
            self.send_error(HTTPStatus.NOT_FOUND, "There is no such page; the report is at /report.html")
            return None
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return body

    def end_headers(self) -> None:
        """Add the headers that every answer has."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def create(port: int, folder: Path) -> ThreadingHTTPServer:
    """A server of the folder's report on that port of 127.0.0.1 (0: any free one), not yet running."""
    handler = type("ReportHandler", (Handler,), {"folder": folder.resolve()})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m local.report.serve", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="TCP port of 127.0.0.1")
    parser.add_argument("--directory", type=Path, required=True, help="folder of report.html")
    options = parser.parse_args()
    server = create(options.port, options.directory)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the serving loop, which this handler interrupts: it has to run beside it.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
