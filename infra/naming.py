"""Names of stacks and of what people or APIs call by name, and their construct ids: pure functions.

Everything that nobody has to type (buckets, keys, roles, queues) has no name here: CloudFormation gives it one, so
that it can be replaced. No name holds a time or a hash: same commit, same names. `infra.config.names` composes the
names, because the configuration checks their lengths.
"""

from __future__ import annotations

from infra.config.names import (
    environment_name,
    model_name,
    model_stack_name,
    monitor_name,
    repository_name,
)
from infra.config.names import stack_name as environment_stack_name

__all__ = [
    "construct_id",
    "endpoint_name",
    "environment_name",
    "feature_group_name",
    "monitor_name",
    "package_group_name",
    "pipeline_name",
    "repository_name",
    "repository_uri",
    "resource_name",
    "stack_name",
]


def stack_name(environment: str, part: str, model: str | None = None) -> str:
    """Name of a stack: `sagestead-<env>-<part>`, per model `sagestead-<env>-<model>-<part>`."""
    if model is None:
        return environment_stack_name(environment, part)
    return model_stack_name(environment, model, part)


def resource_name(environment: str, model: str) -> str:
    """Name that a model's endpoint, pipeline, feature group and package group share: `sagestead-<env>-<model>`."""
    return model_name(environment, model)


endpoint_name = pipeline_name = feature_group_name = package_group_name = resource_name


def repository_uri(account: str, region: str, environment: str, container: str) -> str:
    """Address of a container's ECR repository without a tag, as plain text, so that it can go into definitions."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"{account}.dkr.ecr.{region}.{suffix}/{repository_name(environment, container)}"


def construct_id(name: str) -> str:
    """PascalCase construct id of a kebab- or snake-case name: `flight-delay` becomes `FlightDelay`."""
    return "".join(word[:1].upper() + word[1:] for word in name.replace("_", "-").split("-"))
