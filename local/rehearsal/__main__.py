"""`python -m local.rehearsal up | down`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from infra.config.errors import ConfigError
from local.rehearsal import up
from local.rehearsal.place import Place
from local.rehearsal.processes import RehearsalError


def main() -> int:
    """Parse the command line and run; errors are told without a traceback."""
    usual = Place()
    parser = argparse.ArgumentParser(prog="python -m local.rehearsal", description=__doc__)
    parser.add_argument("command", choices=["up", "down"])
    parser.add_argument("--port", type=int, default=usual.port, help="TCP port of the cloud on 127.0.0.1")
    parser.add_argument("--state", type=Path, default=usual.state, help="folder for the cloud's state")
    parser.add_argument("--out", type=Path, default=usual.out, help="folder for the report")
    options = parser.parse_args()
    place = Place(port=options.port, state=options.state.resolve(), out=options.out.resolve())
    console = Console()
    try:
        (up.up if options.command == "up" else up.down)(place, console)
    except (RehearsalError, ConfigError) as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("stopped by you; `make up` goes on from here, `make down` cleans up")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
