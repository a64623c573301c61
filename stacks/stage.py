"""All stacks of one environment."""

from __future__ import annotations

from aws_cdk import Stage, Tags
from constructs import Construct

from infra.config.loader import PlatformConfig
from stacks.features_stack import FeaturesStack
from stacks.foundation_stack import FoundationStack
from stacks.network_stack import NetworkStack
from stacks.registry_stack import RegistryStack


class PlatformStage(Stage):
    """One environment: the shared stacks, then a set of stacks for each of its models."""

    def __init__(self, scope: Construct, *, config: PlatformConfig) -> None:
        environment, models = config.environment, config.models
        super().__init__(scope, environment.name)
        for key, value in environment.tags.items():
            Tags.of(self).add(key, value)
        self.network = NetworkStack(self, "Network", config=environment, models=models)
        self.foundation = FoundationStack(self, "Foundation", config=environment)
        self.registry = RegistryStack(self, "Registry", config=environment, models=models, foundation=self.foundation)
        self.features = FeaturesStack(self, "Features", config=environment, models=models, foundation=self.foundation)
