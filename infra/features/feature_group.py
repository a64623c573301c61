"""A model's feature group."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra.config.environment import FeatureStoreConfig, ProtectionConfig
from infra.config.model import SchemaConfig
from infra.features.feature_group_role import FeatureGroupRole
from infra.iam import arn
from infra.naming import feature_group_name
from infra.storage.protection import removal_policy


class FeatureGroup(Construct):
    """The records that a model is trained on: online for lookups, offline in S3 with a Glue table for Athena.

    SageMaker creates the Glue table and chooses its name. The label is part of a record, so that training sets can be
    rebuilt from the offline store; it is a feature of the group, not of the model.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: FeatureStoreConfig,
        schema: SchemaConfig,
        environment: str,
        model: str,
        description: str,
        protection: ProtectionConfig,
        bucket: s3.IBucket,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self.feature_group_name = feature_group_name(environment, model)
        self.feature_group_arn = arn(self, "sagemaker", "feature-group", self.feature_group_name)
        role = FeatureGroupRole(self, "Role", bucket=bucket, prefix=model, key=key)
        group = sagemaker.CfnFeatureGroup(
            self,
            "FeatureGroup",
            feature_group_name=self.feature_group_name,
            description=description,
            record_identifier_feature_name=schema.record_identifier,
            event_time_feature_name=schema.event_time,
            feature_definitions=_definitions(schema),
            online_store_config=_online_store(key) if config.online_store else None,
            offline_store_config=_offline_store(bucket, model, key) if config.offline_store else None,
            role_arn=role.role_arn,
        )
        # SageMaker tries the role when it makes the group, so the role's policy must be there.
        group.node.add_dependency(role.policy)
        group.apply_removal_policy(removal_policy(protection))


def _definitions(schema: SchemaConfig) -> list[sagemaker.CfnFeatureGroup.FeatureDefinitionProperty]:
    # Event times are ISO-8601 text, which people can read in the offline store.
    types = {schema.record_identifier: "String", schema.event_time: "String", schema.label: "Integral"}
    types |= {feature.name: feature.type.capitalize() for feature in schema.features}
    return [
        sagemaker.CfnFeatureGroup.FeatureDefinitionProperty(feature_name=name, feature_type=feature_type)
        for name, feature_type in types.items()
    ]


def _online_store(key: kms.IKey) -> dict[str, Any]:
    return {"EnableOnlineStore": True, "SecurityConfig": {"KmsKeyId": key.key_arn}}


def _offline_store(bucket: s3.IBucket, prefix: str, key: kms.IKey) -> dict[str, Any]:
    return {
        "S3StorageConfig": {"S3Uri": bucket.s3_url_for_object(prefix), "KmsKeyId": key.key_arn},
        "DisableGlueTableCreation": False,
        "TableFormat": "Glue",
    }
