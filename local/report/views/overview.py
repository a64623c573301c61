"""The figures at the top of the page."""

from __future__ import annotations

from dataclasses import dataclass

from local.report import format as shown
from local.report.facts import Facts
from local.report.format import MISSING


@dataclass(frozen=True)
class Tile:
    """One figure with its name and what it is made of."""

    name: str
    value: str
    detail: str = ""


def tiles(facts: Facts) -> tuple[Tile, ...]:
    """Resources, live model, requests, latency, drift, duration."""
    return (_resources(facts), _model(facts), _requests(facts), _latency(facts), _drift(facts), _time(facts))


def _resources(facts: Facts) -> Tile:
    counted = [stack.resources for stack in facts.stacks if stack.resources is not None]
    detail = f"in {len(facts.stacks)} stacks" if facts.stacks else ""
    return Tile("Resources", shown.count(sum(counted) if counted else None), detail)


def _model(facts: Facts) -> Tile:
    arn = facts.endpoint.package_arn if facts.endpoint else None
    live = next((package for package in facts.packages if package.arn == arn), None)
    if live is None:
        return Tile("Live model", MISSING)
    auc = live.metric("auc")
    return Tile("Live model", f"version {live.version}", f"AUC {auc:.3f}" if auc is not None else "")


def _requests(facts: Facts) -> Tile:
    if not facts.sent:
        return Tile("Requests", MISSING)
    errors = sum(sent.errors for sent in facts.sent)
    return Tile("Requests", shown.count(sum(sent.rows for sent in facts.sent)), f"{errors:,} errors")


def _latency(facts: Facts) -> Tile:
    first = next(iter(facts.traffic), None)
    if first is None or first.overall_p50_ms is None:
        return Tile("Model latency, p50", MISSING)
    p99 = first.overall_p99_ms
    detail = f"p99 {shown.milliseconds(p99)}" if p99 is not None else ""
    return Tile("Model latency, p50", shown.milliseconds(first.overall_p50_ms), detail)


def _drift(facts: Facts) -> Tile:
    known = [window for window in facts.windows if window.violations is not None]
    if not known:
        return Tile("Violations", MISSING)
    counts = [str(len(window.violations or ())) for window in known]
    return Tile("Violations", " → ".join(counts), " → ".join(window.label for window in known))


def _time(facts: Facts) -> Tile:
    if not facts.steps:
        return Tile("Rehearsal", MISSING)
    return Tile("Rehearsal", shown.duration(sum(step.seconds for step in facts.steps)), f"{len(facts.steps)} steps")
