"""The short summary at the end of `make up`."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from local.rehearsal.place import Place
from local.report.facts import Facts


def show(console: Console, place: Place, facts: Facts, run: dict[str, Any]) -> None:
    """Stacks, resources, model versions with their metrics, endpoint, monitor verdicts, and where to look."""
    console.print()
    for table in (_stacks(facts), _packages(facts), _traffic(facts)):
        console.print(table)
    state = facts.endpoint.status if facts.endpoint else "not there"
    lines = [f"endpoint   {run['endpoint']} ({state})"]
    for step in run["steps"]:
        if step["name"].startswith("Monitor"):
            lines.append(f"monitor    {step['name'].removeprefix('Monitor ')}: {step['detail']}")
    lines += [f"not read   {gap.what}: {gap.why}" for gap in facts.gaps]
    lines.append(f"report     http://127.0.0.1:{place.report_port}/report.html  ({place.out / 'report.html'})")
    lines.append(f"cloud      {place.endpoint_url} stays up; `make down` stops it")
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _stacks(facts: Facts) -> Table:
    table = Table("stack", "state", "resources", title="Stacks", title_justify="left")
    for stack in facts.stacks:
        table.add_row(stack.name, stack.status, str(stack.resources))
    table.add_section()
    table.add_row(f"{len(facts.stacks)} stacks", "", str(sum(stack.resources or 0 for stack in facts.stacks)))
    return table


def _packages(facts: Facts) -> Table:
    table = Table("version", "state", "AUC", "accuracy", "data version", title="Model packages", title_justify="left")
    live = facts.endpoint.package_arn if facts.endpoint else None
    for package in facts.packages:
        state = f"{package.approval}, live" if package.arn == live else package.approval
        shown = [_number(package.metric(name)) for name in ("auc", "accuracy")]
        table.add_row(str(package.version), state, *shown, package.data_version or "")
    return table


def _number(value: float | None) -> str:
    return "no data yet" if value is None else f"{value:.3f}"


def _traffic(facts: Facts) -> Table:
    table = Table("traffic", "requests", "errors", "requests/s", title="Traffic", title_justify="left")
    for sent in facts.sent:
        rate = sent.rows / sent.seconds if sent.seconds else 0
        table.add_row(sent.label, str(sent.rows), str(sent.errors), f"{rate:.0f}")
    return table
