"""The app as the CLI runs it: a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.configs import mutated
from tests.support.synthesis import REPOSITORY, context

_CLI = REPOSITORY / "node_modules" / ".bin" / "cdk"
_STAGE_WITH_A_FINDING = """
from aws_cdk import Stack, Stage, aws_s3

class PlatformStage(Stage):
    def __init__(self, scope, *, config):
        super().__init__(scope, config.environment.name)
        aws_s3.Bucket(Stack(self, "Stack"), "Bucket")
"""


def bare_environment(home: Path) -> dict[str, str]:
    """What a machine without any AWS setting gives to a process."""
    home.mkdir(exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}


def run_app(root: Path, environment: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs app.py of `root` for `environment` in a process of its own."""
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=root,
        env={
            **bare_environment(home),
            "CDK_CONTEXT_JSON": json.dumps({**context(), "env": environment}),
            "CDK_OUTDIR": str(home / "out"),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what app.py reads, to change."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("config", "models", "infra", "stacks", "containers", "lambdas"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "app.py", root)
    return root


def test_a_mistake_in_the_configuration_stops_the_app_in_plain_words(project: Path, tmp_path: Path) -> None:
    mutated(project, "config/dev.yaml", "storage.kms_rotation_days", 9999)
    # The CDK cannot even be loaded: the answer comes before.
    (project / "aws_cdk.py").write_text("raise SystemExit('loaded the CDK')")

    result = run_app(project, "dev", tmp_path / "home")

    assert result.returncode == 1
    assert "config/dev.yaml" in result.stderr
    assert "kms_rotation_days" in result.stderr
    assert "Traceback" not in result.stderr
    assert "loaded the CDK" not in result.stderr


def test_an_unknown_environment_stops_the_app_in_plain_words(tmp_path: Path) -> None:
    result = run_app(REPOSITORY, "nowhere", tmp_path / "home")

    assert result.returncode == 1
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_finding_that_is_not_acknowledged_stops_the_app(project: Path, tmp_path: Path) -> None:
    (project / "stacks" / "stage.py").write_text(_STAGE_WITH_A_FINDING, "utf-8")

    result = run_app(project, "local", tmp_path / "home", CDK_VALIDATION="false", PYTHONPATH=str(project))

    assert result.returncode == 1
    assert "AwsSolutions-S10" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_cli_synthesizes_production_offline_and_twice_the_same(tmp_path: Path) -> None:
    outputs = [tmp_path / "first", tmp_path / "second"]
    # The template validator says nothing new about the same bytes: once is enough.
    for output, validation in zip(outputs, ("true", "false"), strict=True):
        result = subprocess.run(
            [str(_CLI), "synth", "--quiet", "-c", "env=prod", "--output", str(output)],
            cwd=REPOSITORY,
            env={**bare_environment(tmp_path / f"home-{output.name}"), "CDK_VALIDATION": validation},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert result.returncode == 0, result.stderr

    first, second = (files(output) for output in outputs)
    assert first == second
    assert any(name.endswith(".template.json") for name in first)


def files(folder: Path) -> dict[str, bytes]:
    """Every file that the CLI deploys from: templates, manifests, assets; not its report of the run."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"validation-report.json", "tree.json"}
    }
