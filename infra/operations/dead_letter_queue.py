"""Where messages end that could not be handled."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.checks import acknowledge
from infra.iam import allow
from infra.monitoring.alarm import Alarm, Comparison, Trigger
from infra.monitoring.metric import Metric

ALARM_PERIOD_SECONDS = 60
RETENTION_DAYS = 14


class DeadLetterQueue(Construct):
    """An encrypted queue, by TLS only, that keeps messages for 14 days and raises an alarm as soon as it has one."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        purpose: str,
        key: kms.IKey,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(RETENTION_DAYS),
        )
        acknowledge(self.queue, "AwsSolutions-SQS3", "This queue is a dead-letter queue")
        Alarm(
            self,
            "NotEmpty",
            name=f"{name}-dead-letters",
            meaning=purpose,
            runbook="dead-letters",
            metrics=[visible_messages(self.queue).query(ALARM_PERIOD_SECONDS)],
            trigger=Trigger(Comparison.AT_LEAST, 1, periods=1),
            topic=alarm_topic,
        )

    def send_statements(self) -> list[iam.PolicyStatement]:
        """What a role needs to send messages here."""
        return [
            allow(["sqs:SendMessage"], self.queue.queue_arn),
            allow(["kms:Decrypt", "kms:GenerateDataKey"], self._key.key_arn),
        ]


def visible_messages(queue: sqs.IQueue) -> Metric:
    """The number of messages that wait in a queue."""
    return Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", {"QueueName": queue.queue_name})
