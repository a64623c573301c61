"""A version in the model registry, as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError


@dataclass(frozen=True)
class ModelPackage:
    """The part of a model package's description on which a promotion depends."""

    arn: str
    version: int
    approval_status: str
    status: str
    modified_at: datetime


def read_model_package(sagemaker: Any, arn: str) -> ModelPackage | None:
    """Return the model package's current state, None if it does not exist (any more).

    Source: Amazon SageMaker API reference, "DescribeModelPackage".
    """
    try:
        package = sagemaker.describe_model_package(ModelPackageName=arn)
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return ModelPackage(
        arn=package["ModelPackageArn"],
        version=package.get("ModelPackageVersion", 0),
        approval_status=package.get("ModelApprovalStatus", ""),
        status=package["ModelPackageStatus"],
        # LastModifiedTime is an optional part of the response: without it, nobody has changed the package.
        modified_at=package.get("LastModifiedTime", package["CreationTime"]),
    )


def is_missing(error: ClientError) -> bool:
    """Tell whether SageMaker says that a package does not exist: it has no error code of its own for that."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    return code in {"ResourceNotFound", "ResourceNotFoundException"} or (
        code == "ValidationException" and "does not exist" in message
    )
