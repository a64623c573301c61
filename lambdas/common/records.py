"""Batches of SQS messages, each holding one EventBridge event, handled one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.common.errors import MalformedEventError, OperationError, RetryLaterError
from lambdas.common.events import PlatformEvent, parse_event, shorten


def handle_records(
    event: dict[str, Any], context: LambdaContext, *, logger: Logger, handle: Callable[[PlatformEvent], None]
) -> dict[str, Any]:
    """Pass the event of each message to `handle`; report the messages for which it raised, so that only they come back.

    Returns the partial batch response, `{"batchItemFailures": [{"itemIdentifier": <message id>}, ...]}`. It
    is also returned when all messages failed: to wait for a deployment is normal, and must not count as an
    error of the function. The event source mapping therefore has to say `ReportBatchItemFailures`; without
    it, a failed message would be deleted.

    Raises:
        MalformedEventError: the invocation is not an SQS batch.
    Source: AWS Lambda developer guide, "Implementing partial batch responses".
    """
    if not isinstance(event.get("Records"), list):
        raise MalformedEventError(f"expected a batch of SQS messages under Records, got {shorten(event)}")

    def handle_record(record: SQSRecord) -> None:
        with logger.append_context_keys(message_id=record.message_id, receive_count=receive_count(record)):
            try:
                platform_event = parse_event(record.body)
                logger.set_correlation_id(platform_event.id)
                handle(platform_event)
            except Exception as error:
                log_failure(logger, error)
                raise
            finally:
                logger.set_correlation_id(None)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(event=event, record_handler=handle_record, processor=processor, context=context)
    return dict(response)


def receive_count(record: SQSRecord) -> str:
    """Return how often the message was delivered, as SQS says it: near the queue's maximum, its end is the DLQ."""
    return str(record.raw_event.get("attributes", {}).get("ApproximateReceiveCount", "unknown"))


def log_failure(logger: Logger, error: Exception) -> None:
    """Log why a message failed: waiting as information, a known mistake as an error, the unknown with its traceback."""
    if isinstance(error, RetryLaterError):
        logger.info("waiting for a later delivery", reason=str(error))
    elif isinstance(error, OperationError):
        logger.error("the event cannot be handled", error_type=type(error).__name__, reason=str(error))
    else:
        logger.exception("the event failed unexpectedly")
