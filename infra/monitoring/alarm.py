"""An alarm that tells people, and says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct


class Comparison(StrEnum):
    """How a metric is compared with the threshold."""

    ABOVE = "GreaterThanThreshold"
    AT_LEAST = "GreaterThanOrEqualToThreshold"
    BELOW = "LessThanThreshold"


class Missing(StrEnum):
    """What a period without data points means."""

    FINE = "notBreaching"
    BAD = "breaching"
    UNKNOWN = "missing"


@dataclass(frozen=True)
class Trigger:
    """When an alarm goes off: `datapoints` of the last `periods` compare so with the threshold."""

    comparison: Comparison
    threshold: float
    periods: int
    datapoints: int | None = None
    missing: Missing = Missing.FINE


class Alarm(Construct):
    """A CloudWatch alarm that publishes to the alarm topic, and names the runbook for whoever it wakes.

    Its name is fixed, since deployments and event rules refer to it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        meaning: str,
        runbook: str,
        metrics: list[cloudwatch.CfnAlarm.MetricDataQueryProperty],
        trigger: Trigger,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self.alarm_name = name
        self.resource = cloudwatch.CfnAlarm(
            self,
            "Alarm",
            alarm_name=name,
            alarm_description=f"{meaning}. Runbook: docs/runbooks/{runbook}.md",
            metrics=metrics,
            comparison_operator=trigger.comparison.value,
            threshold=trigger.threshold,
            evaluation_periods=trigger.periods,
            datapoints_to_alarm=trigger.periods if trigger.datapoints is None else trigger.datapoints,
            treat_missing_data=trigger.missing.value,
            alarm_actions=[topic.topic_arn],
            ok_actions=[topic.topic_arn],
        )
