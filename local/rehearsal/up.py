"""`make up` and `make down`."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from infra.config.loader import PlatformConfig, load
from local.rehearsal import deploy, processes, summary
from local.rehearsal.life import Life
from local.rehearsal.place import ENVIRONMENT, ROOT, Place
from local.rehearsal.progress import Step, Steps
from local.report import collect, page
from local.report.facts import Facts

CLOUD, PAGE = "cloud", "report"
LIFE_SOURCES = ("containers", "models", "local/rehearsal/life.py", "requirements-dev.txt")


def up(place: Place, console: Console) -> dict[str, Any]:
    """Cloud, deployment, life, report; what has not changed since the last time is left alone.

    Raises:
        RehearsalError: a step failed; says which, why and what to do.
    """
    steps, started = Steps(console), datetime.now(UTC)
    with steps.step("Check the configuration") as step:
        config = load(ROOT, ENVIRONMENT)
        step.say(f"{ENVIRONMENT}: {len(config.models)} model(s)")
    with steps.step("Start the local cloud") as step:
        start_cloud(place, step)
    with steps.step("cdk bootstrap") as step:
        _bootstrap_once(place, step)
    with steps.step("cdk deploy") as step:
        deploy.deploy(place, step)
        step.say(f"the environment '{ENVIRONMENT}'")
    run = _life(place, config, steps, started)
    with steps.step("Write the report") as step:
        facts = collect.collect(place.client, config, run)
        step.say(str(write_report(place, facts, run)))
        processes.start(_page_server(place), place.report_port, place.state, PAGE)
    summary.show(console, place, facts, run)
    return run


def down(place: Place, console: Console) -> None:
    """Stop what runs and remove its state; the report stays."""
    stopped = [name for name in (PAGE, CLOUD) if processes.stop(place.state, name)]
    existed = place.state.exists()
    shutil.rmtree(place.state, ignore_errors=True)
    console.print(f"stopped: {', '.join(stopped) or 'nothing'}; state {'removed' if existed else 'was not there'}")


def start_cloud(place: Place, step: Step) -> None:
    """Start the local cloud unless it runs."""
    command = [sys.executable, "-m", "local.cloud", "--port", str(place.port), "--state", str(place.state)]
    if processes.start(command, place.port, place.state, CLOUD):
        step.say(place.endpoint_url)
    else:
        step.unchanged(f"{place.endpoint_url} runs")


def _bootstrap_once(place: Place, step: Step) -> None:
    stacks = place.client("cloudformation").describe_stacks()["Stacks"]
    if any(stack["StackName"] == "CDKToolkit" and "COMPLETE" in stack["StackStatus"] for stack in stacks):
        step.unchanged("CDKToolkit is there")
    else:
        deploy.bootstrap(place, step)


def _life(place: Place, config: PlatformConfig, steps: Steps, started: datetime) -> dict[str, Any]:
    """Live it, unless templates, code and data are those of the last time."""
    saved, mark = place.state / "run.json", fingerprint(place)
    if saved.exists() and (run := json.loads(saved.read_text()))["fingerprint"] == mark:
        with steps.step("The model's life") as step:
            step.unchanged("nothing has changed since it was lived; `make down` first to live it again")
        return dict(run)
    (model,) = (model for model in config.models if model.name == "flight-delay")
    life = Life(place, model, steps)
    life.remember_earlier_executions()
    life.run()
    run = {
        "fingerprint": mark,
        "environment": ENVIRONMENT,
        "model": model.name,
        "endpoint": life.endpoint,
        "started": started.isoformat(),
        "finished": datetime.now(UTC).isoformat(),
        "steps": [
            {"name": s.name, "seconds": round(s.seconds, 2), "detail": s.detail, "status": s.status} for s in steps.done
        ],
        **asdict(life.record),
    }
    saved.write_text(json.dumps(run, indent=1))
    return run


def fingerprint(place: Place) -> str:
    """What the life depends on: the templates, the code that jobs and endpoints run, the locked dependencies."""
    digest = hashlib.sha256()
    for file in (*_files(place.cloud_assembly, "*.template.json"), *_sources()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterable[Path]:
    for name in LIFE_SOURCES:
        path = ROOT / name
        yield from [path] if path.is_file() else _files(path, "*.py")


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.rglob(pattern))


def write_report(place: Place, facts: Facts, run: dict[str, Any]) -> Path:
    """Write `report.html` and `run.json` into the output folder; the page's path."""
    place.out.mkdir(parents=True, exist_ok=True)
    (place.out / "run.json").write_text(json.dumps(run, indent=1))
    target = place.out / "report.html"
    target.write_text(page.render(facts))
    return target


def _page_server(place: Place) -> list[str]:
    port, folder = str(place.report_port), str(place.out)
    return [sys.executable, "-m", "local.report.serve", "--port", port, "--directory", folder]
