"""Every setting, a value for it that no environment has, and the text in a template that the value makes."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from infra.config.base import Config
from infra.config.environment import EnvironmentConfig
from infra.config.model import FeatureConfig, ModelConfig


@dataclass(frozen=True)
class Knob:
    """A setting by its path, another value, the stack that reads it, and what stands in its template then.

    With `gone`, it is text of today's template that the value takes away.
    """

    path: str
    value: Any
    stack: str
    text: str
    gone: bool = False


_ZONES = ("us-west-2c", "us-west-2d")
ENVIRONMENT = (
    Knob("name", "knob", "foundation", '"alias/sagestead-knob-data"'),
    Knob("account", "999988887777", "network", '"aws:PrincipalAccount": "999988887777"'),
    Knob("region", "us-west-2", "network", '"com.amazonaws.us-west-2.sts"'),
    Knob("tags", {"team": "knobs"}, "foundation", '{"Key": "team", "Value": "knobs"}'),
    Knob("protection.retain_data", True, "foundation", '"DeletionPolicy": "Retain"'),
    Knob("protection.allow_destroy", False, "foundation", '"DeletionPolicy": "Retain"'),
    Knob("protection.termination_protection", True, "foundation", '"terminationProtection": true'),
    Knob("network.vpc_cidr", "10.99.0.0/16", "network", '"CidrBlock": "10.99.0.0/16"'),
    Knob("network.availability_zones", _ZONES, "network", '["", [{"Ref": "AWS::Region"}, "d"]]'),
    Knob("network.subnets.jobs", ("10.99.0.0/20", "10.99.16.0/20"), "network", '"10.99.16.0/20"'),
    Knob("network.subnets.endpoints", ("10.99.48.0/22", "10.99.52.0/22"), "network", '"10.99.52.0/22"'),
    Knob(
        "network.subnets.interface_endpoints",
        ("10.99.64.0/24", "10.99.65.0/24"),
        "network",
        '"CidrIp": "10.99.65.0/24"',
    ),
    Knob("network.subnets.lambdas", ("10.99.68.0/24", "10.99.69.0/24"), "network", '"10.99.69.0/24"'),
    Knob("network.flow_logs.traffic", "REJECT", "network", '"TrafficType": "REJECT"'),
    Knob("network.flow_logs.retention_days", 545, "network", '"RetentionInDays": 545'),
    Knob("storage.noncurrent_version_days", 77, "foundation", '"NoncurrentDays": 77'),
    Knob("storage.capture_retention_days", 88, "foundation", '"ExpirationInDays": 88'),
    Knob("storage.log_retention_days", 99, "foundation", '"ExpirationInDays": 99'),
    Knob("storage.kms_rotation_days", 111, "foundation", '"RotationPeriodInDays": 111'),
    Knob("notifications.emails", ("knob@example.com",), "foundation", '"Endpoint": "knob@example.com"'),
    Knob("containers.trainer.source", "repository", "flight-delay-pipeline", "sagestead-knob/trainer:"),
    Knob("containers.trainer.tag", "knob-1", "flight-delay-pipeline", "/trainer:knob-1"),
    Knob("containers.analyzer.source", "repository", "flight-delay-monitoring", "sagestead-knob/analyzer:"),
    Knob("containers.analyzer.tag", "knob-2", "flight-delay-monitoring", "/analyzer:knob-2"),
    Knob("containers.inference.source", "repository", "flight-delay-pipeline", "sagestead-knob/inference:"),
    Knob("containers.inference.tag", "knob-3", "flight-delay-pipeline", "/inference:knob-3"),
    Knob("containers.untagged_expiry_days", 33, "registry", '"countNumber": 33'),
    Knob("containers.keep_images", 44, "registry", '"countNumber": 44'),
    Knob("features.online_store", False, "features", '"OnlineStoreConfig"', gone=True),
    Knob("features.offline_store", False, "features", '"OfflineStoreConfig"', gone=True),
    Knob("logs.level", "WARNING", "operations", '"POWERTOOLS_LOG_LEVEL": "WARNING"'),
    Knob("logs.retention_days", 731, "operations", '"RetentionInDays": 731'),
)

_PIPELINE, _SERVING, _MONITORING = "flight-delay-pipeline", "flight-delay-serving", "flight-delay-monitoring"


def _job(section: str, seed: int) -> tuple[Knob, ...]:
    path = f"pipeline.{section}"
    return (
        Knob(f"{path}.instance_type", f"ml.c5.{seed}xlarge", _PIPELINE, f'"InstanceType": "ml.c5.{seed}xlarge"'),
        Knob(f"{path}.volume_gib", 500 + seed, _PIPELINE, f'"VolumeSizeInGB": {500 + seed}'),
        Knob(f"{path}.max_runtime_minutes", 10 * seed, _PIPELINE, f'"MaxRuntimeInSeconds": {600 * seed}'),
    )


_CRON = "cron(7 7 7 7 ? *)"
_FEATURES = (FeatureConfig(name="knob_feature", type="fractional"), FeatureConfig(name="origin", type="integral"))
MODEL = (
    Knob("description", "Knobs turned", "registry", '"ModelPackageGroupDescription": "Knobs turned"'),
    Knob("owner", "knob-turners", _PIPELINE, '"Owner": "knob-turners"'),
    Knob("schema.record_identifier", "knob_id", "features", '"RecordIdentifierFeatureName": "knob_id"'),
    Knob("schema.event_time", "knob_time", "features", '"EventTimeFeatureName": "knob_time"'),
    Knob("schema.label", "knob_label", _PIPELINE, '"label": "knob_label"'),
    Knob(
        "schema.features[].name", _FEATURES, "features", '{"FeatureName": "knob_feature", "FeatureType": "Fractional"}'
    ),
    Knob("schema.features[].type", _FEATURES, "features", '{"FeatureName": "origin", "FeatureType": "Integral"}'),
    Knob("pipeline.raw_prefix", "knob/raw", _PIPELINE, "/knob/raw/"),
    Knob("pipeline.schedule", _CRON, _PIPELINE, f'"ScheduleExpression": "{_CRON}"'),
    Knob("pipeline.training_days", 123, _PIPELINE, '"DefaultValue": 123'),
    Knob("pipeline.online_days", 13, _PIPELINE, '"--online-days", "13"'),
    Knob("pipeline.cache_days", 17, _PIPELINE, '"ExpireAfter": "P17D"'),
    Knob("pipeline.retry.max_attempts", 19, _PIPELINE, '"MaxAttempts": 19'),
    Knob("pipeline.retry.interval_seconds", 23, _PIPELINE, '"IntervalSeconds": 23'),
    Knob("pipeline.retry.backoff_rate", 2.9, _PIPELINE, '"BackoffRate": 2.9'),
    *_job("prepare", 2),
    Knob("pipeline.prepare.script", "__init__.py", _PIPELINE, "<asset hash>.py"),
    *_job("train", 4),
    *_job("evaluate", 9),
    *_job("baseline", 18),
    Knob("pipeline.hyperparameters", {"knob": 31}, _PIPELINE, '"knob": "31"'),
    Knob("pipeline.quality_gate.metric", "recall", _PIPELINE, '"binary_classification_metrics.recall.value"'),
    Knob("pipeline.quality_gate.minimum", 0.37, _PIPELINE, '"DefaultValue": 0.37'),
    Knob("pipeline.approval", "automatic", _PIPELINE, '"DefaultValue": "Approved"'),
    Knob("serving.instance_type", "ml.c5.4xlarge", _SERVING, '"InstanceType": "ml.c5.4xlarge"'),
    Knob("serving.data_capture_percentage", 41, _SERVING, '"InitialSamplingPercentage": 41'),
    Knob("serving.autoscaling.min_instances", 3, _SERVING, '"MinCapacity": 3'),
    Knob("serving.autoscaling.max_instances", 43, _SERVING, '"MaxCapacity": 43'),
    Knob("serving.autoscaling.target_invocations_per_instance", 47, _SERVING, '"TargetValue": 47'),
    Knob("serving.autoscaling.scale_in_cooldown_seconds", 53, _SERVING, '"ScaleInCooldown": 53'),
    Knob("serving.autoscaling.scale_out_cooldown_seconds", 59, _SERVING, '"ScaleOutCooldown": 59'),
    Knob("serving.deployment.canary_percentage", 29, _SERVING, '"Value": 29'),
    Knob("serving.deployment.canary_wait_seconds", 61, _SERVING, '"WaitIntervalInSeconds": 61'),
    Knob("serving.deployment.termination_wait_seconds", 67, _SERVING, '"TerminationWaitInSeconds": 67'),
    Knob("serving.deployment.maximum_execution_seconds", 7100, _SERVING, '"MaximumExecutionTimeoutInSeconds": 7100'),
    Knob("serving.alarms.error_rate_percent", 7.3, _SERVING, '"Threshold": 7.3'),
    # CloudWatch has the latency in microseconds, and the use of all cores together.
    Knob("serving.alarms.latency_p99_milliseconds", 79, _SERVING, '"Threshold": 79000'),
    Knob("serving.alarms.cpu_percent", 83, _SERVING, "more than 83 % of"),
    Knob("serving.alarms.memory_percent", 89, _SERVING, '"Threshold": 89'),
    Knob("serving.alarms.period_seconds", 180, _SERVING, '"Period": 180'),
    Knob("serving.alarms.evaluation_periods", 11, _SERVING, '"EvaluationPeriods": 11'),
    Knob("monitoring.data_quality.schedule", "rate(97 minutes)", _MONITORING, '"rate(97 minutes)"'),
    Knob("monitoring.data_quality.window_minutes", 101, _MONITORING, '"window_minutes": "101"'),
    Knob("monitoring.data_quality.comparison_threshold", 0.103, _MONITORING, '"comparison_threshold": "0.103"'),
    Knob("monitoring.data_quality.instance_type", "ml.c5.9xlarge", _MONITORING, '"InstanceType": "ml.c5.9xlarge"'),
    Knob("monitoring.data_quality.volume_gib", 107, _MONITORING, '"VolumeSizeInGB": 107'),
    Knob("monitoring.data_quality.max_runtime_minutes", 70, _MONITORING, '"MaxRuntimeInSeconds": 4200'),
    Knob("monitoring.data_quality.alarm.evaluation_periods", 6, _MONITORING, '"EvaluationPeriods": 6'),
    Knob("monitoring.data_quality.alarm.datapoints_to_alarm", 5, _MONITORING, '"DatapointsToAlarm": 5'),
    Knob("monitoring.data_quality.alarm.period_seconds", 240, _MONITORING, '"Period": 240'),
    Knob("retraining.on_drift", False, "operations", "sagestead-dev-flight-delay-data-quality-drift", gone=True),
    Knob("retraining.cooldown_minutes", 113, "operations", '"cooldown_minutes": 113'),
)

# Only one value is allowed today, so no other can change a template; a second one needs a knob.
ONE_VALUE = frozenset({"problem", "monitoring.data_quality.engine"})
# Turned by tests of their own: what an environment lays over models, and a model's name, which is its folder's too.
TURNED_APART = {"EnvironmentConfig": frozenset({"models"}), "ModelConfig": frozenset({"name"})}


def leaves(config: type[Config], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The path and the type of every setting of a configuration class, list items as `path[].name`."""
    for name, field in config.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        inner = [each for each in (field.annotation, *typing.get_args(field.annotation)) if _is_config(each)]
        if inner:
            yield from leaves(inner[0], f"{path}." if inner[0] is field.annotation else f"{path}[].")
        else:
            yield path, field.annotation


def has_one_value(annotation: Any) -> bool:
    """Whether a type is a literal of a single value."""
    return typing.get_origin(annotation) is Literal and len(typing.get_args(annotation)) == 1


def turned(config: Any, path: str, value: Any) -> Any:
    """A copy of `config` with the setting at `path` as `value`; checks between settings are left out."""
    head, _, rest = path.partition(".")
    name = "schema_" if head == "schema" else head.removesuffix("[]")
    inner = turned(getattr(config, name), rest, value) if rest and not head.endswith("[]") else value
    return config.model_copy(update={name: inner})


def _is_config(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Config)


CLASSES: dict[type[Config], tuple[Knob, ...]] = {EnvironmentConfig: ENVIRONMENT, ModelConfig: MODEL}
