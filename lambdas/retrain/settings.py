"""The settings of retrain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lambdas.common.errors import SettingsError
from lambdas.common.settings import require_json_object


@dataclass(frozen=True)
class RetrainingTarget:
    """The pipeline that an alarm starts, and the time that must lie between two starts."""

    pipeline: str
    cooldown: timedelta


@dataclass(frozen=True)
class RetrainSettings:
    """What each drift alarm, by name, starts."""

    targets: Mapping[str, RetrainingTarget]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> RetrainSettings:
        """Read `PIPELINES`, a JSON object `{<alarm name>: {"pipeline": <name>, "cooldown_minutes":
        <number>}}`.

        Raises:
            SettingsError: it is missing, not JSON or empty, or an entry has other keys or values of other types.
        """
        entries = require_json_object(environment, "PIPELINES")
        return cls({alarm: read_target(alarm, entry) for alarm, entry in entries.items()})

    def target_of(self, alarm: str) -> RetrainingTarget:
        """Return what an alarm starts.

        Raises:
            SettingsError: the alarm is unknown, so the rule lets through what the function knows nothing of.
        """
        if alarm not in self.targets:
            raise SettingsError(f"PIPELINES has no pipeline for the alarm {alarm!r}, only for {sorted(self.targets)}")
        return self.targets[alarm]


def read_target(alarm: str, entry: Any) -> RetrainingTarget:
    """Read one entry of `PIPELINES`; see `RetrainSettings.from_environment`."""
    if not isinstance(entry, dict) or entry.keys() != {"pipeline", "cooldown_minutes"}:
        raise SettingsError(f"PIPELINES: {alarm!r} must have the keys pipeline and cooldown_minutes, got {entry!r}")
    pipeline, minutes = entry["pipeline"], entry["cooldown_minutes"]
    if not isinstance(pipeline, str) or not pipeline:
        raise SettingsError(f"PIPELINES: {alarm!r}: pipeline must be a name, got {pipeline!r}")
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or minutes < 0:
        raise SettingsError(f"PIPELINES: {alarm!r}: cooldown_minutes must be a number from 0, got {minutes!r}")
    return RetrainingTarget(pipeline, timedelta(minutes=minutes))
