"""Waiting for what the cloud does by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from local.rehearsal.processes import RehearsalError

T = TypeVar("T")


def until(what: str, probe: Callable[[], T | None], seconds: float, interval: float = 0.5) -> T:
    """Call `probe` until it gives something.

    Raises:
        RehearsalError: it did not in time; says what was waited for.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = probe()
        if found is not None:
            return found
        time.sleep(interval)
    raise RehearsalError(f"waited {seconds:.0f} s for {what}, in vain")
