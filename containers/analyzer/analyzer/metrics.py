"""The CloudWatch metrics of a monitoring execution: those that Model Monitor publishes, and the platform's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from analyzer.columns import Column, Statistics
from analyzer.violations import Drift

FEATURE_NAMESPACE = "aws/sagemaker/Endpoints/data-metrics"
"""Source: developer guide, "CloudWatch metrics" of Model Monitor, for real-time endpoints."""
PLATFORM_NAMESPACE = "Sagestead/Monitoring"
BATCH = 500
"""PutMetricData takes at most 1,000 metrics and 1 MB; a metric of ours is some 500 bytes."""
_OLDEST, _NEWEST = timedelta(days=14), timedelta(hours=2)
"""PutMetricData refuses times outside of these."""

Metric = dict[str, Any]


def feature_metrics(
    statistics: Statistics, drifts: Sequence[Drift], *, endpoint: str, schedule: str, time: datetime
) -> list[Metric]:
    """What Model Monitor publishes of each feature: values of numbers, completeness, and drift from the baseline."""
    dimensions = [{"Name": "Endpoint", "Value": endpoint}, {"Name": "MonitoringSchedule", "Value": schedule}]
    age = datetime.now(UTC) - time
    # A replayed window that is too old for CloudWatch gets the time at which it is published.
    common: Metric = {"Dimensions": dimensions} | ({"Timestamp": time} if -_NEWEST < age < _OLDEST else {})
    metrics = [metric for column in statistics.columns for metric in _column(column)]
    metrics += [{"MetricName": f"feature_baseline_drift_{drift.feature}", "Value": drift.distance} for drift in drifts]
    return [metric | common for metric in metrics]


def platform_metrics(*, violations: int, records: int, rejected: int, model: str, monitor: str) -> list[Metric]:
    """The counts of an execution, for the alarms; without a time, since an alarm looks at the latest period."""
    dimensions = [{"Name": "Model", "Value": model}, {"Name": "Monitor", "Value": monitor}]
    values = {"Violations": violations, "Records": records, "RejectedRecords": rejected}
    return [
        {"MetricName": name, "Value": float(value), "Unit": "Count", "Dimensions": dimensions}
        for name, value in values.items()
    ]


def publish(cloudwatch: Any, namespace: str, metrics: Sequence[Metric]) -> None:
    """Send the metrics to CloudWatch."""
    for start in range(0, len(metrics), BATCH):
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=list(metrics[start : start + BATCH]))


def _column(column: Column) -> list[Metric]:
    metrics: list[Metric] = [{"MetricName": f"feature_non_null_{column.name}", "Value": column.completeness}]
    numbers = column.numbers
    if numbers is not None and column.num_present > 0:
        values = {
            "SampleCount": float(column.num_present),
            "Sum": numbers.sum,
            "Minimum": numbers.min,
            "Maximum": numbers.max,
        }
        metrics.append({"MetricName": f"feature_data_{column.name}", "StatisticValues": values})
    return metrics
