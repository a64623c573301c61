"""Where a construct is deployed."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import IConstruct


class Place(NamedTuple):
    """Partition, region and account of a stack, as its templates say them."""

    partition: str
    region: str
    account: str


# By construct and by stack: each of the four questions to the CDK's own process takes about half a millisecond.
_PLACES: WeakKeyDictionary[IConstruct, Place] = WeakKeyDictionary()


def place_of(construct: IConstruct) -> Place:
    """The place of the construct's stack, which cannot change."""
    place = _PLACES.get(construct)
    if place is None:
        stack = Stack.of(construct)
        place = _PLACES.get(stack) or Place(stack.partition, stack.region, stack.account)
        _PLACES[stack] = _PLACES[construct] = place
    return place
