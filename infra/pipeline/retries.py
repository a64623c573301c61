"""Retry policies of pipeline steps."""

from __future__ import annotations

from typing import Any

from infra.config.model import RetryConfig


def retry_policies(config: RetryConfig, *, job: bool) -> list[Any]:
    """Policies for service errors and throttling, and for a step that runs a job also for the job's own.

    Errors of our code are not retried: they would fail again.
    """
    from sagemaker.mlops.workflow.retry import (
        SageMakerJobExceptionTypeEnum,
        SageMakerJobStepRetryPolicy,
        StepExceptionTypeEnum,
        StepRetryPolicy,
    )

    timing = {
        "interval_seconds": config.interval_seconds,
        "backoff_rate": config.backoff_rate,
        "max_attempts": config.max_attempts,
    }
    policies: list[Any] = [StepRetryPolicy(exception_types=list(StepExceptionTypeEnum), **timing)]
    if job:
        failures = list(SageMakerJobExceptionTypeEnum)
        policies.append(SageMakerJobStepRetryPolicy(failure_reason_types=failures, **timing))
    return policies
