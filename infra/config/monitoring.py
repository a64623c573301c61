"""The monitoring and retraining sections of a model."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from infra.config.base import Config
from infra.config.types import AlarmPeriod, Positive, ProcessingInstanceType, Schedule, VolumeGib


class DriftAlarmConfig(Config):
    """When violations become an alarm."""

    evaluation_periods: Positive
    """Number of periods that the alarm looks at."""
    datapoints_to_alarm: Positive
    """How many of those periods must hold a violation."""
    period_seconds: AlarmPeriod
    """Length of one period in seconds: 10, 20, 30 or a multiple of 60."""


class DataQualityConfig(Config):
    """The data-quality monitor: captured requests against the baseline of the live model package."""

    engine: Literal["open"]
    """open: our analyzer in SageMaker Processing on a schedule; managed is not built in this version."""
    schedule: Schedule
    """EventBridge Scheduler expression in UTC on which the monitor runs."""
    window_minutes: Annotated[int, Field(ge=1, le=44640)]
    """Length of the analysed window in minutes; it ends when the schedule fires."""
    comparison_threshold: Annotated[float, Field(gt=0, le=1)]
    """L-infinity distance of a feature's distribution from the baseline that violates it, from 0 to 1."""
    instance_type: ProcessingInstanceType
    """SageMaker processing instance type, e.g. ml.m5.large."""
    volume_gib: VolumeGib
    """Size of the job's encrypted volume in GiB."""
    max_runtime_minutes: Annotated[int, Field(ge=1, le=12960)]
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
    cooldown_minutes: Annotated[int, Field(ge=0, le=525600)]
    """Minutes after an execution has started in which drift starts no other."""
