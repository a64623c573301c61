"""The role under which the feature store writes a group's offline records."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.checks import acknowledge, acknowledge_objects
from infra.iam import arn, arn_prefix
from infra.place import place_of

# Names that SageMaker gives: one database for all groups, a table per group with the creation time in its name.
_GLUE_DATABASE = "sagemaker_featurestore"


class FeatureGroupRole(Construct):
    """May write below one prefix of the bucket, use the key, and keep the group's Glue table."""

    def __init__(self, scope: Construct, construct_id: str, *, bucket: s3.IBucket, prefix: str, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._objects = bucket.arn_for_objects(f"{prefix}/*")
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "sagemaker.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": place_of(self).account}},
            ),
        )
        self.role_arn = role.role_arn
        self.policy = iam.Policy(self, "Policy", roles=[role], statements=self._statements(bucket, key))
        acknowledge_objects(
            self.policy,
            bucket,
            f"{prefix}/*",
            "The feature store names the objects below the group's prefix itself",
        )
        acknowledge(
            self.policy,
            f"AwsSolutions-IAM5[Resource::{arn(self, 'glue', 'table', f'{_GLUE_DATABASE}/*')}]",
            "The feature store names the table itself, with its creation time",
        )

    def _statements(self, bucket: s3.IBucket, key: kms.IKey) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(actions=["s3:GetBucketAcl", "s3:GetBucketLocation"], resources=[bucket.bucket_arn]),
            iam.PolicyStatement(actions=["s3:PutObject", "s3:PutObjectAcl"], resources=[self._objects]),
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
            iam.PolicyStatement(
                actions=["glue:GetTable", "glue:UpdateTable"],
                resources=[
                    f"{arn_prefix(self, 'glue')}:catalog",
                    arn(self, "glue", "database", _GLUE_DATABASE),
                    arn(self, "glue", "table", f"{_GLUE_DATABASE}/*"),
                ],
            ),
        ]
