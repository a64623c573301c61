"""Runs a container's job and tells SageMaker why it failed."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from contract import log, paths

REASON_LIMIT_CHARACTERS = 1024
"""Source: FailureReason of DescribeTrainingJob and ExitMessage of DescribeProcessingJob hold at most 1,024."""


def main(job: Callable[[], None]) -> None:
    """Run `job`; if it raises, write the reason to where SageMaker reads it and exit with code 1.

    An `exit` of the job with a code other than 0 (argparse, `sys.exit("reason")`) is a failure too and keeps its code.
    """
    try:
        log.configure()
        job()
    except Exception as error:
        logging.getLogger(__name__).exception("job failed")
        write_reason(f"{type(error).__name__}: {error}")
        sys.exit(1)
    except SystemExit as leave:
        if leave.code not in (None, 0):
            write_reason(f"exit: {leave.code}")
        raise


def write_reason(reason: str) -> None:
    """Write `reason` (at most 1,024 characters are kept) to `output/message` or, when training, `output/failure`."""
    file = paths.output_message() if paths.is_processing_job() else paths.output_failure()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(reason[:REASON_LIMIT_CHARACTERS], encoding="utf-8")
