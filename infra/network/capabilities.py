"""What an environment can do that needs the network: decides which VPC endpoints there are."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig


class Capability(StrEnum):
    """Something that runs inside the VPC and calls AWS services from there."""

    JOBS = "jobs"
    MONITORS = "monitors"
    FEATURE_STORE = "feature-store"
    PROMOTION = "promotion"
    RETRAINING = "retraining"


def enabled_capabilities(config: EnvironmentConfig, models: Sequence[ModelConfig]) -> frozenset[Capability]:
    """The capabilities that an environment with these models uses."""
    if not models:
        return frozenset()
    enabled = {Capability.JOBS, Capability.MONITORS, Capability.PROMOTION}
    if config.features.online_store or config.features.offline_store:
        enabled.add(Capability.FEATURE_STORE)
    if any(model.retraining.on_drift for model in models):
        enabled.add(Capability.RETRAINING)
    return frozenset(enabled)
