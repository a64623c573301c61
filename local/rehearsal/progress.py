"""Progress that a person can follow: each step with a live status and its time, plain lines where nobody watches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@dataclass
class Step:
    """One step: what it is doing now, and in the end what came of it."""

    name: str
    seconds: float = 0.0
    detail: str = ""
    status: str = "running"
    _show: object = None

    def say(self, text: str) -> None:
        """Show what is going on."""
        self.detail = text
        if callable(self._show):
            self._show(text)

    def unchanged(self, text: str) -> None:
        """Nothing had to be done."""
        self.say(text)
        self.status = "unchanged"


@dataclass
class Steps:
    """The steps of a run, in order, with their times."""

    console: Console = field(default_factory=Console)
    done: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run a step: a spinner on a terminal, then one line with its time and result."""
        step = Step(name)
        self.done.append(step)
        started = time.monotonic()
        with self._shown(step):
            try:
                yield step
            except BaseException:
                step.status = "failed"
                raise
            else:
                step.status = "done" if step.status == "running" else step.status
            finally:
                step.seconds = time.monotonic() - started
        self._line(step)

    @contextmanager
    def _shown(self, step: Step) -> Iterator[None]:
        """A spinner with the step's words; nothing where the output is no terminal."""
        if not self.console.is_terminal:
            yield
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[d]}"),
        )
        with Progress(*columns, console=self.console, transient=True) as progress:
            task = progress.add_task(f"{step.name:<34}", total=None, d="")
            step._show = lambda text: progress.update(task, d=text[: max(20, self.console.width - 55)])
            yield

    def _line(self, step: Step) -> None:
        mark = {"done": "[green]✓[/]", "unchanged": "[dim]=[/]"}.get(step.status, "[red]✗[/]")
        self.console.print(
            f"{mark} {step.name:<34} {step.seconds:7.1f} s  {step.detail}", highlight=False, soft_wrap=True
        )
