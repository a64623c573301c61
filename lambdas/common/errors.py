"""The ways in which an event or its function can be wrong.

All of them fail the one SQS message they belong to: it comes back after the queue's visibility timeout and
ends in the dead-letter queue once it has been received too often. The type tells a reader of the logs whether
waiting can help.
"""

from __future__ import annotations


class OperationError(Exception):
    """An event could not be handled; the message says what is wrong and what would put it right."""


class MalformedEventError(OperationError):
    """The event does not have the documented shape; it never will, however often it is delivered."""


class SettingsError(OperationError):
    """The function's environment is incomplete or contradicts the event; deploying it again is the fix."""


class RetryLaterError(OperationError):
    """The world is not ready for the event yet; a later delivery of the same event is expected to succeed."""
