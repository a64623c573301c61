"""The emulator's buckets with what it leaves out of a template: their tags.

The CDK's function that empties a bucket before it is deleted reads them, and does nothing where they are missing.
"""

from __future__ import annotations

from typing import Any

from ministack.services import s3
from ministack.services.cloudformation import provisioners

from local.cloud.cloudformation.resource_type import Properties, Result


def create(logical_id: str, properties: Properties, stack: str) -> Result:
    """Create the bucket with its tags."""
    name, attributes = provisioners._s3_create(logical_id, properties, stack)
    _tag(name, properties)
    return name, attributes


def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Result:
    """Update the bucket and its tags."""
    name, attributes = provisioners._s3_update(physical_id, old, new, stack)
    _tag(name, new)
    return name, attributes


def _tag(name: str, properties: Properties) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    if tags:
        s3._bucket_tags[name] = tags
    else:
        s3._bucket_tags.pop(name, None)


HANDLERS: dict[str, dict[str, Any]] = {
    "AWS::S3::Bucket": {**provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"], "create": create, "update": update},
}
REPLACING: dict[str, tuple[str, ...]] = {}
