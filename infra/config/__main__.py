"""`python -m infra.config` checks every environment below the current folder and prints every mistake."""

from __future__ import annotations

import sys
from pathlib import Path

from infra.config.errors import ConfigError
from infra.config.loader import check, environments


def main(root: Path) -> int:
    """Checks the configuration below `root`. Returns the exit code."""
    try:
        check(root)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"the configuration is good: {', '.join(environments(root))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
