"""A pipeline's steps as a layered drawing: who depends on whom, from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from local.report.charts import layers
from local.report.charts.layers import Link, Slot
from local.report.facts import GraphStep

NODE_WIDTH, NODE_HEIGHT = 150.0, 52.0
LANE_WIDTH = 12.0
"""Width that a dependency takes where it passes by a layer of steps."""
GAP_X, GAP_Y = 24.0, 36.0
MARGIN = 6.0
MIN_WIDTH = 356.0
"""A narrower drawing would be enlarged on a phone."""
PORT_GAP = 26.0
"""Distance of two arrows at the same step."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """A step's box, by its upper left corner."""

    step: GraphStep
    x: float
    y: float
    width: float = NODE_WIDTH
    height: float = NODE_HEIGHT


@dataclass(frozen=True)
class Edge:
    """A dependency as an SVG path; a branch of a condition bears its name (`if`, `else`) near its end."""

    source: str
    target: str
    path: str
    branch: str
    label: Point


@dataclass(frozen=True)
class Layout:
    """The drawing, in units that are close to pixels on a phone."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def layout(steps: Sequence[GraphStep]) -> Layout | None:
    """The drawing of these steps; None if there are none. Dependencies that others imply are left out.

    Raises: ValueError if the steps depend on each other in a circle.
    """
    if not steps:
        return None
    depth = layers.depths(steps)
    links = layers.reduced(steps)
    rows = layers.rows(steps, depth, links)
    widths = [sum(map(_width, row)) + GAP_X * (len(row) - 1) for row in rows]
    width = max(MIN_WIDTH, max(widths) + 2 * MARGIN)
    middles: dict[Slot, Point] = {}
    for row, row_width in zip(rows, widths, strict=True):
        x = (width - row_width) / 2
        for slot in row:
            middles[slot] = (x + _width(slot) / 2, _top(slot.level))
            x += _width(slot) + GAP_X
    nodes = tuple(_node(step, middles[Slot(depth[step.name], step.name)]) for step in steps)
    branches = {step.name: step.branch for step in steps}
    edges = tuple(_edge(link, branches[link[1]], links, depth, middles) for link in links)
    return Layout(width, _top(len(rows)) - GAP_Y + MARGIN, nodes, edges)


def _width(slot: Slot) -> float:
    return LANE_WIDTH if slot.end else NODE_WIDTH


def _top(level: int) -> float:
    return MARGIN + level * (NODE_HEIGHT + GAP_Y)


def _node(step: GraphStep, middle: Point) -> Node:
    return Node(step, middle[0] - NODE_WIDTH / 2, middle[1])


def _edge(link: Link, branch: str, links: list[Link], depth: dict[str, int], middles: dict[Slot, Point]) -> Edge:
    source, target = link
    first, last = Slot(depth[source], source), Slot(depth[target], target)
    lanes = [middles[Slot(level, source, target)] for level in range(first.level + 1, last.level)]

    def heading(other: Link) -> float:
        """Where the other end of an arrow is, so that arrows at one step do not cross."""
        ends = {Slot(depth[other[0]], other[0]), Slot(depth[other[1]], other[1])} - {first, last}
        level = first.level + 1 if other[0] == source else last.level - 1
        return middles.get(Slot(level, *other), middles[ends.pop()] if ends else (0.0, 0.0))[0]

    out = sorted((other for other in links if other[0] == source), key=heading)
    into = sorted((other for other in links if other[1] == target), key=heading)
    start_x = middles[first][0] + _offset(out.index(link), len(out))
    end_x = middles[last][0] + _offset(into.index(link), len(into))
    path = f"M{start_x:.1f} {middles[first][1] + NODE_HEIGHT:.1f}"
    x, y = start_x, middles[first][1] + NODE_HEIGHT
    for lane_x, lane_y in lanes:
        path += _curve(x, y, lane_x, lane_y) + f"V{lane_y + NODE_HEIGHT:.1f}"
        x, y = lane_x, lane_y + NODE_HEIGHT
    path += _curve(x, y, end_x, middles[last][1])
    own_branch = branch if depth[target] - depth[source] == 1 else ""
    return Edge(source, target, path, own_branch, ((x + end_x) / 2, (y + middles[last][1]) / 2))


def _offset(index: int, count: int) -> float:
    return (index - (count - 1) / 2) * PORT_GAP


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = (y1 + y2) / 2
    return f"C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
