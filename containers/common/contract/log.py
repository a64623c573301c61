"""Logging of the containers: one JSON object a line on standard output, which SageMaker sends to CloudWatch Logs."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any

LEVEL_VARIABLE = "LOG_LEVEL"
_JOB_VARIABLES = ("TRAINING_JOB_NAME", "PROCESSING_JOB_NAME")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON; what is passed as `extra` becomes further keys."""

    def format(self, record: logging.LogRecord) -> str:
        document: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        job = next((os.environ[name] for name in _JOB_VARIABLES if name in os.environ), None)
        if job is not None:
            document["job"] = job
        document |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps(document, default=str)


def configure() -> None:
    """Send every logger's records of at least `LOG_LEVEL` (default INFO) to standard output as JSON lines.

    Raises: ValueError if `LOG_LEVEL` is not the name of a level.
    """
    level = os.environ.get(LEVEL_VARIABLE, "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        allowed = ", ".join(logging.getLevelNamesMapping())
        raise ValueError(f"{LEVEL_VARIABLE}={level!r} is not a log level; allowed: {allowed}")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("botocore", "boto3", "urllib3", "s3transfer"):
        logging.getLogger(noisy).setLevel(max(logging.getLogger().level, logging.INFO))
