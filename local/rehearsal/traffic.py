"""Requests to the endpoint, as a client of the model sends them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

THREADS = 6


@dataclass
class Traffic:
    """What was sent and what came of it; times in UTC."""

    label: str
    rows: int = 0
    errors: list[str] = field(default_factory=list)
    start: datetime = field(default_factory=lambda: datetime.now(UTC))
    end: datetime | None = None
    variants: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return ((self.end or datetime.now(UTC)) - self.start).total_seconds()


def send(runtime: Any, endpoint: str, rows: Sequence[str], label: str) -> Traffic:
    """Send each CSV row as a request of its own, several at a time, from a full second on.

    Monitoring windows are whole seconds: so no earlier request falls into this traffic's window.
    """
    time.sleep(1 - time.time() % 1)
    traffic = Traffic(label)
    lock = threading.Lock()

    def one(row: str) -> None:
        _invoke(runtime, endpoint, row, traffic, lock)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, rows))
    traffic.end = datetime.now(UTC)
    return traffic


@contextmanager
def steady(runtime: Any, endpoint: str, rows: Sequence[str], label: str, per_second: float) -> Iterator[Traffic]:
    """Keep sending, at a steady rate, for as long as the block runs."""
    traffic, stop, lock = Traffic(label), threading.Event(), threading.Lock()

    def loop() -> None:
        for index in range(10_000_000):
            if stop.is_set():
                return
            _invoke(runtime, endpoint, rows[index % len(rows)], traffic, lock)
            time.sleep(1 / per_second)

    thread = threading.Thread(target=loop, name="steady-traffic")
    thread.start()
    try:
        yield traffic
    finally:
        stop.set()
        thread.join()
        traffic.end = datetime.now(UTC)


def _invoke(runtime: Any, endpoint: str, row: str, traffic: Traffic, lock: threading.Lock) -> None:
    try:
        answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Accept="text/csv", Body=row)
        probability = float(answer["Body"].read())
        problem = None if 0 <= probability <= 1 else f"{probability} is no probability"
    except (BotoCoreError, ClientError, ValueError) as error:
        problem = str(error)
    with lock:
        traffic.rows += 1
        if problem:
            traffic.errors.append(problem)
