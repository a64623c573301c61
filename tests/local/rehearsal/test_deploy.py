"""The CDK CLI as it is called, by an executable that writes down how."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.rehearsal import deploy
from local.rehearsal.place import ROOT, Place
from local.rehearsal.processes import RehearsalError
from local.rehearsal.progress import Step


class Cdk:
    """A `cdk` that says what it is told to and ends as it is told to."""

    def __init__(self, folder: Path) -> None:
        self.file, self.folder = folder / "cdk", folder

    def says(self, *lines: str, code: int = 0) -> None:
        echo = "\n".join(f"echo '{line}'" for line in lines)
        record = f'printf "%s\\n" "$PWD" "$AWS_ENDPOINT_URL" "$@" > {self.folder}/call'
        self.file.write_text(f"#!/bin/sh\n{record}\n{echo}\nexit {code}\n")
        self.file.chmod(0o755)

    @property
    def call(self) -> list[str]:
        return (self.folder / "call").read_text().splitlines()


@pytest.fixture
def cdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cdk:
    made = Cdk(tmp_path)
    monkeypatch.setattr(deploy, "CDK", made.file)
    made.says("done")
    return made


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(port=5000, state=tmp_path / "state")


def test_bootstrapping_needs_no_app(cdk: Cdk, place: Place) -> None:
    deploy.bootstrap(place, Step("bootstrap"))
    folder, endpoint, *arguments = cdk.call
    assert folder == str(place.state)
    assert endpoint == "http://127.0.0.1:5000"
    assert arguments[:2] == ["bootstrap", "aws://000000000000/us-east-1"]


def test_every_stack_of_the_environment_is_deployed_without_a_question(cdk: Cdk, place: Place) -> None:
    deploy.deploy(place, Step("deploy"))
    folder, _, *arguments = cdk.call
    assert folder == str(ROOT)
    assert arguments[:4] == ["deploy", "local/*", "-c", "env=local"]
    assert arguments[arguments.index("--require-approval") + 1] == "never"
    assert arguments[arguments.index("--output") + 1] == str(place.cloud_assembly)


def test_the_last_line_is_the_steps_status_and_all_of_it_is_in_the_log(
    cdk: Cdk, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    cdk.says("first   line", "", "  last line ")
    said: list[str] = []
    step = Step("deploy")
    step._show = said.append
    deploy.deploy(place, step)
    assert said == ["first line", "last line", ""]
    assert (place.state / "cdk-deploy.log").read_text() == "first   line\n\n  last line \n"


def test_a_command_that_fails_is_an_error_with_the_end_of_its_output(cdk: Cdk, place: Place) -> None:
    cdk.says(*(f"line {number}" for number in range(60)), "the stack failed", code=3)
    with pytest.raises(RehearsalError) as failed:
        deploy.deploy(place, Step("deploy"))
    text = str(failed.value)
    assert "failed (3); whole output in" in text
    assert "cdk-deploy.log" in text
    assert "line 59\nthe stack failed" in text
    assert "line 1\n" not in text


def test_a_missing_cdk_says_how_to_get_it(cdk: Cdk, place: Place) -> None:
    cdk.file.unlink()
    with pytest.raises(RehearsalError, match="is not there; `make install`"):
        deploy.deploy(place, Step("deploy"))
