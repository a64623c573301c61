"""The endpoint of one model."""

from __future__ import annotations

from aws_cdk import CfnParameter
from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.serving.model_serving import ModelServing
from stacks.foundation_stack import FoundationStack
from stacks.network_stack import NetworkStack
from stacks.platform_stack import PlatformStack
from stacks.registry_stack import RegistryStack


class ServingStack(PlatformStack):
    """Serves the model package that its parameter `ModelPackageArn` names; with none, it has no endpoint.

    `serving` offers `endpoint_name` and `metrics`.
    """

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
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            config=config,
            part="serving",
            model=model.name,
            description=f"Endpoint of {model.name}",
        )
        package = CfnParameter(
            self,
            "ModelPackageArn",
            default="",
            allowed_pattern=r"|arn:[^:]+:sagemaker:[^:]+:\d{12}:model-package/.+",
            description="ARN of the approved model package to serve; empty: no endpoint. promote_model sets it.",
        )
        self.serving = ModelServing(
            self,
            "Serving",
            config=config,
            model=model,
            model_package=package,
            network=network.network,
            buckets=foundation.buckets,
            keys=foundation.keys,
            alarm_topic=foundation.alarm_topic,
            images=registry,
        )
