"""Runs the one Python script of a folder: `python -m trainer.run_script <folder> [arguments of the script]`.

A pipeline step's code arrives as one S3 object whose name holds its hash, so the command cannot name the file.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from contract import run


def find_script(folder: Path) -> Path:
    """The only .py file of `folder`.

    Raises: FileNotFoundError without such a folder; ValueError if it holds no .py file, or several.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"the script's folder {folder} does not exist")
    scripts = sorted(folder.glob("*.py"))
    if len(scripts) != 1:
        names = ", ".join(script.name for script in scripts) or "none"
        raise ValueError(f"{folder} must hold exactly one .py file; found: {names}")
    return scripts[0]


def main() -> None:
    """Run the script as `__main__`, with the remaining arguments as its own."""
    if len(sys.argv) < 2:
        sys.exit("usage: python -m trainer.run_script <folder> [arguments of the script]")
    script = find_script(Path(sys.argv[1]))
    sys.argv = [str(script), *sys.argv[2:]]
    runpy.run_path(str(script), run_name="__main__")


if __name__ == "__main__":
    run.main(main)
