"""The KMS keys of an environment, one per data class."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config.environment import ProtectionConfig
from infra.naming import construct_id as id_of
from infra.naming import environment_name
from infra.storage.key import Key

_DESCRIPTIONS = {
    "data": "Data sets, features, models, images and captured requests",
    "logs": "CloudWatch log groups",
    "notifications": "Topics and queues",
}
# CloudWatch alarms and EventBridge rules publish to encrypted topics and queues.
_NOTIFIERS = ("cloudwatch.amazonaws.com", "events.amazonaws.com")


class Keys(Construct):
    """`data`, `logs` and `notifications`: separate, so that reading logs never means reading data."""

    data: kms.IKey
    logs: kms.IKey
    notifications: kms.IKey

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: str,
        rotation_days: int,
        protection: ProtectionConfig,
    ) -> None:
        super().__init__(scope, construct_id)
        keys = {
            data_class: Key(
                self,
                id_of(data_class),
                alias=f"alias/{environment_name(environment)}-{data_class}",
                description=description,
                rotation_days=rotation_days,
                protection=protection,
            )
            for data_class, description in _DESCRIPTIONS.items()
        }
        keys["logs"].allow_log_groups()
        for service in _NOTIFIERS:
            keys["notifications"].allow_service(service)
        self.data = keys["data"].key
        self.logs = keys["logs"].key
        self.notifications = keys["notifications"].key
