"""The settings of a monitoring execution, from the environment of its processing job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from contract import paths

from analyzer.window import Window

_REQUIRED = ("endpoint_name", "capture_uri", "window_end", "schedule_name", "model_name")
_SHARES = (
    "comparison_threshold",
    "categorical_comparison_threshold",
    "datatype_check_threshold",
    "domain_content_threshold",
)
_DRIFT = ("comparison_threshold", "categorical_comparison_threshold", "comparison_method")


def thresholds(environment: Mapping[str, str]) -> dict[str, Any]:
    """The values of `monitoring_config` that the environment sets (names as in constraints.json).

    Raises: ValueError naming a threshold that is not a number.
    """
    values: dict[str, Any] = {}
    for name in (*_SHARES, "comparison_method"):
        text = environment.get(name, "")
        if text:
            values[name] = _number(name, text) if name in _SHARES else text
    drift = {name: values.pop(name) for name in _DRIFT if name in values}
    return values | ({"distribution_constraints": drift} if drift else {})


@dataclass(frozen=True)
class Settings:
    """What to monitor, when, and where the results go."""

    endpoint_name: str
    capture_uri: str
    window: Window
    schedule_name: str
    model_name: str
    publish_metrics: bool
    output_dir: Path
    thresholds: Mapping[str, Any]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings of the variables that the monitoring pipeline sets.

        Raises: ValueError naming every variable that is missing, or the one that is wrong.
        """
        if absent := [name for name in _REQUIRED if not environment.get(name)]:
            raise ValueError(f"environment variables are missing: {', '.join(absent)}")
        start, minutes = environment.get("window_start", ""), environment.get("window_minutes", "")
        if not start and not minutes.isdigit():
            raise ValueError(f"window_minutes={minutes!r} must be a whole number where window_start is not set")
        publish = environment.get("publish_cloudwatch_metrics", "Enabled")
        if publish not in ("Enabled", "Disabled"):
            raise ValueError(f"publish_cloudwatch_metrics={publish!r} must be Enabled or Disabled")
        return cls(
            endpoint_name=environment["endpoint_name"],
            capture_uri=environment["capture_uri"],
            window=Window.parse(start, environment["window_end"], int(minutes or 0)),
            schedule_name=environment["schedule_name"],
            model_name=environment["model_name"],
            publish_metrics=publish == "Enabled",
            output_dir=Path(environment.get("output_path") or paths.processing_dir("output")),
            thresholds=thresholds(environment),
        )


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name}={text!r} must be a number from 0 to 1") from None
