"""What happens to data when its stack is deleted: two switches must agree before it may be destroyed."""

from __future__ import annotations

from aws_cdk import RemovalPolicy

from infra.config.environment import ProtectionConfig


def may_destroy(protection: ProtectionConfig) -> bool:
    """Whether data goes with its stack: only if retain_data is false and allow_destroy is true."""
    return protection.allow_destroy and not protection.retain_data


def removal_policy(protection: ProtectionConfig) -> RemovalPolicy:
    """The removal policy of every resource that holds data."""
    return RemovalPolicy.DESTROY if may_destroy(protection) else RemovalPolicy.RETAIN
