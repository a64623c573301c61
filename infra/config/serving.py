"""The serving section of a model: endpoint, autoscaling, deployment guardrails and alarms."""

from __future__ import annotations

from infra.config.base import Config


class AutoscalingConfig(Config):
    """Target tracking on the invocations per instance."""

    min_instances: int
    """The fewest instances, and those a new endpoint starts with."""
    max_instances: int
    """The most instances."""
    target_invocations_per_instance: int
    """Invocations per instance and minute that scaling aims at."""
    scale_in_cooldown_seconds: int
    """Seconds after a scale-in before the next one."""
    scale_out_cooldown_seconds: int
    """Seconds after a scale-out before the next one."""


class DeploymentConfig(Config):
    """Blue/green deployment with a canary, rolled back by the endpoint's alarms."""

    canary_percentage: int
    """Share of the instances that takes traffic first, in percent, from 1 to 50."""
    canary_wait_seconds: int
    """Seconds that the canary is watched before the rest of the traffic moves, from 0 to 3600."""
    termination_wait_seconds: int
    """Seconds that the old fleet is kept after all traffic has moved, from 0 to 3600."""
    maximum_execution_seconds: int
    """Seconds after which a deployment fails, from 600 to 28800."""


class ServingAlarmsConfig(Config):
    """Thresholds of the endpoint's alarms."""

    error_rate_percent: float
    """Share of invocations answered with a 5xx error, in percent, above which the alarm fires."""
    latency_p99_milliseconds: int
    """99th percentile of the model's latency in milliseconds above which the alarm fires."""
    cpu_percent: int
    """CPU use of the instances in percent (100 is all cores) above which the alarm fires."""
    memory_percent: int
    """Memory use of the instances in percent above which the alarm fires."""
    period_seconds: int
    """Length of one period in seconds: 10, 20, 30 or a multiple of 60."""
    evaluation_periods: int
    """Number of periods in a row over the threshold before an alarm fires."""


class ServingConfig(Config):
    """The real-time endpoint."""

    instance_type: str
    """SageMaker hosting instance type, e.g. ml.m5.large."""
    data_capture_percentage: int
    """Share of the requests that is captured, in percent, from 0 to 100."""
    autoscaling: AutoscalingConfig
    """Target tracking on the invocations per instance."""
    deployment: DeploymentConfig
    """Blue/green deployment with a canary."""
    alarms: ServingAlarmsConfig
    """Thresholds of the endpoint's alarms."""
