"""The apps that are measured side by side, each as the CDK CLI would run it: a process with a context."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IMPORT = re.compile(r"^from aws_cdk import (aws_\w+)", re.MULTILINE)
# The smallest resource there is: the template validator refuses a template without any.
EMPTY = """
from aws_cdk import App, CfnResource, Stack
app = App()
CfnResource(Stack(app, "Empty"), "Handle", type="AWS::CloudFormation::WaitConditionHandle")
app.synth()
"""
# Not less than what any Python app with these resources does: the same modules, and one call a resource.
FLAT = """
import gc, importlib, json, pathlib
gc.disable()
from aws_cdk import App, CfnResource, Stack
for module in {modules}:
    importlib.import_module(f"aws_cdk.{{module}}")
app = App()
for index, resources in enumerate(json.loads(pathlib.Path({file!r}).read_text("utf-8"))):
    stack = Stack(app, f"Flat{{index}}")
    for name, resource in resources.items():
        CfnResource(stack, name, type=resource["Type"], properties=resource.get("Properties"))
app.synth()
"""
Resources = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """One run of an app: its seconds from start to end, and those of its parts if it tells them."""

    seconds: float
    parts: dict[str, float]


@dataclass(frozen=True)
class Candidate:
    """An app to measure: its command, which environment (None: all), and whether the template validator runs."""

    command: Sequence[str]
    out: Path
    environment: str | None = "prod"
    validator: bool = False
    prepare: Callable[[], None] = lambda: None

    def run(self) -> Run:
        """Runs it once, in a process of its own.

        Raises:
            RuntimeError: it failed; with the end of what it said.
        """
        self.prepare()
        started = time.perf_counter()
        done = subprocess.run(
            self.command, cwd=ROOT, env=self._variables(), capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(f"{' '.join(self.command)} failed:\n{done.stderr[-2000:]}")
        lines = done.stdout.strip().splitlines()
        return Run(seconds, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {})

    def _variables(self) -> dict[str, str]:
        """What the CDK CLI hands to an app: the context of cdk.json and where to write."""
        context = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
        if self.environment is not None:
            context["env"] = self.environment
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_OUTDIR": str(self.out),
            "CDK_VALIDATION": "true" if self.validator else "false",
        }


def platform(
    folder: Path,
    name: str,
    *,
    checks: str = "plain",
    everything: bool = False,
    validator: bool = False,
    cold: bool = False,
) -> Candidate:
    """Our app for `prod`, or for all environments; `cold`: with no pipeline definition kept from earlier runs."""
    definitions = folder / ("cold" if cold else "warm")
    return Candidate(
        [sys.executable, "-m", "bench.prod", checks, str(definitions)],
        folder / name,
        environment=None if everything else "prod",
        validator=validator,
        prepare=lambda: shutil.rmtree(definitions, ignore_errors=True) if cold else None,
    )


def script(folder: Path, name: str, text: str, *, validator: bool = False) -> Candidate:
    """An app that is one file."""
    file = folder / f"{name}.py"
    file.write_text(text, "utf-8")
    return Candidate([sys.executable, str(file)], folder / name, validator=validator)


def flat(folder: Path, name: str, stacks: Sequence[Resources]) -> Candidate:
    """An app with these resources in as many stacks, written without any construct of our own."""
    file = folder / f"{name}.json"
    file.write_text(json.dumps(stacks), "utf-8")
    return script(folder, name, FLAT.format(modules=imported_modules(), file=str(file)))


def imported_modules() -> list[str]:
    """The modules of the CDK that our constructs and stacks import."""
    files = [*(ROOT / "infra").rglob("*.py"), *(ROOT / "stacks").rglob("*.py")]
    return sorted({name for file in files for name in IMPORT.findall(file.read_text("utf-8"))})


def stacks_below(out: Path) -> list[Resources]:
    """The resources of each stack that was written below `out`."""
    return [json.loads(file.read_text("utf-8"))["Resources"] for file in sorted(out.rglob("*.template.json"))]
