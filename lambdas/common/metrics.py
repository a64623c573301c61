"""The platform's own operational metrics, written to the log in CloudWatch's embedded metric format."""

from __future__ import annotations

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Sagestead/Operations"


def count(metric: str, *, model: str) -> None:
    """Add one to a metric under the dimension Model, the name of the model's package group or pipeline.

    Powertools adds a second dimension if `POWERTOOLS_SERVICE_NAME` is set: leave it unset.
    Source: Amazon CloudWatch user guide, "Specification: Embedded metric format".
    """
    with single_metric(name=metric, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as single:
        single.add_dimension(name="Model", value=model)
