from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_kms as kms

from infra.config.environment import NotificationsConfig, ProtectionConfig
from infra.config.loader import load
from infra.storage.alarm_topic import AlarmTopic
from infra.storage.buckets import Buckets
from infra.storage.keys import Keys
from infra.storage.protection import may_destroy
from tests.infra.world import resources
from tests.support.synthesis import REPOSITORY, Template, template_of

DISPOSABLE = ProtectionConfig(retain_data=False, allow_destroy=True, termination_protection=False)
KEPT = ProtectionConfig(retain_data=True, allow_destroy=False, termination_protection=True)


@cache
def keys() -> Template:
    return template_of(lambda stack: Keys(stack, "Keys", environment="dev", rotation_days=90, protection=KEPT))


@cache
def buckets(protection: ProtectionConfig = KEPT) -> Template:
    def build(stack: Stack) -> None:
        config = load(REPOSITORY, "dev").environment.storage
        Buckets(stack, "Buckets", config=config, protection=protection, key=kms.Key(stack, "Key"))

    return template_of(build)


@cache
def topic(*emails: str) -> Template:
    def build(stack: Stack) -> None:
        AlarmTopic(stack, "Alarms", config=NotificationsConfig(emails=emails), key=kms.Key(stack, "Key"))

    return template_of(build)


def bucket(purpose: str) -> dict[str, Any]:
    (found,) = [
        each
        for name, each in buckets()["Resources"].items()
        if name.startswith(f"Buckets{purpose}") and each["Type"] == "AWS::S3::Bucket"
    ]
    return dict(found["Properties"])


@pytest.mark.parametrize("retain", [True, False])
@pytest.mark.parametrize("allow", [True, False])
def test_data_is_destroyed_only_if_both_switches_agree(retain: bool, allow: bool) -> None:
    protection = ProtectionConfig(retain_data=retain, allow_destroy=allow, termination_protection=False)

    assert may_destroy(protection) is (not retain and allow)


def test_every_key_rotates_and_has_an_alias() -> None:
    found = resources(keys(), "AWS::KMS::Key")

    assert [(key["EnableKeyRotation"], key["RotationPeriodInDays"]) for key in found] == [(True, 90)] * 3
    aliases = {alias["AliasName"] for alias in resources(keys(), "AWS::KMS::Alias")}
    assert aliases == {f"alias/sagestead-dev-{name}" for name in ("data", "logs", "notifications")}


def service_statements(key: str) -> list[dict[str, Any]]:
    (found,) = [each for each in resources(keys(), "AWS::KMS::Key") if each["Description"] == key]
    return [each for each in found["KeyPolicy"]["Statement"] if "Service" in each["Principal"]]


def test_no_service_may_use_the_data_key_by_itself() -> None:
    assert service_statements("Data sets, features, models, images and captured requests") == []


def test_the_log_key_is_for_this_accounts_log_groups_only() -> None:
    (statement,) = service_statements("CloudWatch log groups")

    assert statement["Principal"]["Service"] == "logs.us-east-1.amazonaws.com"
    context = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert context == "arn:aws:logs:us-east-1:111122223333:log-group:*"


def test_alarms_and_rules_of_this_account_may_use_the_notification_key() -> None:
    found = service_statements("Topics and queues")

    services = {service for each in found for service in _list(each["Principal"]["Service"])}
    assert services == {"cloudwatch.amazonaws.com", "events.amazonaws.com"}
    assert {each["Condition"]["StringEquals"]["aws:SourceAccount"] for each in found} == {"111122223333"}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("purpose", ["Raw", "Features", "Artifacts", "Capture"])
def test_a_data_bucket_is_encrypted_versioned_private_and_logged(purpose: str) -> None:
    properties = bucket(purpose)

    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["LoggingConfiguration"]["LogFilePrefix"] == f"s3/{purpose.lower()}/"


def test_access_logs_go_to_a_bucket_that_s3_can_deliver_to() -> None:
    (rule,) = bucket("Logs")["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize("purpose", ["Raw", "Features", "Artifacts", "Capture", "Logs"])
def test_old_versions_and_broken_uploads_do_not_stay(purpose: str) -> None:
    (rule,) = bucket(purpose)["LifecycleConfiguration"]["Rules"]

    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == 30
    assert rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 7
    assert ("ExpirationInDays" in rule) is (purpose in {"Capture", "Logs"})


def test_kept_buckets_are_retained_and_nothing_can_empty_them() -> None:
    template = buckets(KEPT)

    kinds = [each["Type"] for each in template["Resources"].values()]
    assert "Custom::S3AutoDeleteObjects" not in kinds
    assert {e["DeletionPolicy"] for e in template["Resources"].values() if e["Type"] == "AWS::S3::Bucket"} == {"Retain"}


def test_disposable_buckets_are_emptied_and_deleted_with_the_stack() -> None:
    found = buckets(DISPOSABLE)["Resources"].values()

    assert len([each for each in found if each["Type"] == "Custom::S3AutoDeleteObjects"]) == 5
    assert {each["DeletionPolicy"] for each in found if each["Type"] == "AWS::S3::Bucket"} == {"Delete"}


def test_the_alarm_topic_is_encrypted_and_takes_this_accounts_alarms_and_rules_by_tls_only() -> None:
    template = topic("a@example.com")
    (found,) = resources(template, "AWS::SNS::Topic")
    (policy,) = resources(template, "AWS::SNS::TopicPolicy")
    statements = {each["Effect"]: each for each in policy["PolicyDocument"]["Statement"]}

    assert "KmsMasterKeyId" in found
    assert statements["Deny"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statements["Allow"]["Principal"]["Service"] == ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
    assert statements["Allow"]["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_taking_an_address_away_leaves_the_other_subscriptions_as_they_are() -> None:
    def ids(template: Template) -> dict[str, str]:
        found = template["Resources"].items()
        return {e["Properties"]["Endpoint"]: n for n, e in found if e["Type"] == "AWS::SNS::Subscription"}

    both, one = ids(topic("a@example.com", "b@example.com")), ids(topic("b@example.com"))

    assert both["b@example.com"] == one["b@example.com"]
