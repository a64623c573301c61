"""A job while it runs: its folder, its role, its container."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.cloud.sagemaker import images, roles
from local.cloud.sagemaker.container import Container
from local.cloud.sagemaker.job_kinds import Kind
from local.cloud.sagemaker.job_logs import LogShipper

REASON_CHARACTERS = 1024
"""Source: FailureReason and ExitMessage hold at most 1,024 characters."""
_POLL_SECONDS = 0.1
_SHIP_SECONDS = 0.5


class JobFailedError(Exception):
    """The job ends as Failed, for the reason in the message."""


class JobStoppedError(Exception):
    """The job was asked to stop before there was anything to stop."""


@dataclass
class Job:
    """A job while it runs: its record, its folder, its role."""

    kind: Kind
    record: dict[str, Any]
    role: roles.Role
    folder: Path
    stop: threading.Event
    lines: list[tuple[float, str]] = field(default_factory=list)

    @property
    def base_dir(self) -> Path:
        """What stands for `/opt/ml`."""
        return self.folder / "ml"

    def image(self, uri: str) -> images.Image:
        """The image of a URI; fails the job if there is none."""
        try:
            return images.find(uri)
        except images.ImageNotFoundError as error:
            raise JobFailedError(f"ClientError: {error}") from error

    def shipper(self, stream: str) -> LogShipper:
        """What sends the container's output to the job's log stream."""
        return LogShipper(self.role.client("logs"), self.kind.log_group, stream, self.folder / "output.log")

    def start(self, image: images.Image, arguments: list[str], **options: Any) -> Container:
        """Start the job's container; fails the job if its program cannot be started."""
        try:
            return Container(image, arguments, base_dir=self.base_dir, log=self.folder / "output.log", **options)
        except OSError as error:
            raise JobFailedError(f"ClientError: the container could not be started: {error}") from error

    def watch(self, container: Container, shipper: LogShipper, limit_seconds: float) -> tuple[int, str]:
        """Follow a container to its end; answers its exit code and why it ended: `exit`, `stop` or `limit`."""
        deadline, next_ship, why = time.monotonic() + limit_seconds, time.monotonic() + _SHIP_SECONDS, "exit"
        code = container.wait(_POLL_SECONDS)
        while code is None:
            if self.stop.is_set() or time.monotonic() > deadline:
                why = "stop" if self.stop.is_set() else "limit"
                code = container.stop()
                break
            if time.monotonic() > next_ship:
                shipper.ship()
                next_ship = time.monotonic() + _SHIP_SECONDS
            code = container.wait(_POLL_SECONDS)
        shipper.ship(last=True)
        self.lines = shipper.lines
        return code, why
