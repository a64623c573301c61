"""The reviewed templates of tests/snapshots, which a test holds equal to what is synthesized."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOTS = ROOT / "tests" / "snapshots"
ENVIRONMENTS = ("local", "dev", "staging", "prod")
REFERENCE = "prod"
"""The environment that tables describe where one stands for all."""
PARTS = ("network", "foundation", "registry", "features", "pipeline", "serving", "monitoring", "operations")
"""The parts of the platform by lifetime, the longest first: references point to earlier ones only."""
Resource = dict[str, Any]


@dataclass(frozen=True)
class Stack:
    """One stack of an environment; `name` is without the prefix `sagestead-<env>-`."""

    environment: str
    name: str
    template: dict[str, Any]

    @property
    def part(self) -> str:
        """Which part of the platform it is."""
        return self.name.rpartition("-")[2]

    @property
    def title(self) -> str:
        """Its whole name, with `<env>` for the environment."""
        return f"sagestead-<env>-{self.name}"

    def resources(self, *types: str) -> Iterator[tuple[str, Resource]]:
        """Logical id and resource, of these types or of all."""
        for name, resource in self.template["Resources"].items():
            if not types or resource["Type"] in types:
                yield name, resource

    @property
    def refers_to(self) -> list[str]:
        """The names of the stacks whose outputs it reads, in the order of the parts."""
        found = set(re.findall(r'"StackName": "([^"]+)"', json.dumps(self.template)))
        prefix = f"sagestead-{self.environment}-"
        return sorted((name.removeprefix(prefix) for name in found), key=order)


def order(name: str) -> tuple[bool, str, int]:
    """Sorts stacks by lifetime: the shared ones, then each model's, then the glue."""
    part = name.rpartition("-")[2]
    model = name.removesuffix(part).rstrip("-")
    position = PARTS.index(part)
    return part == PARTS[-1], model, position


def stacks(environment: str = REFERENCE) -> list[Stack]:
    """The stacks of an environment by lifetime."""
    files = sorted((SNAPSHOTS / environment).glob("*.json"), key=lambda file: order(file.stem))
    return [Stack(environment, file.stem, json.loads(file.read_text("utf-8"))) for file in files]
