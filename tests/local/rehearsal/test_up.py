"""`up` and `down`: what is done, what is left alone, and the command line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from infra.config.errors import ConfigError, Problem
from local.rehearsal import __main__ as command_line
from local.rehearsal import processes, up
from local.rehearsal.life import Record
from local.rehearsal.place import Place
from local.rehearsal.processes import RehearsalError


class World:
    """Everything that `up` calls, written down instead of done."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self.sink = Place(port=5000, state=folder / "state", out=folder / "out"), io.StringIO()
        self.console = Console(file=self.sink, width=120)
        self.calls: list[str] = []
        self.running: set[str] = set()
        self.stacks: list[dict[str, str]] = []
        monkeypatch.setattr(processes, "start", self._start)
        monkeypatch.setattr(processes, "stop", lambda folder, name: name in self.running)
        monkeypatch.setattr(Place, "client", lambda place, name: self)
        monkeypatch.setattr(up.deploy, "bootstrap", lambda place, step: self.calls.append("bootstrap"))
        monkeypatch.setattr(up.deploy, "deploy", self._deploy)
        monkeypatch.setattr(up, "Life", self._life)
        monkeypatch.setattr(up.collect, "collect", lambda *arguments: "facts")
        monkeypatch.setattr(up.page, "render", lambda facts: f"<html>{facts}</html>")
        monkeypatch.setattr(up.summary, "show", lambda *arguments: self.calls.append("summary"))

    def describe_stacks(self) -> dict[str, Any]:
        return {"Stacks": self.stacks}

    def _start(self, command: list[str], port: int, folder: Path, name: str) -> bool:
        self.calls.append(f"start {name} on {port}")
        folder.mkdir(parents=True, exist_ok=True)
        new = name not in self.running
        self.running.add(name)
        return new

    def _deploy(self, place: Place, step: Any) -> None:
        self.calls.append("deploy")
        place.cloud_assembly.mkdir(exist_ok=True)
        if not list(place.cloud_assembly.iterdir()):
            (place.cloud_assembly / "a.template.json").write_text("{}")

    def _life(self, place: Place, model: Any, steps: Any) -> Any:
        record = Record(traffic=[{"label": "March", "rows": 3, "errors": 0, "seconds": 1.0}])
        live = lambda: self.calls.append("live")  # noqa: E731
        return SimpleNamespace(record=record, endpoint="e", run=live, remember_earlier_executions=lambda: None)

    def up(self) -> dict[str, Any]:
        self.calls.clear()
        return up.up(self.place, self.console)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_the_first_time_everything_is_done_in_order(world: World) -> None:
    run = world.up()
    assert world.calls == [
        "start cloud on 5000",
        "bootstrap",
        "deploy",
        "live",
        "start report on 5001",
        "summary",
    ]
    assert (run["model"], run["endpoint"], run["traffic"][0]["rows"]) == ("flight-delay", "e", 3)
    assert json.loads((world.place.out / "run.json").read_text()) == run
    assert (world.place.out / "report.html").read_text() == "<html>facts</html>"


def test_the_second_time_nothing_is_lived_again(world: World) -> None:
    first = world.up()
    world.stacks = [{"StackName": "CDKToolkit", "StackStatus": "CREATE_COMPLETE"}]
    assert world.up() == first
    assert world.calls == ["start cloud on 5000", "deploy", "start report on 5001", "summary"]
    shown = world.sink.getvalue()
    assert "http://127.0.0.1:5000 runs" in shown
    assert "CDKToolkit is there" in shown
    assert "nothing has changed since it was lived" in shown


def test_another_template_is_lived_again(world: World) -> None:
    world.up()
    (world.place.cloud_assembly / "a.template.json").write_text('{"Resources": {}}')
    world.up()
    assert "live" in world.calls


def test_the_fingerprint_is_of_templates_code_and_dependencies(world: World) -> None:
    named = {path.relative_to(up.ROOT).as_posix() for path in up._sources()}
    assert {"requirements-dev.txt", "local/rehearsal/life.py", "models/flight_delay/prepare.py"} <= named
    assert "containers/trainer/trainer/train.py" in named


def test_down_stops_what_runs_removes_the_state_and_keeps_the_report(world: World) -> None:
    world.up()
    up.down(world.place, world.console)
    assert "stopped: report, cloud; state removed" in world.sink.getvalue()
    assert not world.place.state.exists()
    assert (world.place.out / "report.html").exists()


def test_down_without_anything_says_so(world: World) -> None:
    up.down(world.place, world.console)
    assert "stopped: nothing; state was not there" in world.sink.getvalue()


def test_a_bootstrap_that_did_not_end_well_is_repeated(world: World) -> None:
    world.stacks = [{"StackName": "CDKToolkit", "StackStatus": "CREATE_FAILED"}]
    world.up()
    assert "bootstrap" in world.calls


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RehearsalError("port 5000 is taken [/]"), 1, "port 5000 is taken [/]"),
        (
            ConfigError([Problem("config/local.yaml", 3, "account", "1", "too short")]),
            1,
            "config/local.yaml:3: account",
        ),
        (KeyboardInterrupt(), 130, "`make up` goes on from here"),
    ],
)
def test_errors_are_told_without_a_traceback(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(place: Place, console: Console) -> None:
        raise error

    monkeypatch.setattr(up, "up", fail)
    monkeypatch.setattr(sys, "argv", ["rehearsal", "up"])
    assert command_line.main() == code
    assert said in capsys.readouterr().out


def test_the_command_line_names_port_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Place] = []
    monkeypatch.setattr(up, "down", lambda place, console: seen.append(place))
    options = ["--port", "6000", "--state", str(tmp_path / "s"), "--out", str(tmp_path / "o")]
    monkeypatch.setattr(sys, "argv", ["rehearsal", "down", *options])
    assert command_line.main() == 0
    assert seen == [Place(port=6000, state=tmp_path / "s", out=tmp_path / "o")]
