"""A container's output on its way to CloudWatch Logs, line by line, and the metrics that stand in it."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger("local.cloud.sagemaker.logs")
BATCH_EVENTS = 1000
LINE_CHARACTERS = 250_000
"""Source: PutLogEvents takes events of at most 256 KB."""


class LogShipper:
    """Follows a file and puts its new lines into a log stream, in batches; a job never fails for its logs."""

    def __init__(self, logs: Any, group: str, stream: str, file: Path) -> None:
        """`logs` is a CloudWatch Logs client that acts as the job's role; nothing is created before the first line."""
        self._logs, self.group, self.stream, self._file = logs, group, stream, file
        self._position = 0
        self._ready = False
        self.lines: list[tuple[float, str]] = []

    def ship(self, *, last: bool = False) -> None:
        """Send what was written since the last call; a line without its end waits, unless this is the `last` call."""
        for batch in _batches(self._new_lines(last)):
            self.lines += batch
            events = [{"timestamp": int(at * 1000), "message": text[:LINE_CHARACTERS] or " "} for at, text in batch]
            try:
                self._create()
                self._logs.put_log_events(logGroupName=self.group, logStreamName=self.stream, logEvents=events)
            except (ClientError, BotoCoreError) as error:
                log.warning("no logs for %s %s: %s", self.group, self.stream, error)

    def _new_lines(self, last: bool) -> list[tuple[float, str]]:
        if not self._file.exists():
            return []
        with self._file.open("rb") as file:
            file.seek(self._position)
            data = file.read()
        end = len(data) if last else data.rfind(b"\n") + 1
        self._position += end
        now = time.time()
        return [(now, line.rstrip()) for line in data[:end].decode("utf-8", "replace").splitlines()]

    def _create(self) -> None:
        if self._ready:
            return
        for create, names in (
            (self._logs.create_log_group, {"logGroupName": self.group}),
            (self._logs.create_log_stream, {"logGroupName": self.group, "logStreamName": self.stream}),
        ):
            try:
                create(**names)
            except self._logs.exceptions.ResourceAlreadyExistsException:
                continue
        self._ready = True


def _batches(lines: list[tuple[float, str]]) -> Iterable[list[tuple[float, str]]]:
    return (lines[i : i + BATCH_EVENTS] for i in range(0, len(lines), BATCH_EVENTS))


def final_metrics(definitions: list[dict[str, str]], lines: list[tuple[float, str]]) -> list[dict[str, Any]]:
    """The last value of each metric, found by its regular expression's first group.

    Answers `[{"MetricName", "Value", "Timestamp" (epoch seconds)}]` as FinalMetricDataList wants it.
    """
    found: dict[str, dict[str, Any]] = {}
    for definition in definitions:
        pattern = re.compile(definition["Regex"])
        for at, text in lines:
            for match in pattern.finditer(text):
                value = _number(match)
                if value is not None:
                    name = definition["Name"]
                    found[name] = {"MetricName": name, "Value": value, "Timestamp": at}
    return list(found.values())


def _number(match: re.Match[str]) -> float | None:
    try:
        return float(match[1])
    except (IndexError, TypeError, ValueError):
        return None
