"""The monitors of one model."""

from __future__ import annotations

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.monitoring.model_monitoring import ModelMonitoring
from stacks.foundation_stack import FoundationStack
from stacks.network_stack import NetworkStack
from stacks.platform_stack import PlatformStack
from stacks.registry_stack import RegistryStack
from stacks.serving_stack import ServingStack


class MonitoringStack(PlatformStack):
    """Compares the endpoint's traffic with the model's baseline, alarms people, and shows it all on a dashboard."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        model: ModelConfig,
        network: NetworkStack,
        foundation: FoundationStack,
        registry: RegistryStack,
        serving: ServingStack,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            config=config,
            part="monitoring",
            model=model.name,
            description=f"Monitors of {model.name}",
        )
        ModelMonitoring(
            self,
            "Monitoring",
            config=config,
            model=model,
            endpoint_metrics=serving.serving.metrics,
            network=network.network,
            buckets=foundation.buckets,
            keys=foundation.keys,
            alarm_topic=foundation.alarm_topic,
            images=registry,
        )
