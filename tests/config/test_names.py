from __future__ import annotations

import re

import pytest

from infra import naming
from infra.config.rules.names import LIMITS, Limit

LONGEST_ENVIRONMENT = "e" * 20


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.kind)
def test_a_name_at_the_limit_is_taken_and_one_over_it_refused(limit: Limit) -> None:
    room = limit.longest - len(limit.compose("dev", ""))
    assert limit.refusal("dev", "m" * room) is None
    assert f"{limit.longest + 1} characters of at most {limit.longest}" in str(limit.refusal("dev", "m" * (room + 1)))


def test_characters_that_aws_does_not_take_are_refused() -> None:
    assert "characters that AWS does not take" in str(LIMITS[0].refusal("dev", "flight_delay"))


@pytest.mark.parametrize("part", ["network", "foundation", "registry", "features", "operations"])
def test_the_longest_environment_name_leaves_room_in_stack_names(part: str) -> None:
    name = naming.stack_name(LONGEST_ENVIRONMENT, part)
    assert re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", name)


def test_the_longest_environment_name_leaves_room_in_repository_names() -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+)+", naming.repository_name("dev", "trainer"))
    assert len(naming.repository_name(LONGEST_ENVIRONMENT, "inference")) <= 256
