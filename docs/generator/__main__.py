"""`python -m docs.generator` writes the generated tables anew; `--check` fails if one is stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from docs.generator import architecture, cloud, costs, roles
from docs.generator.markdown import filled, names
from docs.generator.templates import ROOT

BLOCKS: dict[str, Callable[[], str]] = {
    "stacks": architecture.purposes,
    "resource-types": architecture.resource_types,
    "references": architecture.references,
    "vpc-endpoints": architecture.vpc_endpoints,
    "roles": roles.roles,
    "alarms": architecture.alarms,
    "decisions": architecture.decisions,
    "idle-cost": costs.idle,
    "local-operations": cloud.operations,
    "local-resource-types": cloud.resource_types,
}
FILES = ("README.md", "docs/architecture.md", "local/README.md")


def stale(root: Path) -> dict[Path, str]:
    """The files whose tables are not those of today, with the text that they should have."""
    found = {}
    for name in FILES:
        path = root / name
        text = path.read_text("utf-8")
        wanted = filled(text, {block: BLOCKS[block]() for block in names(text)})
        if wanted != text:
            found[path] = wanted
    return found


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write or check; the exit code is 1 if a check found something."""
    parser = argparse.ArgumentParser(prog="python -m docs.generator", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a table is stale")
    options = parser.parse_args(arguments)
    found = stale(root)
    for path, text in found.items():
        if options.check:
            print(f"{path.relative_to(root)} is stale: run `make docs` and commit the result", file=sys.stderr)
        else:
            path.write_text(text, "utf-8")
            print(f"written: {path.relative_to(root)}")
    return 1 if options.check and found else 0


if __name__ == "__main__":
    sys.exit(main())
