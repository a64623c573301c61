"""`make bench-synth`: what a synth of `prod` costs beside an empty CDK Python app, and what each resource adds.

Every figure is wall time of a whole process, in alternation, so that a slow moment of the machine hits all alike. The
floor is a flat app with the same resources in as many stacks, no checks, no constructs of its own.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.apps import EMPTY, Candidate, Resources, Run, flat, platform, script, stacks_below
from bench.synth_report import Measured, show

ROUNDS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="timed runs of each app, after one that is not timed"
    )
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        show(measure(Path(folder), rounds))


def measure(folder: Path, rounds: int) -> Measured:
    """Times all apps, `rounds` times each; below `folder` they write their templates."""
    one, every = (written(folder, everything=everything) for everything in (False, True))
    runs = alternate(candidates(folder, one, every), rounds)
    return Measured(runs=runs, resources=count(one), resources_of_all=count(every))


def written(folder: Path, *, everything: bool) -> list[Resources]:
    """The resources of each of our stacks, from a synth that is not timed and leaves definitions behind."""
    name = f"written-{everything}"
    platform(folder, name, everything=everything).run()
    return stacks_below(folder / name)


def count(stacks: Iterable[Resources]) -> int:
    """The resources of all stacks together."""
    return sum(len(resources) for resources in stacks)


def candidates(folder: Path, one: list[Resources], every: list[Resources]) -> Mapping[str, Candidate]:
    """The apps by name; `one` and `every`: the resources of `prod` and of all environments, by stack."""
    return {
        "empty": script(folder, "empty", EMPTY),
        "empty, validator": script(folder, "empty-validator", EMPTY, validator=True),
        "flat": flat(folder, "flat", one),
        "flat, all": flat(folder, "flat-all", every),
        "prod": platform(folder, "prod"),
        "prod, cold": platform(folder, "prod-cold", cold=True),
        "prod, validator": platform(folder, "prod-validator", validator=True),
        "prod, checks": platform(folder, "prod-checks", checks="nag", validator=True),
        "prod, checks, cold": platform(folder, "prod-checks-cold", checks="nag", validator=True, cold=True),
        "all": platform(folder, "all", everything=True),
    }


def alternate(apps: Mapping[str, Candidate], rounds: int) -> dict[str, list[Run]]:
    """The runs of each app, one after the other in each round; the first round, which warms caches, is left out."""
    runs: dict[str, list[Run]] = {name: [] for name in apps}
    for number in range(rounds + 1):
        for name, app in apps.items():
            run = app.run()
            if number:
                runs[name].append(run)
    return runs


if __name__ == "__main__":
    main()
