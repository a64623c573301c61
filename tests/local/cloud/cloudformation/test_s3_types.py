"""Buckets of a template have the template's tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloud.cloudformation.conftest import Stack, new

pytestmark = pytest.mark.cloud


def test_the_tags_of_a_bucket_come_change_and_go(local_cloud: Any, stacks: Callable[[], Stack]) -> None:
    s3, stack, name = local_cloud.client("s3", s3={"addressing_style": "path"}), stacks(), new("bucket")

    def bucket(**tags: str) -> dict[str, Any]:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name, "Tags": listed}}}

    def tags() -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}

    assert stack.create(bucket(team="flights", kept="yes")) == "CREATE_COMPLETE", stack.reasons()
    assert tags() == {"team": "flights", "kept": "yes"}
    assert stack.update(bucket(team="weather", kept="yes")) == "UPDATE_COMPLETE", stack.reasons()
    assert tags() == {"team": "weather", "kept": "yes"}
    assert stack.update(bucket()) == "UPDATE_COMPLETE", stack.reasons()
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        tags()
