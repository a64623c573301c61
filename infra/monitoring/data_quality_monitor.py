"""The open engine of the data-quality monitor: our analyzer in a pipeline, on a schedule."""

from __future__ import annotations

from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config.monitoring import DataQualityConfig
from infra.container_role import ContainerRole
from infra.monitoring.alarm import Alarm, Comparison, Trigger
from infra.monitoring.drift_metrics import DriftMetrics
from infra.monitoring.monitor_definition import WINDOW_END, MonitorInputs, monitor_definition
from infra.monitoring.pipeline_failure import PipelineFailure
from infra.pipeline.definition_cache import cached_definition
from infra.pipeline.placeholders import Placeholders
from infra.pipeline.schedule import SCHEDULED_TIME, PipelineSchedule
from infra.storage.keys import Keys


class DataQualityMonitor(Construct):
    """Compares the captured requests of a time window with the live model's baseline; drift raises `alarm_name`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: DataQualityConfig,
        inputs: MonitorInputs,
        role: ContainerRole,
        keys: Keys,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config, self._inputs, self._topic = config, inputs, alarm_topic
        self.metrics = DriftMetrics(
            model_name=inputs.model_name,
            endpoint_name=inputs.endpoint_name,
            monitor_name=inputs.monitor_name,
        )
        pipeline = self._pipeline()
        pipeline.node.add_dependency(role.policy)
        PipelineSchedule(
            self,
            "Schedule",
            expression=config.schedule,
            pipeline_name=inputs.monitor_name,
            parameters={WINDOW_END: SCHEDULED_TIME},
            key=keys.notifications,
            alarm_topic=alarm_topic,
        ).node.add_dependency(pipeline)
        PipelineFailure(self, "Failure", pipeline_name=inputs.monitor_name, runbook="monitor-failed", topic=alarm_topic)
        self._alarm()

    def _pipeline(self) -> sagemaker.CfnPipeline:
        placeholders = Placeholders()
        definition = cached_definition(monitor_definition, self._config, self._inputs.hidden(placeholders))
        name = self._inputs.monitor_name
        return sagemaker.CfnPipeline(
            self,
            "Pipeline",
            pipeline_name=name,
            pipeline_display_name=name,
            pipeline_description=f"Data quality of the requests to {self._inputs.endpoint_name}",
            pipeline_definition={"PipelineDefinitionBody": placeholders.reveal(definition)},
            role_arn=self._inputs.jobs.role_arn,
        )

    def _alarm(self) -> None:
        alarm = self._config.alarm
        Alarm(
            self,
            "Drift",
            name=drift_alarm_name(self._inputs.monitor_name),
            meaning=f"The requests to {self._inputs.endpoint_name} differ from what its model was trained on",
            runbook="data-drift",
            metrics=[self.metrics.violations.query(alarm.period_seconds)],
            trigger=Trigger(
                Comparison.AT_LEAST,
                1,
                periods=alarm.evaluation_periods,
                datapoints=alarm.datapoints_to_alarm,
            ),
            topic=self._topic,
        )


def drift_alarm_name(monitor_name: str) -> str:
    """Name of a monitor's drift alarm, on which `retrain` acts."""
    return f"{monitor_name}-drift"
