"""The settings of the server, from the environment of its container."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Settings:
    """Where the server listens, and with how many processes and threads it predicts."""

    host: str
    port: int
    workers: int
    threads: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """SAGEMAKER_BIND_HOST (0.0.0.0), SAGEMAKER_BIND_TO_PORT (8080), SAGEMAKER_MODEL_SERVER_WORKERS (one per CPU),
        OMP_NUM_THREADS (the CPUs shared among the workers).

        Raises: ValueError naming the variable that is not a number or out of range.
        """
        cpus = len(os.sched_getaffinity(0))
        workers = _whole(environment, "SAGEMAKER_MODEL_SERVER_WORKERS", cpus, 256)
        return cls(
            host=environment.get("SAGEMAKER_BIND_HOST") or "0.0.0.0",  # noqa: S104  SageMaker's contract
            port=_whole(environment, "SAGEMAKER_BIND_TO_PORT", 8080, 65_535),
            workers=workers,
            threads=_whole(environment, "OMP_NUM_THREADS", max(1, cpus // workers), 1_024),
        )


def _whole(environment: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= largest:
        raise ValueError(f"{name}={text!r} must be a whole number from 1 to {largest}")
    return int(text)
