"""The buckets of an environment, one per purpose."""

from __future__ import annotations

from typing import cast

from aws_cdk import CfnResource, Duration, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.checks import acknowledge
from infra.config.environment import ProtectionConfig, StorageConfig
from infra.storage.protection import may_destroy, removal_policy


class Buckets(Construct):
    """`raw`, `features`, `artifacts` and `capture`, encrypted with the data key, and `logs` for their access logs.

    Every bucket is versioned, private, reached by TLS only, and logs each access.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StorageConfig,
        protection: ProtectionConfig,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._protection = protection
        self._key = key
        self.logs = self._log_bucket()
        self.raw = self._data_bucket("raw")
        self.features = self._data_bucket("features")
        self.artifacts = self._data_bucket("artifacts")
        self.capture = self._data_bucket("capture", expiry_days=config.capture_retention_days)
        if may_destroy(protection):
            self._tidy_emptying_function()

    def _data_bucket(self, purpose: str, *, expiry_days: int | None = None) -> s3.IBucket:
        return s3.Bucket(
            self,
            purpose.capitalize(),
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,
            versioned=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix=f"s3/{purpose}/",
            lifecycle_rules=[self._lifecycle(expiry_days)],
            removal_policy=removal_policy(self._protection),
            auto_delete_objects=may_destroy(self._protection),
        )

    def _log_bucket(self) -> s3.IBucket:
        bucket = s3.Bucket(
            self,
            "Logs",
            # S3 cannot deliver access logs to a bucket that is encrypted with a customer-managed key by default.
            # Source: S3 user guide, "Enabling Amazon S3 server access logging".
            encryption=s3.BucketEncryption.S3_MANAGED,
            versioned=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            lifecycle_rules=[self._lifecycle(self._config.log_retention_days)],
            removal_policy=removal_policy(self._protection),
            auto_delete_objects=may_destroy(self._protection),
        )
        acknowledge(
            bucket,
            "AwsSolutions-S1",
            "This bucket holds the access logs of the others: logging its own would log each delivery without end",
        )
        return bucket

    def _tidy_emptying_function(self) -> None:
        """Takes a dependency off CDK's function that empties buckets, since the reference to its role implies it."""
        provider = Stack.of(self).node.find_child("Custom::S3AutoDeleteObjectsCustomResourceProvider")
        function = cast(CfnResource, provider.node.find_child("Handler"))
        function.add_deletion_override("DependsOn")

    def _lifecycle(self, expiry_days: int | None) -> s3.LifecycleRule:
        return s3.LifecycleRule(
            id="expire",
            expiration=None if expiry_days is None else Duration.days(expiry_days),
            noncurrent_version_expiration=Duration.days(self._config.noncurrent_version_days),
            abort_incomplete_multipart_upload_after=Duration.days(7),
        )
