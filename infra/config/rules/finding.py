"""What a rule finds, and how rules are run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from infra.config.errors import Problem
from infra.config.source import Document, KeyPath
from infra.config.view import UnreadableError

S = TypeVar("S")


@dataclass(frozen=True)
class Finding:
    """A mistake that only several values together make."""

    paths: tuple[KeyPath, ...]
    """The keys involved, first the one to name if all stand in one file."""
    message: str
    allowed: str = ""

    def problem(self, document: Document) -> Problem:
        """The problem, at the key that an environment overrides if there is one: that is the one to change."""
        own = [path for path in self.paths if document.place(path).file.startswith("config/")]
        return document.problem((own or list(self.paths))[0], self.message, self.allowed)


def at(*path: str | int) -> KeyPath:
    """The path of a key: `at("network", "subnets", "jobs", 1)`."""
    return path


def run(rules: Iterable[Callable[[S], Iterator[Finding]]], subject: S) -> Iterator[Finding]:
    """What `rules` find in `subject`; a rule that needs a part with a mistake of its own is passed over."""
    for rule in rules:
        try:
            yield from rule(subject)
        except UnreadableError:
            continue
