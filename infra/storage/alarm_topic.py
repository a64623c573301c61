"""The topic that every alarm acts on."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config.environment import NotificationsConfig
from infra.place import place_of

_PUBLISHERS = ("cloudwatch.amazonaws.com", "events.amazonaws.com")


class AlarmTopic(Construct):
    """An encrypted topic that takes messages of this account's alarms and rules, by TLS only, and mails them."""

    def __init__(self, scope: Construct, construct_id: str, *, config: NotificationsConfig, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(service) for service in _PUBLISHERS],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": place_of(self).account}},
            )
        )
        for email in config.emails:
            # The address is the id: a list position would resubscribe everyone behind a removed address.
            sns.Subscription(
                self,
                email,
                topic=self.topic,
                protocol=sns.SubscriptionProtocol.EMAIL,
                endpoint=email,
            )
