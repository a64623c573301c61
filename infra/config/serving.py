"""The serving section of a model: endpoint, autoscaling, deployment guardrails and alarms."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.config.base import Config
from infra.config.types import AlarmPeriod, HostingInstanceType, Percent, Positive

Cooldown = Annotated[int, Field(ge=0, le=3600)]


class AutoscalingConfig(Config):
    """Target tracking on the invocations per instance."""

    min_instances: Positive
    """The fewest instances, and those a new endpoint starts with."""
    max_instances: Positive
    """The most instances."""
    target_invocations_per_instance: Positive
    """Invocations per instance and minute that scaling aims at."""
    scale_in_cooldown_seconds: Cooldown
    """Seconds after a scale-in before the next one."""
    scale_out_cooldown_seconds: Cooldown
    """Seconds after a scale-out before the next one."""


class DeploymentConfig(Config):
    """Blue/green deployment with a canary, rolled back by the endpoint's alarms."""

    canary_percentage: Annotated[int, Field(ge=1, le=50)]
    """Share of the instances that takes traffic first, in percent, from 1 to 50."""
    canary_wait_seconds: Annotated[int, Field(ge=0, le=3600)]
    """Seconds that the canary is watched before the rest of the traffic moves, from 0 to 3600."""
    termination_wait_seconds: Annotated[int, Field(ge=0, le=3600)]
    """Seconds that the old fleet is kept after all traffic has moved, from 0 to 3600."""
    maximum_execution_seconds: Annotated[int, Field(ge=600, le=28800)]
    """Seconds after which a deployment fails, from 600 to 28800."""


class ServingAlarmsConfig(Config):
    """Thresholds of the endpoint's alarms."""

    error_rate_percent: Annotated[float, Field(gt=0, le=100)]
    """Share of invocations answered with a 5xx error, in percent, above which the alarm fires."""
    latency_p99_milliseconds: Annotated[int, Field(ge=1, le=60000)]
    """99th percentile of the model's latency in milliseconds above which the alarm fires."""
    cpu_percent: Percent
    """CPU use of the instances in percent of all cores, above which the alarm fires."""
    memory_percent: Percent
    """Memory use of the instances in percent above which the alarm fires."""
    period_seconds: AlarmPeriod
    """Length of one period in seconds: 10, 20, 30 or a multiple of 60."""
    evaluation_periods: Positive
    """Number of periods in a row over the threshold before an alarm fires."""


class ServingConfig(Config):
    """The real-time endpoint."""

    instance_type: HostingInstanceType
    """SageMaker hosting instance type, e.g. ml.m5.large."""
    data_capture_percentage: Percent
    """Share of the requests that is captured, in percent; at least 1, or the monitors would see nothing."""
    autoscaling: AutoscalingConfig
    """Target tracking on the invocations per instance."""
    deployment: DeploymentConfig
    """Blue/green deployment with a canary."""
    alarms: ServingAlarmsConfig
    """Thresholds of the endpoint's alarms."""
