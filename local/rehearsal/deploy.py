"""The real CDK CLI against the local cloud."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from local.rehearsal.place import ENVIRONMENT, ROOT, Place
from local.rehearsal.processes import RehearsalError
from local.rehearsal.progress import Step

CDK = ROOT / "node_modules" / ".bin" / "cdk"


def bootstrap(place: Place, step: Step) -> None:
    """Create the CDK's own bucket and roles, once."""
    # In a folder without cdk.json: bootstrapping a named target needs no app, and so no synth.
    _cdk(place, step, "bootstrap", f"aws://{place.account}/{place.region}", folder=place.state)


def deploy(place: Place, step: Step) -> None:
    """Synthesize and deploy every stack of the environment `local`, in order of their dependencies."""
    stacks = f"{ENVIRONMENT}/*"
    options = ("--require-approval", "never", "--progress", "events", "--output", str(place.cloud_assembly))
    _cdk(place, step, "deploy", stacks, "-c", f"env={ENVIRONMENT}", *options)


def _cdk(place: Place, step: Step, *arguments: str, folder: Path = ROOT) -> None:
    """Run one CDK command, its last line as the step's status, its whole output in a log.

    Raises:
        RehearsalError: the CDK is not installed, or the command failed; with the end of its output.
    """
    if not CDK.exists():
        raise RehearsalError(f"{CDK} is not there; `make install` puts it there")
    place.state.mkdir(parents=True, exist_ok=True)
    log = place.state / f"cdk-{arguments[0]}.log"
    command = [str(CDK), *arguments, "--no-notices", "--no-color"]
    lines: list[str] = []
    with (
        log.open("w") as sink,
        subprocess.Popen(
            command,
            cwd=folder,
            env=place.environment_variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            sink.write(line)
            lines.append(line.rstrip())
            if line.strip():
                step.say(re.sub(r"\s+", " ", line.strip()))
    if process.returncode:
        tail = "\n".join(lines[-40:])
        raise RehearsalError(f"`{' '.join(command)}` failed ({process.returncode}); whole output in {log}:\n{tail}")
    step.say("")
