"""Step caching: which attributes make a step the same step, and how long its result may be used."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

KEY_ATTRIBUTES = {
    "Processing": ("AppSpecification", "Environment", "ProcessingInputs"),
    "Training": (
        "AlgorithmSpecification",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "Environment",
        "HyperParameters",
        "InputDataConfig",
    ),
    "Transform": ("BatchStrategy", "DataProcessing", "Environment", "ModelName", "TransformInput"),
    "Lambda": None,
}
"""Source: "Default cache key attributes by pipeline step type"; None stands for all of the arguments."""
_DURATION = re.compile(
    r"p?(?:(?P<years>\d+)y)?(?:(?P<months>\d+)m)?(?:(?P<weeks>\d+)w)?(?:(?P<days>\d+)d)?"
    r"(?:t(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?)?",
    re.IGNORECASE,
)
_DAYS = {"years": 365, "months": 30}


def parse_duration(text: str) -> timedelta:
    """An ISO 8601 duration, with or without its P: `P30D`, `30d`, `T16m`, `P4DT12H`.

    Raises:
        ValueError: if it is none.
    """
    found = _DURATION.fullmatch(text)
    parts = {unit: int(number) for unit, number in found.groupdict().items() if number} if found else {}
    if not parts:
        raise ValueError(f"'{text}' is not an ISO 8601 duration such as P30D or T12H")
    days = sum(parts.pop(unit, 0) * length for unit, length in _DAYS.items())
    return timedelta(days=days) + timedelta(**parts)


def key(step_type: str, arguments: Mapping[str, Any]) -> str:
    """A digest of the attributes that, if changed, make the step run again."""
    names = KEY_ATTRIBUTES[step_type]
    told = dict(arguments) if names is None else {name: arguments.get(name) for name in names}
    return hashlib.sha256(json.dumps([step_type, told], sort_keys=True, default=str).encode()).hexdigest()


def find(
    executions: Iterable[Mapping[str, Any]], step_name: str, cache_key: str, not_before: datetime | None
) -> tuple[str, Mapping[str, Any]] | None:
    """The newest real success of that step with that key: its execution's ARN and its record."""
    hits = [
        (execution["PipelineExecutionArn"], step)
        for execution in executions
        for step in [execution["Steps"].get(step_name)]
        if step
        and step.get("CacheKey") == cache_key
        and step["StepStatus"] == "Succeeded"
        and "CacheHitResult" not in step
        and (not_before is None or step["EndTime"] >= not_before)
    ]
    return max(hits, key=lambda hit: hit[1]["EndTime"], default=None)
