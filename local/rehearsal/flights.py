"""Requests about real flights: the rows that an airline would send before departure."""

from __future__ import annotations

import io
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from local.rehearsal import raw_data
from local.rehearsal.place import ROOT

# The step's code imports the trainer's packages, which live in a container and are not installed here.
sys.path += [str(ROOT / "containers" / name) for name in ("common", "trainer")]

MONTH_DAYS = 31


@lru_cache(maxsize=12)
def request_rows(month: str, count: int) -> tuple[str, ...]:
    """That many CSV rows of a month (`2013-03`), spread evenly over it, features in the order of model.yaml."""
    from models.flight_delay import prepare

    with tempfile.TemporaryDirectory() as folder:
        raw_data.write(Path(folder), raw_data.months([month]))
        tables = prepare.load(Path(folder), MONTH_DAYS)
    rows = prepare.engineer(tables["flights"].rows, tables["weather"].rows, tables["planes"].rows)
    chosen = rows[list(prepare.FEATURES)].iloc[np.linspace(0, len(rows) - 1, count).astype(int)]
    text = io.StringIO()
    chosen.to_csv(text, index=False, header=False)
    return tuple(text.getvalue().splitlines())
