"""The pipeline's graph, once for each execution."""

from __future__ import annotations

from dataclasses import dataclass

from local.report.charts import dag, waterfall
from local.report.facts import Execution, Facts, StepRun
from local.report.format import tone

NOT_RUN = "not run"


@dataclass(frozen=True)
class Row:
    """One step of an execution; `run` is None if the execution did not come to it."""

    name: str
    short: str
    run: StepRun | None
    bar: waterfall.Bar | None

    @property
    def status(self) -> str:
        """The step's status in words."""
        return self.run.status if self.run else NOT_RUN


@dataclass(frozen=True)
class Panel:
    """One execution."""

    execution: Execution
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row | None:
        """The step of that name."""
        return next((row for row in self.rows if row.name == name), None)

    @property
    def description(self) -> str:
        """The picture in words."""
        steps = (
            f"{row.name} {row.status}" + (" from cache" if row.run and row.run.cached else "") for row in self.rows
        )
        return f"Execution {self.execution.status}: {', '.join(steps)}."


@dataclass(frozen=True)
class PipelineView:
    """The drawing of the graph and the executions in it."""

    layout: dag.Layout | None
    panels: tuple[Panel, ...]


def view(facts: Facts) -> PipelineView:
    """The drawing and the executions; a definition that cannot be drawn leaves the tables."""
    try:
        layout = dag.layout(facts.graph)
    except ValueError:
        layout = None
    return PipelineView(layout, tuple(_panel(execution, facts) for execution in facts.executions))


def _panel(execution: Execution, facts: Facts) -> Panel:
    bars = dict(zip([run.name for run in execution.steps], waterfall.by_clock(execution.steps), strict=True))
    runs = {run.name: run for run in execution.steps}
    known = {step.name for step in facts.graph}
    # Steps of an earlier definition are shown under the names that they had.
    names = {step.name: step.short for step in facts.graph} | {name: name for name in runs if name not in known}
    return Panel(execution, tuple(Row(name, short, runs.get(name), bars.get(name)) for name, short in names.items()))


def node_tone(row: Row | None) -> str:
    """How a step's box is coloured."""
    if row is None or row.run is None:
        return "idle"
    return "cached" if row.run.cached else tone(row.run.status)
