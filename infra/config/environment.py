"""One environment: the typed form of config/<environment>.yaml."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from infra.config.base import Config, Items, ReadOnly
from infra.config.types import (
    AccountId,
    Cidr,
    Days,
    Email,
    EnvironmentName,
    ImageTag,
    LogRetentionDays,
    Positive,
    Region,
)

Tier = Annotated[Items[Cidr], Field(min_length=2)]


class ProtectionConfig(Config):
    """What guards data and stacks against deletion."""

    retain_data: bool
    """Keep buckets, keys, repositories and feature groups when their stack is deleted."""
    allow_destroy: bool
    """Let data be destroyed with its stack; it is only if retain_data is false too: two switches must agree."""
    termination_protection: bool
    """Refuse the deletion of stacks until this is turned off in a deployment of its own."""


class SubnetsConfig(Config):
    """The CIDR blocks of each subnet tier, one per availability zone and in the zones' order."""

    jobs: Tier
    """CIDR blocks for training and processing jobs; at least /24, each job instance takes an address."""
    endpoints: Tier
    """CIDR blocks for model endpoints; at least /24, a deployment runs two fleets side by side."""
    interface_endpoints: Tier
    """CIDR blocks for the network interfaces of VPC endpoints; at least /26."""
    lambdas: Tier
    """CIDR blocks for Lambda functions; at least /26."""


class FlowLogsConfig(Config):
    """Flow logs of the VPC."""

    traffic: Literal["ACCEPT", "REJECT", "ALL"]
    """Which traffic is recorded."""
    retention_days: LogRetentionDays
    """Days that flow logs are kept: one of the periods that CloudWatch Logs offers."""


class NetworkConfig(Config):
    """The VPC and its isolated subnets."""

    vpc_cidr: Cidr
    """IPv4 CIDR block of the VPC, between /16 and /28."""
    availability_zones: Annotated[Items[str], Field(min_length=2)]
    """At least two availability zones of the region."""
    subnets: SubnetsConfig
    """The CIDR blocks of each subnet tier."""
    flow_logs: FlowLogsConfig
    """Flow logs of the VPC."""


class StorageConfig(Config):
    """Lifetimes of stored data."""

    noncurrent_version_days: Days
    """Days after which an overwritten or deleted object version expires."""
    capture_retention_days: Days
    """Days that captured requests and responses are kept."""
    log_retention_days: Days
    """Days that access and audit logs are kept in S3."""
    kms_rotation_days: Annotated[int, Field(ge=90, le=2560)]
    """Days between two rotations of a KMS key, from 90 to 2560."""


class NotificationsConfig(Config):
    """Whom alarms reach."""

    emails: Annotated[Items[Email], Field(min_length=1)]
    """E-mail addresses subscribed to the alarm topic; each must confirm its subscription once."""


class ContainerConfig(Config):
    """Where one container image comes from."""

    source: Literal["asset", "repository"]
    """asset: CDK builds and pushes the image; repository: it is already in the platform's ECR repository."""
    tag: ImageTag | None = None
    """Image tag in the repository: required with source repository, refused with source asset."""


class ContainersConfig(Config):
    """The platform's container images and how long ECR keeps them."""

    trainer: ContainerConfig
    """Prepares data, trains and evaluates."""
    analyzer: ContainerConfig
    """Computes baselines and monitors data quality."""
    inference: ContainerConfig
    """Serves predictions."""
    untagged_expiry_days: Days
    """Days after which ECR deletes an untagged image."""
    keep_images: Positive
    """Number of the newest images that ECR keeps in each repository."""


class FeatureStoreConfig(Config):
    """Which stores the feature groups have."""

    online_store: bool
    """Keep the newest record of each key for lookups in milliseconds."""
    offline_store: bool
    """Keep every record in S3, for training and for Athena."""


class LogsConfig(Config):
    """Logs of Lambda functions and jobs."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    """The least severe level that Lambda functions write."""
    retention_days: LogRetentionDays
    """Days that log groups keep events: one of the periods that CloudWatch Logs offers."""


class EnvironmentConfig(Config):
    """One environment: an account, a region, and everything that differs between environments."""

    name: EnvironmentName
    """Name of the environment: that of its file, and part of every physical name."""
    account: AccountId
    """AWS account id: 12 digits, in quotes."""
    region: Region
    """AWS region, e.g. eu-central-1."""
    tags: Annotated[ReadOnly[str], Field(max_length=45)]
    """Tags put on every resource."""
    protection: ProtectionConfig
    """What guards data and stacks against deletion."""
    network: NetworkConfig
    """The VPC and its isolated subnets."""
    storage: StorageConfig
    """Lifetimes of stored data."""
    notifications: NotificationsConfig
    """Whom alarms reach."""
    containers: ContainersConfig
    """The platform's container images."""
    features: FeatureStoreConfig
    """Which stores the feature groups have."""
    logs: LogsConfig
    """Logs of Lambda functions and jobs."""
    models: ReadOnly[ReadOnly[Any]]
    """The models deployed here, and what this environment changes in each one's model.yaml, by its keys."""
