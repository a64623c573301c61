"""Rules over the network: address plan and availability zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from infra.config.environment import NetworkConfig, SubnetsConfig
from infra.config.rules.finding import Finding, at
from infra.config.source import KeyPath, format_key
from infra.config.view import View

# Longest prefix of each tier. AWS takes /28 at the finest and keeps five addresses of each subnet; jobs and
# endpoints take an address per instance, and a blue/green deployment runs two fleets at once.
_LONGEST_PREFIX = {"jobs": 24, "endpoints": 24, "interface_endpoints": 26, "lambdas": 26}
# Source: VPC user guide, "VPC CIDR blocks": the bridge of the containers on SageMaker's own machines.
_DOCKER_BRIDGE = IPv4Network("172.17.0.0/16")
_VPC = at("network", "vpc_cidr")


def _subnets(view: View) -> Iterator[tuple[str, KeyPath, IPv4Network]]:
    config = view.section(SubnetsConfig, "network", "subnets")
    for tier in SubnetsConfig.model_fields:
        for index, cidr in enumerate(getattr(config, tier)):
            yield tier, at("network", "subnets", tier, index), IPv4Network(cidr)


def _vpc(view: View) -> IPv4Network:
    return IPv4Network(view.value(str, "network", "vpc_cidr"))


def check_vpc_size(view: View) -> Iterator[Finding]:
    """A VPC is /16 to /28. Source: EC2 API reference, CreateVpc."""
    if not 16 <= _vpc(view).prefixlen <= 28:
        yield Finding((_VPC,), f"a VPC of /{_vpc(view).prefixlen}", "a prefix length from /16 to /28")


def check_docker_bridge(view: View) -> Iterator[Finding]:
    """The VPC does not hide behind the containers' own bridge."""
    if _vpc(view).overlaps(_DOCKER_BRIDGE):
        yield Finding(
            (_VPC,), f"overlaps {_DOCKER_BRIDGE}, which SageMaker uses inside its machines", "a block elsewhere"
        )


def check_zones(view: View) -> Iterator[Finding]:
    """Availability zones belong to the region."""
    region = view.value(str, "region")
    for index, zone in enumerate(view.value(list, "network", "availability_zones")):
        if not re.fullmatch(re.escape(region) + "[a-z]", zone):
            path = at("network", "availability_zones", index)
            yield Finding((path,), f"is not an availability zone of {region}", f"{region}a, {region}b, ...")


def check_distinct_zones(view: View) -> Iterator[Finding]:
    """Availability zones differ."""
    zones = view.value(list, "network", "availability_zones")
    for index, zone in enumerate(zones):
        if zone in zones[:index]:
            path = at("network", "availability_zones", index)
            yield Finding((path,), "duplicate availability zone", "each zone once, at least two")


def check_subnet_counts(view: View) -> Iterator[Finding]:
    """Each tier has one subnet per availability zone."""
    network = view.section(NetworkConfig, "network")
    zones = len(network.availability_zones)
    for tier in SubnetsConfig.model_fields:
        count = len(getattr(network.subnets, tier))
        if count != zones:
            path = at("network", "subnets", tier)
            yield Finding((path,), f"{count} subnets for {zones} availability zones", f"{zones} CIDR blocks")


def check_subnet_sizes(view: View) -> Iterator[Finding]:
    """Subnets are large enough for what takes addresses in them."""
    for tier, path, network in _subnets(view):
        longest = _LONGEST_PREFIX[tier]
        if network.prefixlen > longest:
            usable = max(network.num_addresses - 5, 0)
            message = f"too small: {usable} usable addresses in a /{network.prefixlen} for {tier}"
            yield Finding((path,), message, f"/{longest} or larger")


def check_subnets_inside(view: View) -> Iterator[Finding]:
    """Subnets lie in the VPC."""
    vpc = _vpc(view)
    for _, path, network in _subnets(view):
        if not network.subnet_of(vpc):
            yield Finding((path,), f"lies outside of the VPC {vpc}", f"a block in {vpc}")


def check_subnets_disjoint(view: View) -> Iterator[Finding]:
    """Subnets do not overlap."""
    for (_, first_path, first), (_, path, network) in combinations(_subnets(view), 2):
        if network.overlaps(first):
            other = format_key(first_path)
            yield Finding((path,), f"overlaps {other}, which is {first}", "a block that no other subnet uses")


RULES = (
    check_vpc_size,
    check_docker_bridge,
    check_zones,
    check_distinct_zones,
    check_subnet_counts,
    check_subnet_sizes,
    check_subnets_inside,
    check_subnets_disjoint,
)
