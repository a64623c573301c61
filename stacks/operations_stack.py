"""The glue between the models' stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.operations.glue import Glue
from infra.operations.served_model import ServedModel
from stacks.foundation_stack import FoundationStack
from stacks.network_stack import NetworkStack
from stacks.platform_stack import PlatformStack
from stacks.serving_stack import ServingStack


class OperationsStack(PlatformStack):
    """Deploys approved models, and retrains those whose data has drifted; comes last."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        models: Sequence[ModelConfig],
        network: NetworkStack,
        foundation: FoundationStack,
        servings: Mapping[str, ServingStack],
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            config=config,
            part="operations",
            description="Deployment of approved models, retraining on drift",
        )
        Glue(
            self,
            "Glue",
            config=config,
            models=[ServedModel(config.name, model, servings[model.name].serving.role_arn) for model in models],
            network=network.network,
            keys=foundation.keys,
            alarm_topic=foundation.alarm_topic,
        )
