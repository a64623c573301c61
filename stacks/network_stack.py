"""The network of an environment."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.naming import environment_name
from infra.network.capabilities import enabled_capabilities
from infra.network.network import Network
from infra.storage.key import Key
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
        key = Key(
            self,
            "FlowLogKey",
            alias=f"alias/{environment_name(config.name)}-flow-logs",
            description="Flow logs of the VPC",
            rotation_days=config.storage.kms_rotation_days,
            protection=config.protection,
        )
        self.network = Network(
            self,
            "Network",
            config=config.network,
            capabilities=enabled_capabilities(config, models),
            protection=config.protection,
            flow_log_key=key,
        )
