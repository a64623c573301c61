"""Container images and model packages of an environment."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ecr as ecr
from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.registry.container_images import ContainerImages
from infra.registry.model_package_groups import ModelPackageGroups
from stacks.foundation_stack import FoundationStack
from stacks.platform_stack import PlatformStack


class RegistryStack(PlatformStack):
    """Where images and model packages are.

    Containers are named trainer, analyzer and inference; models as in their configuration.
    """

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
            part="registry",
            description="ECR repositories and model package groups",
        )
        self._images = ContainerImages(
            self,
            "Images",
            config=config.containers,
            environment=config.name,
            protection=config.protection,
            key=foundation.keys.data,
        )
        self._groups = ModelPackageGroups(
            self, "Models", environment=config.name, models=models, protection=config.protection
        )

    def image_uri(self, container: str) -> str:
        """Address of the container's image, with its tag."""
        return self._images.image_uri(container)

    def repository(self, container: str) -> ecr.IRepository:
        """The repository that `image_uri(container)` is pulled from: grant on it."""
        return self._images.source_repository(container)

    def package_group_name(self, model: str) -> str:
        """Name of the model's package group, as plain text."""
        return self._groups.name(model)

    def package_group_arn(self, model: str) -> str:
        """ARN of the model's package group."""
        return self._groups.arn(model)
