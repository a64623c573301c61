"""What `make bench-synth` prints: times side by side, their split, what is fixed, and the ratios as JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.apps import Run

AIM_VS_EMPTY = 2.0
AIM_VS_FLAT = 1.3
AIM_MS_PER_RESOURCE = 5.0
MEANING = {
    "empty": "a CDK app with one stack, no checks",
    "empty, validator": "the same with the CDK's own template validator",
    "flat": "the same resources and modules as prod, nothing else",
    "flat, all": "the resources of all environments",
    "prod": "ours, no checks",
    "prod, cold": "no pipeline definition kept",
    "prod, validator": "with the template validator",
    "prod, checks": "with the validator and AwsSolutions, as make synth",
    "prod, checks, cold": "the same, no pipeline definition kept",
    "all": "ours, all environments, no checks",
}
PARTS = ("config", "import", "build", "synth")


@dataclass(frozen=True)
class Measured:
    """The runs of each app by name, in rounds, and how many resources `prod` and all environments have."""

    runs: Mapping[str, Sequence[Run]]
    resources: int
    resources_of_all: int

    def median(self, name: str) -> float:
        """Median seconds of a run."""
        return statistics.median(run.seconds for run in self.runs[name])

    def part(self, name: str, part: str) -> float:
        """Median seconds of a part of our app; `start` is what comes before and after: the interpreter and Node."""
        if part == "start":
            return statistics.median(run.seconds - sum(run.parts.values()) for run in self.runs[name])
        return statistics.median(run.parts[part] for run in self.runs[name])

    def ratio(self, ours: str, theirs: str) -> float:
        """The median of the ratios round by round."""
        pairs = zip(self.runs[ours], self.runs[theirs], strict=True)
        return statistics.median(a.seconds / b.seconds for a, b in pairs)

    def difference(self, more: str, less: str) -> float:
        """The median of the differences in seconds, round by round."""
        pairs = zip(self.runs[more], self.runs[less], strict=True)
        return statistics.median(a.seconds - b.seconds for a, b in pairs)

    def slope(self, more: str, less: str) -> float:
        """Milliseconds for each resource that all environments have beyond `prod`."""
        return 1000 * self.difference(more, less) / (self.resources_of_all - self.resources)


def result(measured: Measured) -> dict[str, float]:
    """The figures for machines."""
    figures = {
        "ratio_vs_empty": measured.ratio("prod, checks", "empty"),
        "ms_per_resource": measured.slope("all", "prod"),
        "ratio_vs_empty_cold": measured.ratio("prod, checks, cold", "empty"),
        "ratio_vs_empty_no_checks": measured.ratio("prod", "empty"),
        "ratio_vs_empty_with_validator": measured.ratio("prod, checks", "empty, validator"),
        "ratio_vs_flat": measured.ratio("prod", "flat"),
        "ratio_vs_flat_cold": measured.ratio("prod, cold", "flat"),
        "ratio_flat_vs_empty": measured.ratio("flat", "empty"),
        "ratio_floor_with_validator": measured.ratio("flat", "empty") + measured.ratio("empty, validator", "empty") - 1,
        "ms_per_resource_flat": measured.slope("flat, all", "flat"),
        "validator_seconds": measured.difference("empty, validator", "empty"),
        "validator_seconds_prod": measured.difference("prod, validator", "prod"),
        "nag_seconds": measured.difference("prod, checks", "prod, validator"),
        "definitions_seconds": measured.difference("prod, cold", "prod"),
    }
    return {**{name: round(value, 2) for name, value in figures.items()}, "resources": measured.resources}


def show(measured: Measured, console: Console | None = None) -> None:
    """Prints tables, what they mean beside the aims, and as the last line one JSON object."""
    console = console or Console()
    figures = result(measured)
    console.print(_times(measured))
    console.print(_split(measured))
    for line in findings(figures):
        console.print(line, highlight=False)
    print(json.dumps(figures), file=console.file)


def findings(figures: Mapping[str, float]) -> list[str]:
    """In words: what is fixed, how far the floor lies under us, and which aims are met."""
    floor, with_validator = figures["ratio_flat_vs_empty"], figures["ratio_floor_with_validator"]
    reach = "within reach" if floor <= AIM_VS_EMPTY else "out of reach"
    return [
        f"Fixed: the CDK's template validator (WASM) takes {figures['validator_seconds']:.1f} s in an empty app too, "
        f"{figures['validator_seconds_prod']:.1f} s in ours; AwsSolutions takes {figures['nag_seconds']:.1f} s.",
        f"Floor: a flat app with the same {figures['resources']:.0f} resources takes {floor:.2f} times the empty app, "
        f"and {figures['ms_per_resource_flat']:.1f} ms for each further resource, without any check.",
        f"So {AIM_VS_EMPTY:g} times the empty app is {reach} without checks; with the validator the least possible "
        f"is {with_validator:.1f} times.",
        _aim("prod with checks / empty app without", figures["ratio_vs_empty"], AIM_VS_EMPTY),
        _aim("prod / flat app, both without checks", figures["ratio_vs_flat"], AIM_VS_FLAT),
        _aim("ms for each further resource", figures["ms_per_resource"], AIM_MS_PER_RESOURCE),
        f"A build of the pipeline definitions, when none is kept, adds {figures['definitions_seconds']:.1f} s.",
    ]


def _aim(what: str, value: float, aim: float) -> str:
    verdict = "met" if value <= aim else f"missed by {100 * (value / aim - 1):.0f} %"
    return f"{what}: {value:.2f}, aim {aim:g}: {verdict}."


def _times(measured: Measured) -> Table:
    table = Table(title=f"Wall time of a process, {len(measured.runs['empty'])} rounds in alternation")
    for heading in ("app", "", "median s", "min", "max", "x empty"):
        table.add_column(heading, justify="left" if heading in ("app", "") else "right")
    for name, runs in measured.runs.items():
        seconds = [run.seconds for run in runs]
        values = (measured.median(name), min(seconds), max(seconds), measured.ratio(name, "empty"))
        table.add_row(name, MEANING[name], *(f"{value:.2f}" for value in values))
    return table


def _split(measured: Measured) -> Table:
    """Parts of our own app; what a check takes shows in the part `synth`."""
    table = Table(title="Where our app's seconds go, medians")
    columns = ("start", *PARTS)
    for heading in ("app", *columns):
        table.add_column(heading, justify="left" if heading == "app" else "right")
    for name, runs in measured.runs.items():
        if runs[0].parts:
            table.add_row(name, *(f"{measured.part(name, part):.2f}" for part in columns))
    return table
