"""The CloudFormation stack that serves a model, seen through its ModelPackageArn parameter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from lambdas.common.errors import RetryLaterError, SettingsError

PARAMETER = "ModelPackageArn"


@dataclass(frozen=True)
class ServingStack:
    """A serving stack's state: the package it serves ("" before the first) and the parameters to leave alone."""

    name: str
    status: str
    model_package_arn: str
    other_parameters: tuple[str, ...]

    @property
    def is_changing(self) -> bool:
        """Whether CloudFormation is at work on the stack, and would refuse an update."""
        return self.status.endswith("_IN_PROGRESS")


def read_serving_stack(cloudformation: Any, name: str) -> ServingStack:
    """Return the state of the stack of this name.

    Raises:
        SettingsError: the stack has no parameter ModelPackageArn, so it is not a serving stack.
    """
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    values = {item["ParameterKey"]: item.get("ParameterValue", "") for item in stack.get("Parameters", [])}
    if PARAMETER not in values:
        raise SettingsError(f"the stack {name} has no parameter {PARAMETER}, only {sorted(values)}")
    others = tuple(sorted(values.keys() - {PARAMETER}))
    return ServingStack(name, stack["StackStatus"], values[PARAMETER], others)


def update_serving_stack(
    cloudformation: Any, stack: ServingStack, model_package_arn: str, *, token: str, role_arn: str | None
) -> bool:
    """Start the deployment of a package, with the stack's template and all other parameters as they are.

    Returns False if there is nothing to do: the stack has it already, or this token's update was started before.

    Raises:
        RetryLaterError: another update began since the stack's state was read.
    """
    request: dict[str, Any] = {
        "StackName": stack.name,
        "UsePreviousTemplate": True,
        "Parameters": [
            {"ParameterKey": PARAMETER, "ParameterValue": model_package_arn},
            *({"ParameterKey": key, "UsePreviousValue": True} for key in stack.other_parameters),
        ],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        "ClientRequestToken": token,
    }
    if role_arn is not None:
        request["RoleARN"] = role_arn
    try:
        cloudformation.update_stack(**request)
    except ClientError as error:
        return explain_refusal(error, stack.name)
    return True


def explain_refusal(error: ClientError, stack_name: str) -> bool:
    """Turn the refusals that are no failures into False or into a retry; raise any other.

    CloudFormation has one error code, ValidationError, for all of them: its message is the only way to tell.
    """
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code in {"TokenAlreadyExistsException", "TokenAlreadyExists"} or "No updates are to be performed" in message:
        return False
    if code == "ValidationError" and "_IN_PROGRESS state" in message:
        raise RetryLaterError(f"the stack {stack_name} is being updated: {message}") from error
    raise error
