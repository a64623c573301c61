"""Keys, buckets and the alarm topic of an environment."""

from __future__ import annotations

from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.storage.alarm_topic import AlarmTopic
from infra.storage.buckets import Buckets
from infra.storage.keys import Keys
from stacks.platform_stack import PlatformStack


class FoundationStack(PlatformStack):
    """What holds data and tells people.

    `keys` has one `kms.IKey` per data class: `data` (buckets raw, features, artifacts and capture, feature groups,
    repositories, volumes), `logs` (CloudWatch log groups) and `notifications` (topics and queues). `buckets` has
    `raw`, `features`, `artifacts`, `capture` and `logs` as `s3.IBucket`. `alarm_topic` is the `sns.ITopic` that every
    alarm acts on.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(
            scope,
            construct_id,
            config=config,
            part="foundation",
            description="KMS keys, buckets and the alarm topic",
        )
        self.keys = Keys(
            self,
            "Keys",
            environment=config.name,
            rotation_days=config.storage.kms_rotation_days,
            protection=config.protection,
        )
        self.buckets = Buckets(self, "Buckets", config=config.storage, protection=config.protection, key=self.keys.data)
        self.alarm_topic = AlarmTopic(self, "Alarms", config=config.notifications, key=self.keys.notifications).topic
