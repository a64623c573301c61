"""The container's entry point: `python -m trainer train` or `python -m trainer evaluate`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from contract import run

from trainer import evaluate, train

COMMANDS: dict[str, Callable[[], None]] = {"train": train.main, "evaluate": evaluate.main}


def main() -> None:
    """Run the command that the first argument names.

    Raises: SystemExit if it names none.
    """
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS:
        sys.exit(f"command {command!r} is not known; allowed: {', '.join(COMMANDS)}")
    COMMANDS[command]()


if __name__ == "__main__":
    run.main(main)
