"""Where a model's jobs run: the same for its training and for its monitors."""

from __future__ import annotations

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.network.network import Network
from infra.pipeline.definition_inputs import JobEnvironment
from infra.place import place_of
from infra.storage.keys import Keys


def job_environment(
    scope: Construct, *, config: EnvironmentConfig, model: ModelConfig, network: Network, keys: Keys, role_arn: str
) -> JobEnvironment:
    """The isolated job subnets, the data key and the platform's tags, under the given role."""
    return JobEnvironment(
        region=place_of(scope).region,
        role_arn=role_arn,
        key_arn=keys.data.key_arn,
        subnet_ids=tuple(network.job_subnet_ids),
        security_group_ids=(network.security_group_id("jobs"),),
        tags=(*config.tags.items(), ("model", model.name)),
        log_level=config.logs.level,
    )
