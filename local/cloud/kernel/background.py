"""Work that goes on after a request is answered."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger("local.cloud.background")


def spawn(name: str, work: Callable[..., Any], *args: Any) -> threading.Thread:
    """Run `work(*args)` in a daemon thread, in the account and region of the caller; a failure is logged."""
    context = contextvars.copy_context()

    def run() -> None:
        try:
            context.run(work, *args)
        except Exception:
            log.exception("background work '%s' failed", name)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def every(seconds: float, name: str, work: Callable[[], Any]) -> threading.Thread:
    """Run `work()` again and again, that many seconds apart, for as long as the cloud lives; failures are logged."""

    def loop() -> None:
        while True:
            time.sleep(seconds)
            try:
                work()
            except Exception:
                log.exception("periodic work '%s' failed", name)

    return spawn(name, loop)
