"""One rehearsal for all end-to-end tests: the very commands of the Makefile, on a port and in folders of their own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.rehearsal.place import Place

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal that was run."""

    place: Place
    output: str

    @property
    def run(self) -> dict[str, Any]:
        """What it wrote down."""
        return dict(json.loads((self.place.out / "run.json").read_text()))

    def command(self, name: str) -> str:
        """Run `up` or `down` at this place; its output."""
        options = ["--port", str(self.place.port), "--state", str(self.place.state), "--out", str(self.place.out)]
        command = [sys.executable, "-m", "local.rehearsal", name, *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1500)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-4000:]
        return done.stdout


def two_free_ports() -> int:
    """A port that is free together with the next one, which serves the page."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """`make up`, once; `make down` at the end."""
    folder = tmp_path_factory.mktemp("rehearsal")
    place = Place(port=two_free_ports(), state=folder / "state", out=folder / "out")
    try:
        yield Rehearsal(place, Rehearsal(place, "").command("up"))
    finally:
        Rehearsal(place, "").command("down")
