"""The base of every stack: its environment, its name and its protection come from the configuration."""

from __future__ import annotations

from aws_cdk import Environment, Stack
from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.naming import stack_name


class PlatformStack(Stack):
    """A stack of one environment, in its concrete account and region, called by its explicit name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        part: str,
        description: str,
        model: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=stack_name(config.name, part, model),
            description=description,
            env=Environment(account=config.account, region=config.region),
            termination_protection=config.protection.termination_protection,
        )
