"""The entry point of retrain: a drift alarm starts the training pipeline of its model."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.common.clients import client
from lambdas.common.events import PlatformEvent
from lambdas.common.metrics import count
from lambdas.common.records import handle_records
from lambdas.retrain.logic import check_executions, read_alarm_change
from lambdas.retrain.pipeline import read_executions, start_execution
from lambdas.retrain.settings import RetrainSettings

logger = Logger(service="retrain")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle a batch of SQS messages that hold "CloudWatch Alarm State Change" events."""
    settings = RetrainSettings.from_environment(os.environ)
    return handle_records(event, context, logger=logger, handle=lambda record: handle_event(record, settings))


def handle_event(event: PlatformEvent, settings: RetrainSettings) -> None:
    """Start the pipeline of the alarm that went off, or log why not.

    Raises:
        MalformedEventError: the event does not have the documented shape.
        SettingsError: no pipeline is known for the alarm.
    """
    change = read_alarm_change(event)
    target = settings.target_of(change.name)
    sagemaker = client("sagemaker")
    executions = read_executions(sagemaker, target.pipeline)
    skipped = check_executions(change, executions, cooldown=target.cooldown)
    if skipped is None:
        arn = start_execution(sagemaker, target.pipeline, change)
        logger.info("retraining started", alarm=change.name, pipeline=target.pipeline, execution_arn=arn)
        count("RetrainsStarted", model=target.pipeline)
    else:
        logger.info("retraining skipped", alarm=change.name, pipeline=target.pipeline, reason=skipped)
        count("RetrainsSkipped", model=target.pipeline)
