"""Feature groups of an environment."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.features.feature_group import FeatureGroup
from infra.naming import construct_id as id_of
from stacks.foundation_stack import FoundationStack
from stacks.platform_stack import PlatformStack


class FeaturesStack(PlatformStack):
    """One feature group per model, from the model's schema."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        models: Sequence[ModelConfig],
        foundation: FoundationStack,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            config=config,
            part="features",
            description="Feature groups, online and offline",
        )
        self._groups = {
            model.name: FeatureGroup(
                self,
                id_of(model.name),
                config=config.features,
                schema=model.schema_,
                environment=config.name,
                model=model.name,
                description=model.description,
                protection=config.protection,
                bucket=foundation.buckets.features,
                key=foundation.keys.data,
            )
            for model in models
        }

    def feature_group_name(self, model: str) -> str:
        """Name of the model's feature group, as plain text."""
        return self._groups[model].feature_group_name

    def feature_group_arn(self, model: str) -> str:
        """ARN of the model's feature group."""
        return self._groups[model].feature_group_arn
