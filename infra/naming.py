"""Names of stacks and of the resources that people or APIs call by name: pure functions, nothing else names things.

Everything that nobody has to type (buckets, keys, roles, queues) has no name here: CloudFormation gives it one, so
that it can be replaced. No name holds a time or a hash: same commit, same names.
"""

from __future__ import annotations

PROJECT = "sagestead"
VARIANT = "champion"


def environment_name(environment: str) -> str:
    """Prefix of every name in an environment: `sagestead-<env>`."""
    return f"{PROJECT}-{environment}"


def stack_name(environment: str, part: str, model: str | None = None) -> str:
    """Name of a stack: `sagestead-<env>-<part>`, per model `sagestead-<env>-<model>-<part>`."""
    return "-".join([environment_name(environment), *([model] if model is not None else []), part])


def resource_name(environment: str, model: str) -> str:
    """Name that a model's endpoint, pipeline, feature group and package group share: `sagestead-<env>-<model>`."""
    return f"{environment_name(environment)}-{model}"


def endpoint_name(environment: str, model: str) -> str:
    """Name of the model's real-time endpoint."""
    return resource_name(environment, model)


def pipeline_name(environment: str, model: str) -> str:
    """Name of the model's training pipeline."""
    return resource_name(environment, model)


def monitor_name(environment: str, model: str, monitor: str = "data-quality") -> str:
    """Name of one of the model's monitors (its pipeline and its schedule): `sagestead-<env>-<model>-<monitor>`."""
    return f"{resource_name(environment, model)}-{monitor}"


def feature_group_name(environment: str, model: str) -> str:
    """Name of the model's feature group."""
    return resource_name(environment, model)


def package_group_name(environment: str, model: str) -> str:
    """Name of the group that the model's packages are registered in."""
    return resource_name(environment, model)


def repository_name(environment: str, container: str) -> str:
    """Name of a container's ECR repository: `sagestead-<env>/<container>`."""
    return f"{environment_name(environment)}/{container}"


def repository_uri(account: str, region: str, environment: str, container: str) -> str:
    """Address of a container's ECR repository without a tag, as plain text, so that it can go into definitions."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"{account}.dkr.ecr.{region}.{suffix}/{repository_name(environment, container)}"


def construct_id(name: str) -> str:
    """PascalCase construct id of a kebab- or snake-case name: `flight-delay` becomes `FlightDelay`."""
    return "".join(word[:1].upper() + word[1:] for word in name.replace("_", "-").split("-"))


def python_name(name: str) -> str:
    """snake_case folder and module name of a kebab-case name: `flight-delay` becomes `flight_delay`."""
    return name.replace("-", "_")
