"""Events of AWS services, which nobody may put from outside, handed to EventBridge from within."""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, datetime
from typing import Any

from ministack.services import eventbridge

from local.cloud.kernel import scope

log = logging.getLogger("local.cloud.events")


def emit(source: str, detail_type: str, detail: dict[str, Any], resources: list[str]) -> None:
    """Put one service event on the default bus: rules match and targets are invoked as for any event.

    `source` is `aws.sagemaker`, `aws.cloudwatch` and so on; `detail` must be JSON.
    """
    here = scope.current()
    record = {
        "EventId": str(uuid.uuid4()),
        "Source": source,
        "DetailType": detail_type,
        "Detail": json.dumps(detail, default=_json),
        "EventBusName": "default",
        "Time": datetime.now(UTC).timestamp(),
        "Resources": resources,
        "Account": here.account,
        "Region": here.region,
    }
    log.info("event %s: %s", detail_type, ", ".join(resources))
    eventbridge._dispatch_event(record)


def _json(value: Any) -> Any:
    """SageMaker's events give times as epoch milliseconds."""
    if isinstance(value, datetime):
        return int(value.timestamp() * 1000)
    raise TypeError(f"not JSON: {type(value).__name__}")
