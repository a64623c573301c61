"""Synthesizes as app.py does, with a clock between the parts; prints their seconds as JSON.

python -m bench.prod <nag|plain> <folder of kept pipeline definitions>
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path


class Clock:
    """Seconds of each part, in the order in which they end."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._last = time.perf_counter()

    def mark(self, part: str) -> None:
        """Ends a part here."""
        now = time.perf_counter()
        self.parts[part] = now - self._last
        self._last = now


def main(checks: str, definitions: str) -> None:
    """Loads, imports, builds and synthesizes what the context names."""
    gc.disable()
    clock = Clock()
    from app import load_configs, synthesize

    configs = load_configs()
    clock.mark("config")
    from aws_cdk import App

    from infra.checks import add_checks
    from infra.pipeline import definition_cache
    from stacks.stage import PlatformStage

    clock.mark("import")
    definition_cache.FOLDER = Path(definitions)
    app = App(post_cli_context={"@aws-cdk/core:failSynthOnValidationErrors": True})
    if checks == "nag":
        add_checks(app)
    for config in configs:
        PlatformStage(app, config=config)
    clock.mark("build")
    if synthesize(app):
        sys.exit("the checks found something, so their time says little")
    clock.mark("synth")
    print(json.dumps(clock.parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
