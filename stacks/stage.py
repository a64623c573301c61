"""All stacks of one environment."""

from __future__ import annotations

from aws_cdk import Stage, Tags
from constructs import Construct

from infra.config.loader import PlatformConfig
from infra.config.model import ModelConfig
from infra.naming import construct_id as id_of
from stacks.features_stack import FeaturesStack
from stacks.foundation_stack import FoundationStack
from stacks.monitoring_stack import MonitoringStack
from stacks.network_stack import NetworkStack
from stacks.operations_stack import OperationsStack
from stacks.pipeline_stack import PipelineStack
from stacks.registry_stack import RegistryStack
from stacks.serving_stack import ServingStack


class PlatformStage(Stage):
    """One environment: the shared stacks, a set of stacks for each of its models, and the glue between them."""

    def __init__(self, scope: Construct, *, config: PlatformConfig) -> None:
        environment, models = config.environment, config.models
        super().__init__(scope, environment.name)
        for key, value in environment.tags.items():
            Tags.of(self).add(key, value)
        self._environment = environment
        self._network = NetworkStack(self, "Network", config=environment, models=models)
        self._foundation = FoundationStack(self, "Foundation", config=environment)
        self._registry = RegistryStack(self, "Registry", config=environment, models=models, foundation=self._foundation)
        self._features = FeaturesStack(self, "Features", config=environment, models=models, foundation=self._foundation)
        OperationsStack(
            self,
            "Operations",
            config=environment,
            models=models,
            network=self._network,
            foundation=self._foundation,
            servings={model.name: self._add_model(model) for model in models},
        )

    def _add_model(self, model: ModelConfig) -> ServingStack:
        """Adds the model's own stacks; its serving stack is what the glue needs."""
        name, environment = id_of(model.name), self._environment
        network, foundation, registry = self._network, self._foundation, self._registry
        pipeline = PipelineStack(
            self,
            f"{name}Pipeline",
            config=environment,
            model=model,
            network=network,
            foundation=foundation,
            registry=registry,
            features=self._features,
        )
        # The definition names the feature group and the package group as plain text, which orders nothing.
        for stack in (registry, self._features):
            pipeline.add_stack_dependency(stack)
        serving = ServingStack(
            self,
            f"{name}Serving",
            config=environment,
            model=model,
            network=network,
            foundation=foundation,
            registry=registry,
        )
        MonitoringStack(
            self,
            f"{name}Monitoring",
            config=environment,
            model=model,
            network=network,
            foundation=foundation,
            registry=registry,
            serving=serving,
        )
        return serving
