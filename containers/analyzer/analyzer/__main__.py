"""The command line of the container: `python -m analyzer baseline|monitor`."""

from __future__ import annotations

import argparse
import os

from contract import run

from analyzer import baseline, monitor


def main() -> None:
    """Run the command of the arguments; all settings come from the job's environment."""
    parser = argparse.ArgumentParser(prog="analyzer", description=__doc__)
    parser.add_argument("command", choices=["baseline", "monitor"])
    command = parser.parse_args().command
    if command == "baseline":
        baseline.run(os.environ)
    else:
        monitor.run(os.environ)


if __name__ == "__main__":
    run.main(main)
