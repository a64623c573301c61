"""The entry point of promote_model: an approved model package becomes the one its serving stack serves."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.common.clients import client
from lambdas.common.errors import RetryLaterError
from lambdas.common.events import PlatformEvent
from lambdas.common.metrics import count
from lambdas.common.records import handle_records
from lambdas.promote_model.logic import Approval, Ignored, check_candidate, read_approval
from lambdas.promote_model.model_package import read_model_package
from lambdas.promote_model.serving_stack import read_serving_stack, update_serving_stack
from lambdas.promote_model.settings import PromoteModelSettings

logger = Logger(service="promote_model")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle a batch of SQS messages that hold "SageMaker Model Package State Change" events."""
    settings = PromoteModelSettings.from_environment(os.environ)
    return handle_records(event, context, logger=logger, handle=lambda record: handle_event(record, settings))


def handle_event(event: PlatformEvent, settings: PromoteModelSettings) -> None:
    """Deploy the package that the event approves, or log why not.

    Raises:
        MalformedEventError: the event does not have the documented shape.
        SettingsError: no serving stack is known for the package's group.
        RetryLaterError: the stack is being updated, or the package is not complete.
    """
    approval = read_approval(event)
    group, package_arn = event.detail["ModelPackageGroupName"], event.detail["ModelPackageArn"]
    ignored = approval if isinstance(approval, Ignored) else promote(approval, settings)
    if ignored is None:
        logger.info("promotion started", model_package_arn=package_arn, stack=settings.stack_of(group))
        count("PromotionsStarted", model=group)
    else:
        logger.info("promotion ignored", model_package_arn=package_arn, reason=ignored.reason)
        count("PromotionsIgnored", model=group)


def promote(approval: Approval, settings: PromoteModelSettings) -> Ignored | None:
    """Start the deployment of an approved package; return why it was not started, None if it was.

    An update that fails is CloudFormation's to roll back, and is not tried again: the alarms that stopped it
    would stop it once more.
    """
    sagemaker, cloudformation = client("sagemaker"), client("cloudformation")
    stack = read_serving_stack(cloudformation, settings.stack_of(approval.group))
    if stack.model_package_arn == approval.package_arn:
        return Ignored(f"the stack {stack.name} serves it already")
    candidate = read_model_package(sagemaker, approval.package_arn)
    live = read_model_package(sagemaker, stack.model_package_arn) if stack.model_package_arn else None
    ignored = check_candidate(approval, candidate, live)
    if ignored is not None:
        return ignored
    if stack.is_changing:
        raise RetryLaterError(f"the stack {stack.name} is {stack.status}")
    started = update_serving_stack(
        cloudformation,
        stack,
        approval.package_arn,
        token=approval.token,
        role_arn=settings.cloudformation_role_arn,
    )
    return None if started else Ignored(f"the stack {stack.name} has no update to perform for it")
