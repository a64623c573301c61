"""A customer-managed KMS key of one data class."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config.environment import ProtectionConfig
from infra.place import place_of
from infra.storage.protection import removal_policy

_USE = ("kms:Decrypt", "kms:GenerateDataKey")
_LOGS = (
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


class Key(Construct):
    """A rotating key with an alias. The account's IAM policies decide who uses it, besides the services it allows."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        description: str,
        rotation_days: int,
        protection: ProtectionConfig,
    ) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            alias=alias,
            description=description,
            enable_key_rotation=True,
            rotation_period=Duration.days(rotation_days),
            removal_policy=removal_policy(protection),
        )

    def allow_service(self, service: str) -> None:
        """Lets `service` (e.g. cloudwatch.amazonaws.com) use the key on behalf of this account only."""
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(service)],
                actions=[*_USE],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": place_of(self).account}},
            )
        )

    def allow_log_groups(self, prefix: str = "") -> None:
        """Lets CloudWatch Logs use the key for this account's log groups whose name starts with `prefix`.

        Logs sends the log group as encryption context, and no source account.
        Source: CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
        """
        place = place_of(self)
        group = f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:{prefix}*"
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(f"logs.{place.region}.amazonaws.com")],
                actions=[*_USE, *_LOGS],
                resources=["*"],
                conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": group}},
            )
        )
