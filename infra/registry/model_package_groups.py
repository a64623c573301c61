"""A model package group per deployed model."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra.config.environment import ProtectionConfig
from infra.config.model import ModelConfig
from infra.iam import arn
from infra.naming import construct_id as id_of
from infra.naming import package_group_name
from infra.storage.protection import removal_policy


class ModelPackageGroups(Construct):
    """The groups that training pipelines register their models in."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: str,
        models: Sequence[ModelConfig],
        protection: ProtectionConfig,
    ) -> None:
        super().__init__(scope, construct_id)
        self._names = {model.name: package_group_name(environment, model.name) for model in models}
        for model in models:
            group = sagemaker.CfnModelPackageGroup(
                self,
                id_of(model.name),
                model_package_group_name=self._names[model.name],
                model_package_group_description=model.description,
            )
            group.apply_removal_policy(removal_policy(protection))

    def name(self, model: str) -> str:
        """Name of the model's group."""
        return self._names[model]

    def arn(self, model: str) -> str:
        """ARN of the model's group."""
        return arn(self, "sagemaker", "model-package-group", self.name(model))
