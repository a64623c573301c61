"""A queue that takes the events of one rule, and keeps those that cannot be handled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.operations.dead_letter_queue import DeadLetterQueue
from infra.place import place_of


class WorkerQueue(Construct):
    """EventBridge rule and encrypted queue, by TLS only: only this rule may send to it.

    A message that was received `attempts` times without success goes to the dead-letter queue, which has an alarm.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        pattern: Mapping[str, Any],
        visibility_timeout: Duration,
        attempts: int,
        key: kms.IKey,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        dead_letters = DeadLetterQueue(
            self,
            "DeadLetters",
            name=name,
            purpose=f"Events that {name} could not handle in {attempts} attempts",
            key=key,
            alarm_topic=alarm_topic,
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            visibility_timeout=visibility_timeout,
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters.queue, max_receive_count=attempts),
        )
        rule = events.CfnRule(
            self,
            "Rule",
            description=f"Events for {name}",
            event_pattern=dict(pattern),
            targets=[events.CfnRule.TargetProperty(id="Queue", arn=self.queue.queue_arn)],
        )
        self._let_in(rule)

    def _let_in(self, rule: events.CfnRule) -> None:
        # The key's own policy, in the foundation, lets EventBridge use it for this account.
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={
                    "ArnEquals": {"aws:SourceArn": rule.attr_arn},
                    "StringEquals": {"aws:SourceAccount": place_of(self).account},
                },
            )
        )
