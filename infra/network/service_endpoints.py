"""The one table of AWS services that are called from inside the VPC: by which capability, and for which actions.

A service without a row has no endpoint, and a call to it hangs: add the row together with the code that calls.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.network.capabilities import Capability

_EVERY_CLIENT = frozenset(Capability)


@dataclass(frozen=True, kw_only=True)
class ServiceEndpoint:
    """An interface endpoint: the service's name in endpoint names, who needs it, and what its policy allows."""

    service: str
    needed_by: frozenset[Capability]
    actions: tuple[str, ...]


SERVICE_ENDPOINTS = (
    # A job in a VPC without it never leaves "Starting".
    ServiceEndpoint(
        service="sts",
        needed_by=_EVERY_CLIENT,
        actions=("sts:AssumeRole", "sts:GetCallerIdentity"),
    ),
    ServiceEndpoint(
        service="logs",
        needed_by=_EVERY_CLIENT,
        actions=(
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
        ),
    ),
    ServiceEndpoint(
        service="monitoring",
        needed_by=frozenset({Capability.JOBS, Capability.MONITORS}),
        actions=("cloudwatch:PutMetricData",),
    ),
    ServiceEndpoint(
        service="sagemaker.api",
        needed_by=frozenset(
            {Capability.FEATURE_STORE, Capability.MONITORS, Capability.PROMOTION, Capability.RETRAINING}
        ),
        actions=(
            "sagemaker:DescribeEndpoint",
            "sagemaker:DescribeEndpointConfig",
            "sagemaker:DescribeFeatureGroup",
            "sagemaker:DescribeModel",
            "sagemaker:DescribeModelPackage",
            "sagemaker:ListPipelineExecutions",
            "sagemaker:StartPipelineExecution",
        ),
    ),
    ServiceEndpoint(
        service="sagemaker.featurestore-runtime",
        needed_by=frozenset({Capability.FEATURE_STORE}),
        actions=("sagemaker:GetRecord", "sagemaker:PutRecord"),
    ),
    ServiceEndpoint(
        service="cloudformation",
        needed_by=frozenset({Capability.PROMOTION}),
        actions=("cloudformation:DescribeStacks", "cloudformation:UpdateStack"),
    ),
)

# Reached through the gateway endpoint, which costs nothing, by every tier but that of the interface endpoints.
S3_ACTIONS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)


def needed_endpoints(capabilities: frozenset[Capability]) -> tuple[ServiceEndpoint, ...]:
    """The rows of the table that at least one of `capabilities` needs."""
    return tuple(row for row in SERVICE_ENDPOINTS if row.needed_by & capabilities)
