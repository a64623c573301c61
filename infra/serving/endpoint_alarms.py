"""The alarms of an endpoint: for people, and for the deployment that they roll back."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config.serving import ServingConfig
from infra.monitoring.alarm import Alarm, Comparison, Trigger
from infra.monitoring.metric import ratio_percent
from infra.serving.instance import cores
from infra.serving.metrics import MICROSECONDS_PER_MILLISECOND, EndpointMetrics

Queries = list[cloudwatch.CfnAlarm.MetricDataQueryProperty]


class EndpointAlarms(Construct):
    """Errors and latency, which roll a deployment back, and the use of processor and memory, which do not.

    `all` are the alarms, `rollback` those that stop a deployment.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ServingConfig,
        endpoint_name: str,
        metrics: EndpointMetrics,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config, self._endpoint_name, self._topic = config.alarms, endpoint_name, topic
        period = config.alarms.period_seconds
        errors = self._alarm(
            "Errors",
            "endpoint-errors",
            f"The endpoint answers more than {config.alarms.error_rate_percent:g} % of requests with a server error",
            ratio_percent(metrics.server_errors, metrics.invocations, period),
            config.alarms.error_rate_percent,
        )
        latency = self._alarm(
            "Latency",
            "endpoint-latency",
            f"1 request in 100 takes the model longer than {config.alarms.latency_p99_milliseconds} ms",
            [metrics.model_latency("p99").query(period)],
            config.alarms.latency_p99_milliseconds * MICROSECONDS_PER_MILLISECOND,
        )
        self.rollback = [errors, latency]
        self.all = [*self.rollback, *self._saturation(metrics, cores(config.instance_type))]

    def _saturation(self, metrics: EndpointMetrics, core_count: int) -> list[Alarm]:
        config = self._config
        return [
            self._alarm(
                "Processor",
                "endpoint-saturation",
                f"An instance uses more than {config.cpu_percent} % of its {core_count} cores",
                [metrics.cpu().query(config.period_seconds)],
                config.cpu_percent * core_count,
            ),
            self._alarm(
                "Memory",
                "endpoint-saturation",
                f"An instance uses more than {config.memory_percent} % of its memory",
                [metrics.memory().query(config.period_seconds)],
                config.memory_percent,
            ),
        ]

    def _alarm(self, construct_id: str, runbook: str, meaning: str, queries: Queries, threshold: float) -> Alarm:
        return Alarm(
            self,
            construct_id,
            name=f"{self._endpoint_name}-endpoint-{construct_id.lower()}",
            meaning=meaning,
            runbook=runbook,
            metrics=queries,
            trigger=Trigger(Comparison.ABOVE, threshold, periods=self._config.evaluation_periods),
            topic=self._topic,
        )
