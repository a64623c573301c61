"""Cores of instance types."""

from __future__ import annotations

import pytest

from infra.serving.instance import cores


@pytest.mark.parametrize(
    ("instance_type", "count"),
    [
        ("ml.t2.medium", 2),
        ("ml.m5.large", 2),
        ("ml.c5.xlarge", 4),
        ("ml.m6i.2xlarge", 8),
        ("ml.g5.48xlarge", 192),
        ("ml.c4.8xlarge", 36),
    ],
)
def test_the_size_tells_the_number_of_cores(instance_type: str, count: int) -> None:
    assert cores(instance_type) == count


def test_an_unknown_size_is_named() -> None:
    with pytest.raises(ValueError, match=r"ml\.m5\.huge"):
        cores("ml.m5.huge")
