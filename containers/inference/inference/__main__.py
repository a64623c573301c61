"""The command line of the container: `python -m inference serve`."""

from __future__ import annotations

import argparse
import multiprocessing
import os

from contract import log
from granian import Granian
from granian.constants import Interfaces

from inference.settings import Settings

DRAIN_SECONDS = 25
"""How long open requests may take after SIGTERM. Source: SageMaker sends SIGKILL 30 seconds after SIGTERM."""


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="inference", description=__doc__)
    parser.add_argument("command", choices=["serve"])
    parser.parse_args()
    settings = Settings.from_environment(os.environ)
    server = Granian(
        "inference.app:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        websockets=False,
        workers_kill_timeout=DRAIN_SECONDS,
    )
    # A forked worker would inherit this process' handler of SIGTERM and so ignore the signal until its own is set.
    multiprocessing.set_start_method("spawn")
    server.serve()


if __name__ == "__main__":
    # Not `contract.run`: a server has no file for the reason of its failure, only its log.
    log.configure()
    main()
