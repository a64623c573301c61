"""The network of an environment."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.network.capabilities import enabled_capabilities
from infra.network.network import Network
from stacks.platform_stack import PlatformStack


class NetworkStack(PlatformStack):
    """The isolated VPC.

    `network` offers `vpc_id`, `job_subnet_ids`, `endpoint_subnet_ids`, `lambda_subnet_ids` and
    `security_group_id(role)` for the roles jobs, endpoints, lambdas and interface_endpoints.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        models: Sequence[ModelConfig],
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            config=config,
            part="network",
            description="VPC without internet access, its endpoints and flow logs",
        )
        self.network = Network(
            self,
            "Network",
            config=config.network,
            capabilities=enabled_capabilities(config, models),
            protection=config.protection,
            kms_rotation_days=config.storage.kms_rotation_days,
        )
