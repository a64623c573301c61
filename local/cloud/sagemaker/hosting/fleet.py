"""A fleet: the running instances of all variants of one endpoint configuration."""

from __future__ import annotations

import contextvars
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.cloud.sagemaker.hosting.instance import Instance, InstanceError
from local.cloud.sagemaker.hosting.plan import FleetPlan, VariantPlan

log = logging.getLogger("local.cloud.sagemaker.hosting")
DRAIN_SECONDS = 65.0
"""Longer than a model may take for one answer."""


class Variant:
    """A production variant's instances and its weight."""

    def __init__(self, endpoint: str, plan: VariantPlan) -> None:
        self.name, self.weight, self.spec = plan["name"], plan["weight"], plan["spec"]
        self.endpoint = endpoint
        self.instances: list[Instance] = []

    @property
    def healthy(self) -> list[Instance]:
        """The instances that may be given a request."""
        return [instance for instance in self.instances if instance.healthy]

    def prepare(self, count: int) -> list[Instance]:
        """So many further instances, neither started nor in the rotation yet."""
        return [Instance(self.endpoint, self.name, self.spec) for _ in range(count)]


class Fleet:
    """The variants of one endpoint configuration, by name."""

    def __init__(self, endpoint: str, plan: FleetPlan) -> None:
        self.endpoint, self.plan = endpoint, plan
        self.variants = {variant["name"]: Variant(endpoint, variant) for variant in plan["variants"]}

    @property
    def instances(self) -> list[Instance]:
        """All instances of all variants."""
        return [instance for variant in self.variants.values() for instance in variant.instances]

    def launch(self) -> None:
        """Start every instance of the plan, at the same time.

        Raises:
            InstanceError: of the first that failed; none is left running then.
        """
        for planned in self.plan["variants"]:
            variant = self.variants[planned["name"]]
            variant.instances = variant.prepare(planned["count"])
        start(self.instances)

    def stop(self) -> None:
        """Let the requests that are under way finish, then end all instances."""
        retire(self.instances)
        for variant in self.variants.values():
            variant.instances = []


def start(instances: list[Instance]) -> None:
    """Start instances at the same time.

    Raises:
        InstanceError: of the first that failed; none of them is left running then.
    """
    failures = [failure for failure in _together([instance.start for instance in instances]) if failure]
    if failures:
        _together([instance.stop for instance in instances])
        raise failures[0]


def retire(instances: list[Instance]) -> None:
    """End instances that are given no new requests any more, each when its last request is answered."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while any(instance.in_flight for instance in instances) and time.monotonic() < deadline:
        time.sleep(0.02)
    _together([instance.stop for instance in instances])


def _together(works: Iterable[Callable[[], Any]]) -> list[InstanceError | None]:
    """Run each in a thread of its own in the caller's account and region; answers their failures."""

    def run(work: Callable[[], Any]) -> InstanceError | None:
        try:
            work()
        except InstanceError as error:
            return error
        except Exception as error:
            log.exception("an instance failed")
            return InstanceError(f"{type(error).__name__}: {error}")
        return None

    jobs = [(contextvars.copy_context(), work) for work in works]
    if not jobs:
        return []
    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(lambda job: job[0].run(run, job[1]), jobs))
