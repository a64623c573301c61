"""Retry policies."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from local.cloud.sagemaker.pipelines import retries

POLICY = {"ExceptionType": [retries.INTERNAL], "IntervalSeconds": 2, "BackoffRate": 3.0, "MaxAttempts": 2}


def test_the_pause_grows_by_the_backoff_rate_until_the_attempts_are_used_up() -> None:
    attempts = retries.Attempts([POLICY])
    assert [attempts.wait_seconds(retries.INTERNAL, 0) for _ in range(3)] == [2.0, 6.0, None]


def test_an_exception_that_no_policy_names_is_not_retried() -> None:
    attempts = retries.Attempts([POLICY])
    assert attempts.wait_seconds(retries.CAPACITY, 0) is None
    assert attempts.wait_seconds(None, 0) is None


def test_each_policy_counts_its_own_attempts() -> None:
    attempts = retries.Attempts([POLICY, {"ExceptionType": [retries.CAPACITY], "MaxAttempts": 1}])
    assert attempts.wait_seconds(retries.CAPACITY, 0) == 1.0
    assert attempts.wait_seconds(retries.INTERNAL, 0) == 2.0
    assert attempts.wait_seconds(retries.CAPACITY, 0) is None


def test_a_policy_may_expire_instead() -> None:
    attempts = retries.Attempts([{"ExceptionType": [retries.LIMIT], "ExpireAfterMin": 1}])
    assert attempts.wait_seconds(retries.LIMIT, 59) == 1.0
    assert attempts.wait_seconds(retries.LIMIT, 61) is None


def test_service_faults_and_throttling_are_retried_without_a_policy() -> None:
    assert retries.Attempts([]).wait_seconds(retries.SERVICE_FAULT, 0) == 1
    assert retries.Attempts([]).wait_seconds(retries.THROTTLING, 0) == 1


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("ThrottlingException", 400, retries.THROTTLING),
        ("ResourceLimitExceeded", 400, retries.LIMIT),
        ("InternalFailure", 500, retries.SERVICE_FAULT),
        ("NotImplementedException", 501, None),
        ("ValidationException", 400, None),
    ],
)
def test_api_errors_have_exception_types(code: str, status: int, expected: str | None) -> None:
    assert retries.of_api_error(code, status) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("InternalServerError: We encountered an internal error.", retries.INTERNAL),
        ("CapacityError: Unable to provision", retries.CAPACITY),
        ("AlgorithmError: , exit code: 1", None),
    ],
)
def test_failure_reasons_have_exception_types(reason: str, expected: str | None) -> None:
    assert retries.of_reason(reason) == expected


@pytest.mark.cloud
def test_a_step_is_tried_again_after_an_internal_error(pipes: Any) -> None:
    """The error is real: a file stands where the cloud wants its folder of transform jobs' folders."""
    folder = Path(pipes.lab.cloud.state) / "jobs" / "training-job"
    policy = {"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "IntervalSeconds": 1, "MaxAttempts": 2}
    step = {
        "Name": "Train",
        "Type": "Training",
        "RetryPolicies": [policy],
        "Arguments": {
            "AlgorithmSpecification": {"TrainingImage": pipes.lab.image, "TrainingInputMode": "File"},
            "RoleArn": pipes.lab.role,
            "OutputDataConfig": {"S3OutputPath": pipes.lab.uri("retried")},
            "ResourceConfig": pipes.lab.instance,
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        },
    }
    pipeline = pipes.create(step)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("in the way")
    try:
        arn = pipes.start(pipeline)
        deadline = time.monotonic() + 30
        while pipes.steps(arn).get("Train", {}).get("AttemptCount", 0) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        folder.unlink()
    found = pipes.ended(arn)
    assert found["PipelineExecutionStatus"] == "Succeeded"
    assert pipes.steps(arn)["Train"]["AttemptCount"] in (2, 3)
