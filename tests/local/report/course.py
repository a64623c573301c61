"""The course of a rehearsal: its steps and when they began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 14, 2, 7, tzinfo=UTC)
GROUP = "arn:aws:sagemaker:us-east-1:000000000000:model-package/sagestead-local-flight-delay"
EXECUTION = "arn:aws:sagemaker:us-east-1:000000000000:pipeline/sagestead-local-flight-delay/execution"
PERIOD = 5
STEPS = (
    ("Check the configuration", 0.4, "local: 1 model(s)"),
    ("Start the local cloud", 2.9, "http://127.0.0.1:4566"),
    ("cdk bootstrap", 6.2, ""),
    ("cdk deploy", 41.7, "9 stacks"),
    ("January and February land", 1.3, "5 files in s3://sagestead-local-foundation-raw/flight-delay/"),
    ("Train on January and February", 39.0, "package version 1 PendingManualApproval"),
    ("Approve the first package", 0.1, "1"),
    ("Deploy it", 9.8, "sagestead-local-flight-delay is InService"),
    ("Send March's flights", 17.4, "3000 requests, 172 a second, 0 errors"),
    ("Monitor March", 8.8, "3000 records, 0 rejected, no violation"),
    ("March to June land", 1.9, "9 files in s3://sagestead-local-foundation-raw/flight-delay/"),
    ("Send June's flights", 16.9, "3000 requests, 178 a second, 0 errors"),
    ("Monitor June", 8.5, "3000 records, 0 rejected, violations: temperature_fahrenheit (baseline_drift_check)"),
    ("Drift alarm starts a retraining", 44.6, "package version 2 PendingManualApproval"),
    ("Approve the second package", 0.1, "2"),
    ("Canary under traffic", 24.3, "sagestead-local-flight-delay/2 is live; 598 requests meanwhile, 0 errors"),
    ("Send June's flights again", 17.0, "3000 requests, 176 a second, 0 errors"),
    ("Monitor June again", 8.6, "3000 records, 0 rejected, no violation"),
)


def at(seconds: float) -> datetime:
    """A moment of the rehearsal."""
    return START + timedelta(seconds=seconds)


def begin(step: str) -> float:
    """When a step of the rehearsal began, in seconds from its start."""
    names = [name for name, _, _ in STEPS]
    return sum(seconds for _, seconds, _ in STEPS[: names.index(step)])
