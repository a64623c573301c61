"""The ECR repositories of an environment, one per container."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config.environment import ContainersConfig, ProtectionConfig
from infra.naming import construct_id as id_of
from infra.naming import repository_name
from infra.storage.protection import may_destroy, removal_policy

CONTAINERS = ("trainer", "analyzer", "inference")


class Repositories(Construct):
    """Encrypted repositories whose tags never move and whose images are scanned when they arrive."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ContainersConfig,
        environment: str,
        protection: ProtectionConfig,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._repositories = {
            container: ecr.Repository(
                self,
                id_of(container),
                repository_name=repository_name(environment, container),
                encryption=ecr.RepositoryEncryption.KMS,
                encryption_key=key,
                image_scan_on_push=True,
                image_tag_mutability=ecr.TagMutability.IMMUTABLE,
                lifecycle_rules=_lifecycle(config),
                removal_policy=removal_policy(protection),
                empty_on_delete=may_destroy(protection),
            )
            for container in CONTAINERS
        }

    def repository(self, container: str) -> ecr.IRepository:
        """The repository of `container`: trainer, analyzer or inference."""
        return self._repositories[container]


def _lifecycle(config: ContainersConfig) -> list[ecr.LifecycleRule]:
    return [
        ecr.LifecycleRule(
            description="Untagged images expire",
            rule_priority=1,
            tag_status=ecr.TagStatus.UNTAGGED,
            max_image_age=Duration.days(config.untagged_expiry_days),
        ),
        ecr.LifecycleRule(
            description="Only the newest images are kept",
            rule_priority=2,
            tag_status=ecr.TagStatus.ANY,
            max_image_count=config.keep_images,
        ),
    ]
