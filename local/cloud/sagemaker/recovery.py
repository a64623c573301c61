"""After a restart: what the last run of the cloud left unfinished."""

from __future__ import annotations

from local.cloud.sagemaker import jobs


def mark_interrupted() -> None:
    """Fail the jobs, and the pipeline executions, that were in progress when the cloud stopped."""
    jobs.interrupt_all()
