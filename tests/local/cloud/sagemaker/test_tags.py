"""Tags of SageMaker resources."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def as_dict(answer: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in answer["Tags"]}


def test_tags_are_given_added_overwritten_and_removed(lab: Any) -> None:
    arn = lab.sagemaker.create_model_package_group(
        ModelPackageGroupName=lab.new("tagged"), Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    )["ModelPackageGroupArn"]
    added = lab.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "b", "Value": "3"}, {"Key": "c", "Value": "4"}])
    assert as_dict(added) == {"a": "1", "b": "3", "c": "4"}
    lab.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a", "unknown"])
    assert as_dict(lab.sagemaker.list_tags(ResourceArn=arn)) == {"b": "3", "c": "4"}
    lab.sagemaker.delete_model_package_group(ModelPackageGroupName=arn.rpartition("/")[2])
    assert as_dict(lab.sagemaker.list_tags(ResourceArn=arn)) == {}


def test_more_than_fifty_tags_are_refused(lab: Any) -> None:
    arn = lab.sagemaker.create_model_package_group(ModelPackageGroupName=lab.new("tagged"))["ModelPackageGroupArn"]
    lab.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": f"k{i}", "Value": "v"} for i in range(50)])
    with pytest.raises(ClientError, match="at most 50 tags, not 51"):
        lab.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "one-more", "Value": "v"}])
