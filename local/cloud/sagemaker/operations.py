"""Jobs, pipelines and the registry: importing this declares their operations."""

from __future__ import annotations

from local.cloud.sagemaker import jobs, model_groups, processing, registry, tags, training, transform
from local.cloud.sagemaker.pipelines import catalog, executions, records

MODULES = (catalog, executions, model_groups, processing, registry, tags, training, transform)


def recover() -> None:
    """After a restart: jobs and executions that were in progress when the cloud stopped have failed."""
    jobs.interrupt_all()
    records.interrupt_all()
