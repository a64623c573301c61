"""Pipeline definitions that an earlier synthesis has built, by what they were built from."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from infra.config.base import Config
from infra.pipeline.definition_key import ROOT, definition_key

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ConfigT = TypeVar("ConfigT", bound=Config)
InputsT = TypeVar("InputsT", bound="DataclassInstance")

FOLDER = ROOT / "build" / "pipeline-definitions"
# Two a model and environment, some 20 kB each; those that were not used for the longest time go first.
KEPT = 64


def cached_definition(
    build: Callable[[ConfigT, InputsT], str], config: ConfigT, inputs: InputsT, *, folder: Path | None = None
) -> str:
    """What `build(config, inputs)` returns, from a file below `folder` (default build/) if that has been built before.

    On a hit nothing of the SageMaker SDK is loaded, which takes seconds. A file that is damaged is built again; where
    none can be written there is a warning. Several syntheses may run side by side.
    """
    file = (folder or FOLDER) / f"{definition_key(build, config, inputs)}.json"
    definition = _read(file)
    if definition is None:
        definition = build(config, inputs)
        try:
            _write(file, definition)
        except OSError as error:
            message = f"every synthesis builds the pipeline definitions anew, they cannot be kept: {error}"
            warnings.warn(message, RuntimeWarning, stacklevel=2)
    return definition


def _read(file: Path) -> str | None:
    """The definition in `file`, or None without one that is whole; marks the file as used."""
    try:
        stored = json.loads(file.read_text("utf-8"))
        definition = str(stored["definition"])
        whole = stored["sha256"] == _sha256(definition)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not whole:
        return None
    with suppress(OSError):
        os.utime(file)
    return definition


def _write(file: Path, definition: str) -> None:
    """Writes the file at once or not at all, whoever else writes or reads it meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"sha256": _sha256(definition), "definition": definition}, stream)
        os.replace(name, file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _prune(file.parent)


def _prune(folder: Path) -> None:
    used: dict[Path, float] = {}
    for file in folder.glob("*.json"):
        with suppress(FileNotFoundError):  # another synthesis may have removed it
            used[file] = file.stat().st_mtime
    for file in sorted(used, key=lambda each: used[each])[:-KEPT]:
        file.unlink(missing_ok=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
