from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.config import source, structure
from infra.config.environment import EnvironmentConfig, SubnetsConfig
from infra.config.errors import Problem
from infra.config.overrides import merge
from infra.config.rules import network
from infra.config.rules.finding import run
from infra.config.source import Document
from infra.config.view import View
from tests.support.configs import REPOSITORY

ENVIRONMENT = yaml.safe_load((REPOSITORY / "config/dev.yaml").read_text("utf-8"))
TIERS = tuple(SubnetsConfig.model_fields)
FAST = settings(max_examples=60, deadline=None)


def _problems(data: dict[str, Any]) -> list[Problem]:
    document, problems = source.parse(yaml.safe_dump(data, sort_keys=False), "config/dev.yaml")
    assert document is not None
    view = View(document, structure.check(EnvironmentConfig, document))
    return [*problems, *view.problems, *(finding.problem(document) for finding in run(network.RULES, view))]


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """An environment with a random address plan: distinct /24 blocks of a random /16, two to six zones."""
    second = draw(st.integers(0, 255))
    zones = draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=6, unique=True))
    vpc = IPv4Network(f"10.{second}.0.0/16")
    blocks = draw(st.permutations(list(vpc.subnets(new_prefix=24))[:40]))
    subnets = {
        tier: [str(blocks[index * len(zones) + zone]) for zone in range(len(zones))] for index, tier in enumerate(TIERS)
    }
    plan = {
        "vpc_cidr": str(vpc),
        "availability_zones": [f"eu-central-1{zone}" for zone in zones],
        "subnets": subnets,
        "flow_logs": ENVIRONMENT["network"]["flow_logs"],
    }
    return {**ENVIRONMENT, "network": plan}


@FAST
@given(plans())
def test_any_plan_of_distinct_blocks_in_the_vpc_is_taken(data: dict[str, Any]) -> None:
    assert _problems(data) == []


@FAST
@given(plans(), st.data())
def test_any_overlap_is_refused_and_names_both_subnets(data: dict[str, Any], draws: st.DataObject) -> None:
    places = [(tier, index) for tier in TIERS for index in range(len(data["network"]["subnets"][tier]))]
    one, other = sorted(
        draws.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True)), key=places.index
    )
    subnets = data["network"]["subnets"]
    length = draws.draw(st.integers(22, 24))
    wider = IPv4Network(subnets[one[0]][one[1]]).supernet(new_prefix=length)
    subnets[other[0]][other[1]] = str(wider)
    found = [problem for problem in _problems(data) if "overlaps" in problem.message]
    first = f"network.subnets.{one[0]}[{one[1]}]"
    second = f"network.subnets.{other[0]}[{other[1]}]"
    assert any(problem.key == second and first in problem.message for problem in found)


@FAST
@given(plans(), st.sampled_from(TIERS), st.integers(27, 32))
def test_any_subnet_below_the_tiers_size_is_refused(data: dict[str, Any], tier: str, length: int) -> None:
    block = IPv4Network(data["network"]["subnets"][tier][0])
    data["network"]["subnets"][tier][0] = f"{block.network_address}/{length}"
    assert [problem.key for problem in _problems(data)] == [f"network.subnets.{tier}[0]"]


@FAST
@given(plans())
def test_an_environment_goes_to_yaml_and_back(data: dict[str, Any]) -> None:
    config = EnvironmentConfig.model_validate(data)
    again = yaml.safe_load(yaml.safe_dump(config.model_dump(mode="json")))
    assert EnvironmentConfig.model_validate(again) == config


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
KEYS = st.text("abcd", min_size=1, max_size=2)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
MAPPINGS = st.dictionaries(KEYS, TREES, max_size=4)


def _document(data: dict[str, Any], file: str) -> Document:
    document, problems = source.parse(yaml.safe_dump(data), file)
    assert document is not None
    assert problems == []
    return document


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return {leaf for key, item in value.items() for leaf in _leaves(item, (*path, key))}
    return {path}


@FAST
@given(MAPPINGS)
def test_a_file_is_read_as_it_was_written(data: dict[str, Any]) -> None:
    assert _document(data, "a").data == data


@FAST
@given(MAPPINGS, MAPPINGS)
def test_each_merged_value_keeps_the_place_where_it_was_written(base: dict[str, Any], over: dict[str, Any]) -> None:
    merged = merge(_document(base, "base"), _document(over, "override"))
    for path in _leaves(over):
        assert merged.value(path) == Document(over, {}).value(path)
        assert merged.place(path).file == "override" or path == ()
    for path in _leaves(merged.data) - _leaves(over):
        if path and merged.place(path).file == "base":
            assert merged.value(path) == Document(base, {}).value(path)


def test_an_empty_override_changes_nothing() -> None:
    base = _document({"a": {"b": 1}}, "base")
    assert merge(base, Document({}, {})) == base


@pytest.mark.parametrize("path", [("a", "x"), ("a", "b", "c"), ("z", 3)])
def test_a_missing_value_has_the_place_of_what_is_around_it(path: tuple[str | int, ...]) -> None:
    document = _document({"a": {"b": 1}}, "base")
    assert document.value(path) is None
    assert document.place(path).key == path
