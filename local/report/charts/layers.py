"""The layers of a directed acyclic graph, after Sugiyama: depth, reduction, and the order within a layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from local.report.facts import GraphStep

Link = tuple[str, str]
"""A dependency: (what comes first, what comes after)."""


@dataclass(frozen=True)
class Slot:
    """A place in a layer: of the step `name`, or (with `end`) of the dependency `name` to `end` passing by."""

    level: int
    name: str
    end: str = ""


def depths(steps: Sequence[GraphStep]) -> dict[str, int]:
    """The layer of each step, from 0: one below the lowest of those that it depends on.

    Raises: ValueError if the steps depend on each other in a circle.
    """
    after = {step.name: step.after for step in steps}
    depth: dict[str, int] = {}
    while len(depth) < len(after):
        ready = [name for name in after if name not in depth and all(a in depth for a in after[name])]
        if not ready:
            raise ValueError(f"steps depend on each other in a circle: {sorted(after.keys() - depth.keys())}")
        for name in ready:
            depth[name] = max((depth[before] + 1 for before in after[name]), default=0)
    return depth


def reduced(steps: Sequence[GraphStep]) -> list[Link]:
    """The dependencies that no way over other steps implies: the transitive reduction."""
    after = {step.name: step.after for step in steps}

    def comes_after(name: str, first: str) -> bool:
        return any(before == first or comes_after(before, first) for before in after[name])

    return [
        (before, step.name)
        for step in steps
        for before in step.after
        if not any(comes_after(other, before) for other in step.after if other != before)
    ]


def rows(steps: Sequence[GraphStep], depth: dict[str, int], links: Sequence[Link]) -> list[list[Slot]]:
    """The slots of each layer from left to right: each close to what it comes from."""
    found: list[list[Slot]] = [[] for _ in range(max(depth.values()) + 1)]
    for step in steps:
        found[depth[step.name]].append(Slot(depth[step.name], step.name))
    for first, last in links:
        for level in range(depth[first] + 1, depth[last]):
            found[level].append(Slot(level, first, last))
    for level in range(1, len(found)):
        above = {slot: index / len(found[level - 1]) for index, slot in enumerate(found[level - 1])}
        found[level].sort(key=lambda slot: _pull(slot, links, above))
    return found


def _pull(slot: Slot, links: Sequence[Link], above: dict[Slot, float]) -> float:
    """The mean place of what leads to a slot, in the layer above."""
    level = slot.level - 1
    if slot.end:
        return above.get(Slot(level, slot.name, slot.end), above.get(Slot(level, slot.name), 0.0))
    places = [above.get(Slot(level, *link), above.get(Slot(level, link[0]))) for link in links if link[1] == slot.name]
    known = [place for place in places if place is not None]
    return sum(known) / len(known) if known else 0.0
