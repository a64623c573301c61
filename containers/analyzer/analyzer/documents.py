"""Reads and writes the JSON files; what is written is always valid JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any


def write(path: Path, document: Any, *, indent: int | None = 2) -> None:
    """Write `document` as JSON, creating the folder; numbers that JSON cannot hold (NaN, infinity) become null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(finite(document), indent=indent, allow_nan=False) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    """The JSON object in `path`.

    Raises: ValueError naming the file if it holds no JSON object.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} must hold a JSON object, not {type(document).__name__}")
    return document


def finite(value: Any) -> Any:
    """`value` with every NaN and infinity, at any depth, replaced by None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return value
