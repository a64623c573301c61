"""What AWS accepts, read offline from the data files of the installed botocore.

The files are read directly: importing botocore's session and building a client takes ten times as long.
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

Use = Literal["hosting", "training", "processing"]

_SHAPES: dict[Use, str] = {
    "hosting": "ProductionVariantInstanceType",
    "training": "TrainingInstanceType",
    "processing": "ProcessingInstanceType",
}
# Families with NVMe disks in the instance. Source: EC2 user guide, "Instance store volumes".
_CPU_WITH_DISK = frozenset(("c5d", "m5d", "r5d", "c6gd", "m6gd", "r6gd", "r7gd"))
_GPU_G_WITH_DISK = frozenset(("g4dn", "g5", "g6", "g6e", "g7", "g7e"))
_GPU_P_WITH_DISK = frozenset(("p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"))
_TRAINER_WITH_DISK = frozenset(("dl1", "trn1", "trn1n", "trn2"))
LOCAL_STORAGE_FAMILIES = _CPU_WITH_DISK | _GPU_G_WITH_DISK | _GPU_P_WITH_DISK | _TRAINER_WITH_DISK


def _data(path: str) -> Any:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:  # pragma: no cover - botocore is a locked dependency
        raise ModuleNotFoundError("botocore is not installed: run make install")
    content = (Path(spec.origin).parent / "data" / path).read_bytes()
    return json.loads(gzip.decompress(content) if path.endswith(".gz") else content)


@lru_cache
def regions() -> tuple[str, ...]:
    """Names of the AWS regions of every partition, in alphabetical order. Source: botocore's partitions."""
    names = {name for partition in _data("partitions.json")["partitions"] for name in partition["regions"]}
    return tuple(sorted(name for name in names if not name.endswith("-global")))


@lru_cache
def _instance_types() -> dict[Use, tuple[str, ...]]:
    shapes = _data("sagemaker/2017-07-24/service-2.json.gz")["shapes"]
    return {use: tuple(shapes[shape]["enum"]) for use, shape in _SHAPES.items()}


def instance_types(use: Use) -> tuple[str, ...]:
    """The instance types that SageMaker takes for `use`. Source: the enumerations of botocore's SageMaker model."""
    return _instance_types()[use]


def family(instance_type: str) -> str:
    """`m5` of `ml.m5.large`."""
    return instance_type.removeprefix("ml.").partition(".")[0]
