"""What the platform's glue needs to know of a model."""

from __future__ import annotations

from dataclasses import dataclass

from infra.config.model import ModelConfig
from infra.monitoring.data_quality_monitor import drift_alarm_name
from infra.naming import endpoint_name, monitor_name, package_group_name, pipeline_name, stack_name


@dataclass(frozen=True)
class ServedModel:
    """A model, as an environment names what belongs to it; `role_arn` is the role that its endpoint runs under."""

    environment: str
    config: ModelConfig
    role_arn: str

    @property
    def serving_stack(self) -> str:
        """Name of the stack that serves it."""
        return stack_name(self.environment, "serving", self.config.name)

    @property
    def package_group(self) -> str:
        """Name of its model package group."""
        return package_group_name(self.environment, self.config.name)

    @property
    def endpoint(self) -> str:
        """Name of its endpoint."""
        return endpoint_name(self.environment, self.config.name)

    @property
    def pipeline(self) -> str:
        """Name of its training pipeline."""
        return pipeline_name(self.environment, self.config.name)

    @property
    def drift_alarm(self) -> str:
        """Name of the alarm that its data-quality monitor raises."""
        return drift_alarm_name(monitor_name(self.environment, self.config.name))
