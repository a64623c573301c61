"""Retry policies of a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SERVICE_FAULT, THROTTLING = "Step.SERVICE_FAULT", "Step.THROTTLING"
INTERNAL, CAPACITY, LIMIT = "SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"
EXCEPTION_TYPES = {SERVICE_FAULT, THROTTLING, INTERNAL, CAPACITY, LIMIT}
DEFAULTS = {"IntervalSeconds": 1, "BackoffRate": 2.0, "MaxAttempts": 5}
"""Source: "Retry Policy for Pipeline Steps", JSON schema."""
_AUTOMATIC = {"ExceptionType": [SERVICE_FAULT, THROTTLING], "MaxAttempts": 3}
"""SageMaker retries these two without a policy; how often is not documented."""
_API_CODES = {
    "ThrottlingException": THROTTLING,
    "Throttling": THROTTLING,
    "TooManyRequestsException": THROTTLING,
    "ResourceLimitExceeded": LIMIT,
}
_REASONS = {"InternalServerError": INTERNAL, "CapacityError": CAPACITY, "ResourceLimitExceeded": LIMIT}


def check(policies: Any) -> list[str]:
    """What is wrong with a step's `RetryPolicies`."""
    problems = []
    for policy in policies or []:
        unknown = [name for name in policy.get("ExceptionType", []) if name not in EXCEPTION_TYPES]
        if unknown or not policy.get("ExceptionType"):
            problems.append(f"unknown ExceptionType {unknown} in RetryPolicies (known: {sorted(EXCEPTION_TYPES)})")
    return problems


def of_api_error(code: str, status: int) -> str | None:
    """The exception type of an API's error."""
    return _API_CODES.get(code) or (SERVICE_FAULT if status >= 500 and status != 501 else None)


def of_reason(reason: str) -> str | None:
    """The exception type of a job's FailureReason."""
    return _REASONS.get(reason.partition(":")[0])


class Attempts:
    """Counts the attempts of one step and says whether, and after how long, there is another."""

    def __init__(self, policies: list[Mapping[str, Any]]) -> None:
        self._policies = [*policies, _AUTOMATIC]
        self._used: dict[int, int] = {}

    def wait_seconds(self, exception_type: str | None, elapsed_seconds: float) -> float | None:
        """Seconds until the next attempt, or None if there is none; `elapsed_seconds` since the first."""
        for index, policy in enumerate(self._policies):
            if exception_type not in policy["ExceptionType"]:
                continue
            used = self._used.get(index, 0)
            minutes = policy.get("ExpireAfterMin")
            if minutes is not None:
                over = elapsed_seconds > minutes * 60
            else:
                over = used >= policy.get("MaxAttempts", DEFAULTS["MaxAttempts"])
            if over:
                return None
            self._used[index] = used + 1
            rate = float(policy.get("BackoffRate", DEFAULTS["BackoffRate"]))
            return float(policy.get("IntervalSeconds", DEFAULTS["IntervalSeconds"])) * rate**used
        return None
