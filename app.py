"""The CDK app: reads the configuration, then builds one stage per environment.

`-c env=<name>` selects one environment; without it all of config/*.yaml are built. The configuration is checked before
aws_cdk is loaded, so that a mistake is answered in plain words and at once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from infra.config.errors import ConfigError
from infra.config.loader import PlatformConfig, environments, load

if TYPE_CHECKING:
    from aws_cdk import App

ROOT = Path(__file__).resolve().parent


def selected_environment() -> str | None:
    """The value of `-c env=`, which the CLI hands over together with the rest of the context."""
    context = json.loads(os.environ.get("CDK_CONTEXT_JSON", "{}"))
    value = context.get("env")
    return None if value is None else str(value)


def load_configs() -> list[PlatformConfig]:
    """The configurations to build.

    Raises:
        ConfigError: at least one of them cannot be used.
    """
    name = selected_environment()
    return [load(ROOT, each) for each in (environments(ROOT) if name is None else [name])]


def synthesize(app: App) -> int:
    """Writes the templates; the exit code is 1 if a check found something, which the checks then have printed."""
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
        print(error, file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Builds and synthesizes; the exit code is 1 if the configuration is wrong or a check found something."""
    try:
        configs = load_configs()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    from aws_cdk import App

    from infra.checks import add_checks
    from stacks.stage import PlatformStage

    # The CLI asks the app not to fail and reports findings itself, but only those of stacks outside of stages.
    app = App(post_cli_context={"@aws-cdk/core:failSynthOnValidationErrors": True})
    add_checks(app)
    for config in configs:
        PlatformStage(app, config=config)
    return synthesize(app)


if __name__ == "__main__":
    gc.disable()  # what a synthesis loads it keeps: looking for garbage would take a quarter of the loading time
    sys.exit(main())
