"""A container as a process of this machine: started, watched, and never left behind."""

from __future__ import annotations

import atexit
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.cloud.kernel import clients, scope
from local.cloud.sagemaker.images import Image

STOP_GRACE_SECONDS = 10.0
"""SageMaker waits 120 s between SIGTERM and SIGKILL; nobody waits that long for a laptop."""
_PYTHONS = re.compile(r"(.*/)?python(3(\.\d+)?)?")
_ML_PREFIX = re.compile(r"(?<![\w/.-])/opt/ml(?=/|$|[\s\"':,])")
_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


def relocate(value: Any, base_dir: Path) -> Any:
    """The same JSON value with `/opt/ml` in its strings replaced by the job's own base directory."""
    if isinstance(value, str):
        return _ML_PREFIX.sub(str(base_dir), value)
    if isinstance(value, Mapping):
        return {key: relocate(item, base_dir) for key, item in value.items()}
    if isinstance(value, list):
        return [relocate(item, base_dir) for item in value]
    return value


class Container:
    """A process that runs an image's code in a clean environment under the `/opt/ml` contract.

    It leads a process group of its own, so that whatever it starts ends with it.
    """

    def __init__(
        self,
        image: Image,
        arguments: list[str],
        *,
        base_dir: Path,
        log: Path,
        environment: Mapping[str, str],
        entrypoint: list[str] | None = None,
    ) -> None:
        """Start the process.

        `entrypoint` replaces the image's; `environment` is added to the image's own; standard output and error go
        to the file `log`; `base_dir` stands for `/opt/ml` and its parent is the working directory.

        Raises:
            OSError: if the program does not exist or cannot be started.
        """
        program = [str(relocate(word, base_dir)) for word in [*(entrypoint or image.entrypoint), *arguments]]
        if not program:
            raise FileNotFoundError(f"the image {image.name} has no ENTRYPOINT and none was given")
        if _PYTHONS.fullmatch(program[0]):
            program[0] = sys.executable
        with log.open("ab") as sink:
            self.process = subprocess.Popen(
                program,
                cwd=base_dir.parent,
                env=_environment(image, base_dir, environment),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        with _lock:
            _running.add(self.process)

    def wait(self, seconds: float) -> int | None:
        """The exit code, as Docker shows it (128 + signal for a killed process), or None if it still runs."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._signal(signal.SIGKILL)  # what it left in its group
        with _lock:
            _running.discard(self.process)
        return code if code >= 0 else 128 - code

    def stop(self, grace_seconds: float = STOP_GRACE_SECONDS) -> int:
        """Ask it to end, then end it; answers the exit code."""
        self._signal(signal.SIGTERM)
        code = self.wait(grace_seconds)
        if code is None:
            self._signal(signal.SIGKILL)
            code = self.wait(grace_seconds)
        return -1 if code is None else code

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def _environment(image: Image, base_dir: Path, added: Mapping[str, str]) -> dict[str, str]:
    home = base_dir.parent
    temporary = home / "tmp"
    temporary.mkdir(exist_ok=True)
    region = scope.current().region
    own = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TMPDIR": str(temporary),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": image.python_path,
        "SAGEMAKER_BASE_DIR": str(base_dir),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": clients.endpoint_url(),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    # Where the cloud's own lines are measured (`coverage run`), the containers' are too.
    measuring = {key: value for key, value in os.environ.items() if key.startswith("COVERAGE_")}
    given = {key: str(value) for key, value in relocate({**image.environment, **added}, base_dir).items()}
    return {**own, **measuring, **given}


@atexit.register
def stop_all() -> None:
    """End every process that is still running: the cloud stops, its machines go with it."""
    with _lock:
        left = list(_running)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in left:
            if process.poll() is None:
                try:
                    os.killpg(process.pid, number)
                except (ProcessLookupError, PermissionError):
                    continue
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and any(process.poll() is None for process in left):
            time.sleep(0.02)
