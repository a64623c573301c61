"""The monitoring and retraining sections of a model."""

from __future__ import annotations

from typing import Literal

from infra.config.base import Config


class DriftAlarmConfig(Config):
    """When violations become an alarm."""

    evaluation_periods: int
    """Number of periods that the alarm looks at."""
    datapoints_to_alarm: int
    """How many of those periods must hold a violation."""
    period_seconds: int
    """Length of one period in seconds: 10, 20, 30 or a multiple of 60."""


class DataQualityConfig(Config):
    """The data-quality monitor: captured requests against the baseline of the live model package."""

    engine: Literal["open"]
    """open: our analyzer in SageMaker Processing on a schedule; managed is not built in this version."""
    schedule: str
    """EventBridge Scheduler expression in UTC on which the monitor runs."""
    window_minutes: int
    """Length of the analysed window in minutes; it ends when the schedule fires."""
    comparison_threshold: float
    """L-infinity distance of a feature's distribution from the baseline that violates it, from 0 to 1."""
    instance_type: str
    """SageMaker processing instance type, e.g. ml.m5.large."""
    volume_gib: int
    """Size of the job's encrypted volume in GiB."""
    max_runtime_minutes: int
    """Minutes after which the job is stopped."""
    alarm: DriftAlarmConfig
    """When violations become an alarm."""


class MonitoringConfig(Config):
    """The monitors of the endpoint."""

    data_quality: DataQualityConfig
    """The data-quality monitor."""


class RetrainingConfig(Config):
    """When drift starts the pipeline again."""

    on_drift: bool
    """Start the pipeline when the drift alarm fires."""
    cooldown_minutes: int
    """Minutes after an execution has started in which drift starts no other."""
