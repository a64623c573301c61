"""Rules over an environment, apart from its network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from infra.config.environment import ContainersConfig, FeatureStoreConfig, NotificationsConfig, ProtectionConfig
from infra.config.rules.finding import Finding, at
from infra.config.view import View

_TAG = re.compile(r"[\w .:/=+@-]*")
_CONTAINERS = ("trainer", "analyzer", "inference")


def check_protection(view: View) -> Iterator[Finding]:
    """Data cannot be both kept and destroyed."""
    protection = view.section(ProtectionConfig, "protection")
    if protection.retain_data and protection.allow_destroy:
        yield Finding(
            (at("protection", "allow_destroy"), at("protection", "retain_data")),
            "contradicts retain_data, which is true",
            "false, or retain_data: false",
        )


def check_feature_store(view: View) -> Iterator[Finding]:
    """A feature group has at least one store."""
    features = view.section(FeatureStoreConfig, "features")
    if not (features.online_store or features.offline_store):
        paths = (at("features", "offline_store"), at("features", "online_store"))
        yield Finding(paths, "a feature group needs a store, and both are off", "true for one of the two")


def check_images(view: View) -> Iterator[Finding]:
    """An image from the repository has a fixed tag, an image that CDK builds has none."""
    containers = view.section(ContainersConfig, "containers")
    for name in _CONTAINERS:
        container = getattr(containers, name)
        path = at("containers", name, "tag")
        if container.source == "asset" and container.tag is not None:
            yield Finding((path,), "source asset has no tag: CDK names the image by its content", "no tag")
        if container.source == "repository" and container.tag is None:
            yield Finding((path,), "source repository needs the tag of the image", "a tag, e.g. 1.4.0")
        if container.tag == "latest":
            yield Finding((path,), "the repository's tags are immutable, latest could never move", "a version")


def check_tags(view: View) -> Iterator[Finding]:
    """Tag keys and values are those that every AWS service takes."""
    for key, value in view.value(dict, "tags").items():
        yield from _check_tag(key, value)


def _check_tag(key: str, value: Any) -> Iterator[Finding]:
    path = at("tags", key)
    if key.lower().startswith("aws:"):
        yield Finding((path,), "tag keys that start with aws: belong to AWS", "a key without that prefix")
    elif not 1 <= len(key) <= 128:
        yield Finding((path,), f"the tag key has {len(key)} characters", "1 to 128 characters")
    elif not _TAG.fullmatch(key):
        yield Finding((path,), "the tag key has characters that not every service takes", _TAG_CHARACTERS)
    if len(value) > 256:
        yield Finding((path,), f"the tag value has {len(value)} characters", "at most 256 characters")
    elif not _TAG.fullmatch(value):
        yield Finding((path,), "the tag value has characters that not every service takes", _TAG_CHARACTERS)


_TAG_CHARACTERS = "letters, digits, spaces and _ . : / = + - @"


def check_emails(view: View) -> Iterator[Finding]:
    """Nobody is subscribed twice."""
    emails = view.section(NotificationsConfig, "notifications").emails
    for index, email in enumerate(emails):
        if email.lower() in (other.lower() for other in emails[:index]):
            yield Finding((at("notifications", "emails", index),), "duplicate address", "each address once")


RULES = (check_protection, check_feature_store, check_images, check_tags, check_emails)
