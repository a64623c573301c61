"""What is wrong with a configuration: problems with their place, and the one error that holds all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what stands there, and what is allowed."""

    file: str
    """Path of the file below the root, with slashes."""
    line: int
    """Line in the file, from 1; 0 if the whole file is meant."""
    key: str
    """The key as written in that file, e.g. network.subnets.jobs[1]; empty for the whole file."""
    value: str
    """What stands there, as written; empty if nothing does."""
    message: str
    """What is wrong, in words."""
    allowed: str = ""
    """What may stand there instead."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.key} = {self.value}" if self.key and self.value else self.key or self.value
        parts = [place, what, self.message] if what else [place, self.message]
        return ": ".join(parts) + (f"; allowed: {self.allowed}" if self.allowed else "")


class ConfigError(ValueError):
    """The configuration cannot be used; it holds every problem that was found, in file and line order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = dict.fromkeys(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(unique, key=lambda p: (p.file, p.line, p.key)))
        super().__init__("\n".join([self._title(), *(f"  {problem}" for problem in self.problems)]))

    def _title(self) -> str:
        count = len(self.problems)
        return f"{count} problem{'s' if count > 1 else ''} in the configuration:"
