"""The training pipeline of one model."""

from __future__ import annotations

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.pipeline.model_pipeline import ModelPipeline
from stacks.features_stack import FeaturesStack
from stacks.foundation_stack import FoundationStack
from stacks.network_stack import NetworkStack
from stacks.platform_stack import PlatformStack
from stacks.registry_stack import RegistryStack


class PipelineStack(PlatformStack):
    """Prepares, trains, evaluates and registers the model; `pipeline_name` is the pipeline's name, as plain text."""

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
        features: FeaturesStack,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            config=config,
            part="pipeline",
            model=model.name,
            description=f"Training pipeline of {model.name}",
        )
        pipeline = ModelPipeline(
            self,
            "Training",
            config=config,
            model=model,
            network=network.network,
            buckets=foundation.buckets,
            keys=foundation.keys,
            alarm_topic=foundation.alarm_topic,
            images=registry,
            feature_group_arn=features.feature_group_arn(model.name),
        )
        self.pipeline_name = pipeline.pipeline_name
