"""What an instance type's name says about the instance."""

from __future__ import annotations

import re

# Sizes that do not follow the rule of four cores per "x". Source: EC2 user guide, instance type specifications.
_SMALL = {"medium": 2, "large": 2, "xlarge": 4}
_EXCEPTIONS = {"ml.c4.8xlarge": 36}
_CORES_PER_X = 4


def cores(instance_type: str) -> int:
    """Number of virtual CPUs of a SageMaker instance type, e.g. 2 for ml.m5.large.

    Raises:
        ValueError: the size is not one of EC2's.
    """
    size = instance_type.rpartition(".")[2]
    if instance_type in _EXCEPTIONS:
        return _EXCEPTIONS[instance_type]
    if size in _SMALL:
        return _SMALL[size]
    match = re.fullmatch(r"(\d+)xlarge", size)
    if match is None:
        raise ValueError(
            f"the size of the instance type {instance_type!r} is not known, allowed: large, xlarge, 2xlarge..."
        )
    return _CORES_PER_X * int(match.group(1))
