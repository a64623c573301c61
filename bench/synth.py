"""`make bench-synth`: what a synth of `prod` costs beside an empty CDK Python app, and what each resource adds.

Every figure is wall time of a whole process (`python app.py` as the CDK CLI runs it), in alternation, so that a slow
moment of the machine hits all alike. The floor is a flat app with as many resources as `prod`, no checks, no constructs
of our own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
EMPTY = """
from aws_cdk import App, Stack
app = App()
Stack(app, "Empty")
app.synth()
"""
FLAT = """
from aws_cdk import App, CfnResource, Stack
app = App()
counts = {counts}
for index, count in enumerate(counts):
    stack = Stack(app, f"Flat{{index}}")
    for number in range(count):
        properties = {{"MessageRetentionPeriod": 60 + number, "Tags": [{{"Key": "a", "Value": "b"}}]}}
        CfnResource(stack, f"Queue{{number}}", type="AWS::SQS::Queue", properties=properties)
app.synth()
"""
SPLIT = """
import json, sys, time
start = time.perf_counter()
marks = {}
def mark(name):
    global start
    marks[name] = round(time.perf_counter() - start, 3)
    start = time.perf_counter()
from pathlib import Path
from infra.config.loader import load
config = load(Path.cwd(), "prod")
mark("config")
from aws_cdk import App
from infra.checks import add_checks
from stacks.stage import PlatformStage
mark("import")
app = App(post_cli_context={"@aws-cdk/core:failSynthOnValidationErrors": True})
if sys.argv[1] == "nag":
    add_checks(app)
PlatformStage(app, config=config)
mark("build")
app.synth()
mark("synth")
print(json.dumps(marks))
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        counts = resources(Path(folder) / "counted")
        apps = _apps(Path(folder), counts)
        times = _alternate(apps, Path(folder))
    total = sum(counts)
    middle = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:<34} median {middle[name]:6.2f} s  min {min(values):6.2f}  max {max(values):6.2f}")
    for title, mode, settings in (
        ("with validator and AwsSolutions", "nag", {}),
        ("without AwsSolutions", "plain", {}),
        ("without both", "plain", {"CDK_VALIDATION": "false"}),
    ):
        print(f"split of prod, {title}: {_split(mode, settings)}")
    result = {
        "ratio_vs_empty": _ratio(times["prod, checks"], times["empty, no checks"]),
        "ms_per_resource": round(1000 * (middle["prod, no checks"] - middle["empty, no checks"]) / total, 2),
        "ratio_no_checks": _ratio(times["prod, no checks"], times["empty, no checks"]),
        "ratio_vs_empty_with_validator": _ratio(times["prod, checks"], times["empty, validator"]),
        "ratio_vs_flat": _ratio(times["prod, no checks"], times["flat, no checks"]),
        "ms_per_resource_flat": round(1000 * (middle["flat, no checks"] - middle["empty, no checks"]) / total, 2),
        "resources": total,
    }
    print(json.dumps(result))


def resources(out: Path) -> list[int]:
    """Resources per stack of `prod`, from one synth that is not timed."""
    _run([sys.executable, "app.py"], ROOT, out, {"CDK_VALIDATION": "false"}, env="prod")
    return [len(json.loads(file.read_text())["Resources"]) for file in sorted(out.rglob("*.template.json"))]


def _apps(folder: Path, counts: list[int]) -> dict[str, tuple[list[str], Path, Mapping[str, str]]]:
    (folder / "empty.py").write_text(EMPTY)
    (folder / "flat.py").write_text(FLAT.format(counts=counts))
    off = {"CDK_VALIDATION": "false"}
    ours, empty, flat = (
        [sys.executable, "app.py"],
        [sys.executable, str(folder / "empty.py")],
        [sys.executable, str(folder / "flat.py")],
    )
    plain = [sys.executable, "-c", SPLIT, "plain"]
    return {
        "empty, no checks": (empty, folder, off),
        "empty, validator": (empty, folder, {}),
        "flat, no checks": (flat, folder, off),
        "prod, no checks": (plain, ROOT, off),
        "prod, checks": (ours, ROOT, {}),
    }


def _alternate(apps: Mapping[str, tuple[list[str], Path, Mapping[str, str]]], folder: Path) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in apps}
    for round_ in range(ROUNDS + 1):
        for name, (command, cwd, settings) in apps.items():
            seconds = _run(command, cwd, folder / "out", settings, env="prod")
            if round_:  # the first round warms the disk cache
                times[name].append(seconds)
    return times


def _run(command: list[str], cwd: Path, out: Path, settings: Mapping[str, str], *, env: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=_environment(out, settings, env), check=True, capture_output=True)
    return time.perf_counter() - started


def _environment(out: Path, settings: Mapping[str, str], env: str) -> dict[str, str]:
    """What the CDK CLI hands to an app: the context of cdk.json and where to write."""
    context = {**json.loads((ROOT / "cdk.json").read_text())["context"], "env": env}
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_OUTDIR": str(out),
        **settings,
    }


def _split(mode: str, settings: Mapping[str, str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-c", SPLIT, mode]
        environment = _environment(Path(out), settings, "prod")
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    marks: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return marks


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios pair by pair."""
    return round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 2)


if __name__ == "__main__":
    main()
