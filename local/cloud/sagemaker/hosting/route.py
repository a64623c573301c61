"""Where an endpoint's requests go: shares of the traffic by fleet, weights by variant, turns by instance."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from local.cloud.kernel import scope
from local.cloud.sagemaker.hosting.fleet import Fleet, Variant
from local.cloud.sagemaker.hosting.instance import Instance

T = TypeVar("T")
# Irrational steps spread requests evenly (a Weyl sequence): 20 % of the traffic is 20 of any 100 requests, not some.
FLEET_STEP, VARIANT_STEP = 0.6180339887498949, 0.4142135623730951


class NoInstanceError(Exception):
    """No healthy instance can take the request."""


class UnknownVariantError(Exception):
    """The request names a variant that the endpoint does not have."""


@dataclass(frozen=True)
class Lease:
    """An instance that counts a request as under way until it is released."""

    fleet: Fleet
    variant: Variant
    instance: Instance
    instances: int


class Route:
    """One endpoint's fleets, each with its share of the traffic."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shares: list[tuple[Fleet, float]] = []
        self._requests = 0

    @property
    def fleets(self) -> list[Fleet]:
        """The fleets that get, or just got, traffic."""
        return [fleet for fleet, _ in self._shares]

    def share(self, *shares: tuple[Fleet, float]) -> None:
        """Divide the traffic anew; takes effect with the next request."""
        with self._lock:
            self._shares = list(shares)

    def add(self, variant: Variant, instances: list[Instance]) -> None:
        """Take instances into the rotation."""
        with self._lock:
            variant.instances = variant.instances + instances

    def remove(self, variant: Variant, count: int) -> list[Instance]:
        """Take so many instances, the newest first, out of the rotation; they finish what they have."""
        with self._lock:
            variant.instances, removed = variant.instances[:-count], variant.instances[-count:]
        return removed

    @contextmanager
    def lease(self, target_variant: str | None, avoid: Collection[Instance]) -> Iterator[Lease]:
        """An instance for one request.

        Raises:
            NoInstanceError, UnknownVariantError: if there is none.
        """
        with self._lock:
            found = self._choose(target_variant, avoid)
            found.instance.in_flight += 1
        try:
            yield found
        finally:
            with self._lock:
                found.instance.in_flight -= 1

    def _choose(self, target_variant: str | None, avoid: Collection[Instance]) -> Lease:
        self._requests += 1
        fleet = _by_weight(self._shares, self._requests * FLEET_STEP)
        if fleet is None:
            raise NoInstanceError
        if target_variant is not None and target_variant not in fleet.variants:
            raise UnknownVariantError
        weights = [(variant, variant.weight) for variant in fleet.variants.values()]
        variant = (
            fleet.variants[target_variant] if target_variant else _by_weight(weights, self._requests * VARIANT_STEP)
        )
        healthy = variant.healthy if variant else []
        usable = [instance for instance in healthy if instance not in avoid]
        if variant is None or not usable:
            raise NoInstanceError
        return Lease(fleet, variant, usable[self._requests % len(usable)], len(healthy))


def _by_weight(weighted: list[tuple[T, float]], position: float) -> T | None:
    total = sum(weight for _, weight in weighted)
    if not weighted or total <= 0:
        return weighted[0][0] if len(weighted) == 1 else None
    rest = (position % 1.0) * total
    for item, weight in weighted:
        rest -= weight
        if rest < 0:
            return item
    return weighted[-1][0]


_routes: dict[tuple[str, str, str], Route] = {}


def of(endpoint: str) -> Route:
    """The route of an endpoint of the current account and region, made on first use."""
    here = scope.current()
    return _routes.setdefault((here.account, here.region, endpoint), Route())


def forget(endpoint: str) -> None:
    """Drop the route of a deleted endpoint."""
    here = scope.current()
    _routes.pop((here.account, here.region, endpoint), None)


def everywhere() -> list[tuple[scope.Scope, str, Route]]:
    """Every route with its account, region and endpoint name."""
    return [(scope.Scope(account, region), name, route) for (account, region, name), route in list(_routes.items())]
