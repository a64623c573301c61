"""The report page: facts in, one self-contained HTML document out."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.report import format as shown
from local.report.charts import roc, waterfall
from local.report.facts import Facts
from local.report.verdict import verdict
from local.report.views import alarms, drift, endpoint, overview, pipeline

TEMPLATES = Path(__file__).parent / "templates"


def render(facts: Facts) -> str:
    """The page as HTML, which loads nothing from anywhere; what the facts lack reads `no data yet`."""
    return _environment().get_template("page.html.jinja").render(_context(facts))


def script_hash() -> str:
    """The page's own script as a source of a Content-Security-Policy: `sha256-...`."""
    digest = hashlib.sha256((TEMPLATES / "theme.js").read_bytes()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _context(facts: Facts) -> dict[str, Any]:
    return {
        "facts": facts,
        "verdict": verdict(facts),
        "tiles": overview.tiles(facts),
        "pipeline": pipeline.view(facts),
        "node_tone": pipeline.node_tone,
        "roc_curves": roc.curves(facts.packages),
        "endpoint_view": endpoint.view(facts),
        "drift_rows": drift.rows(facts),
        "alarms_view": alarms.view(facts),
        "step_bars": waterfall.in_turn(facts.steps),
        "script_hash": script_hash(),
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A script's hash is that of every byte of it, its last line feed too.
        keep_trailing_newline=True,
    )
    environment.filters.update(shown.FILTERS)
    return environment
