"""Rules over a model's endpoint, alarms and instances."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infra.config import aws
from infra.config.model import PipelineConfig
from infra.config.monitoring import DriftAlarmConfig
from infra.config.rules.finding import Finding, at
from infra.config.rules.model import ModelScope
from infra.config.serving import AutoscalingConfig, DeploymentConfig, ServingAlarmsConfig
from infra.config.source import KeyPath

_DAY = 86400
_HOUR = 3600
_JOBS = ("prepare", "train", "evaluate", "baseline")
_USES: dict[str, aws.Use] = {"train": "training"}
_CPU_FAMILY_WITH_DISK = re.compile(r"[cmr]\d+\w*d")


def check_instance_counts(scope: ModelScope) -> Iterator[Finding]:
    """Autoscaling has room: the minimum is not over the maximum."""
    scaling = scope.model.section(AutoscalingConfig, "serving", "autoscaling")
    if scaling.min_instances > scaling.max_instances:
        base = at("serving", "autoscaling")
        message = f"min_instances {scaling.min_instances} is over max_instances {scaling.max_instances}"
        paths = ((*base, "min_instances"), (*base, "max_instances"))
        yield Finding(paths, message, "a minimum of at most the maximum")


def check_canary_is_watched(scope: ModelScope) -> Iterator[Finding]:
    """The canary waits long enough for an alarm to fire; a shorter wait never rolls back."""
    alarms = scope.model.section(ServingAlarmsConfig, "serving", "alarms")
    wait = scope.model.section(DeploymentConfig, "serving", "deployment").canary_wait_seconds
    needed = alarms.period_seconds * alarms.evaluation_periods
    if wait < needed:
        paths = (
            at("serving", "deployment", "canary_wait_seconds"),
            at("serving", "alarms", "evaluation_periods"),
            at("serving", "alarms", "period_seconds"),
        )
        message = f"the canary is watched for {wait} s, but the alarms that roll it back need {needed} s"
        yield Finding(paths, message, f"canary_wait_seconds of at least {needed}, or faster alarms")


def check_deployment_fits(scope: ModelScope) -> Iterator[Finding]:
    """A deployment's waits fit into its time limit."""
    deployment = scope.model.section(DeploymentConfig, "serving", "deployment")
    needed = deployment.canary_wait_seconds + deployment.termination_wait_seconds
    if needed >= deployment.maximum_execution_seconds:
        base = at("serving", "deployment")
        keys = ("maximum_execution_seconds", "canary_wait_seconds", "termination_wait_seconds")
        message = f"the waits of a deployment take {needed} s of its {deployment.maximum_execution_seconds} s"
        yield Finding(tuple((*base, key) for key in keys), message, f"a limit over {needed}")


def check_serving_alarm_span(scope: ModelScope) -> Iterator[Finding]:
    """CloudWatch takes the span of the endpoint's alarms."""
    alarms = scope.model.section(ServingAlarmsConfig, "serving", "alarms")
    yield from _check_span(at("serving", "alarms"), alarms.period_seconds, alarms.evaluation_periods)


def check_drift_alarm(scope: ModelScope) -> Iterator[Finding]:
    """The drift alarm can fire, and CloudWatch takes its span."""
    base = at("monitoring", "data_quality", "alarm")
    alarm = scope.model.section(DriftAlarmConfig, *base)
    yield from _check_span(base, alarm.period_seconds, alarm.evaluation_periods)
    if alarm.datapoints_to_alarm > alarm.evaluation_periods:
        message = (
            f"datapoints_to_alarm {alarm.datapoints_to_alarm} is over evaluation_periods {alarm.evaluation_periods}"
        )
        paths = ((*base, "datapoints_to_alarm"), (*base, "evaluation_periods"))
        yield Finding(paths, message, "at most evaluation_periods")


def _check_span(base: KeyPath, period: int, periods: int) -> Iterator[Finding]:
    """Source: CloudWatch API reference, PutMetricAlarm: a day, or a week if a period is an hour or longer."""
    limit = 7 * _DAY if period >= _HOUR else _DAY
    if period * periods > limit:
        message = f"{periods} periods of {period} s are {period * periods} s"
        paths = ((*base, "evaluation_periods"), (*base, "period_seconds"))
        yield Finding(paths, message, f"a span of at most {limit} s for this period")


def check_job_instances(scope: ModelScope) -> Iterator[Finding]:
    """Jobs run on instances whose volumes take the environment's KMS key.

    Source: SageMaker API reference, ProcessingClusterConfig: VolumeKmsKeyId is refused with local storage.
    """
    pipeline = scope.model.section(PipelineConfig, "pipeline")
    for job in _JOBS:
        path = at("pipeline", job, "instance_type")
        yield from _check_local_storage(path, getattr(pipeline, job).instance_type, _USES.get(job, "processing"))


def check_monitor_instance(scope: ModelScope) -> Iterator[Finding]:
    """The monitor's job runs on an instance whose volume takes the environment's KMS key."""
    path = at("monitoring", "data_quality", "instance_type")
    yield from _check_local_storage(path, scope.model.value(str, *path), "processing")


def check_endpoint_instance(scope: ModelScope) -> Iterator[Finding]:
    """The endpoint's data is under the environment's KMS key.

    SageMaker takes a key for an endpoint with local storage, but does not encrypt the local disks with it (API
    reference, CreateEndpointConfig). CPU families come without the disk too, so those with it are refused; most
    GPU families do not.
    """
    path = at("serving", "instance_type")
    instance_type = scope.model.value(str, *path)
    if _CPU_FAMILY_WITH_DISK.fullmatch(aws.family(instance_type)):
        yield from _check_local_storage(path, instance_type, "hosting")


def _check_local_storage(path: KeyPath, instance_type: str, use: aws.Use) -> Iterator[Finding]:
    family = aws.family(instance_type)
    if family in aws.LOCAL_STORAGE_FAMILIES:
        twin = instance_type.replace(f".{family}.", f".{family.removesuffix('d')}.")
        has_twin = twin != instance_type and twin in aws.instance_types(use)
        message = f"{family} has local NVMe disks, which the environment's KMS key cannot encrypt"
        yield Finding((path,), message, twin if has_twin else "a family without them, e.g. ml.m5, ml.c5, ml.p3")


RULES = (
    check_instance_counts,
    check_canary_is_watched,
    check_deployment_fits,
    check_serving_alarm_span,
    check_drift_alarm,
    check_job_instances,
    check_monitor_instance,
    check_endpoint_instance,
)
