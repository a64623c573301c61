"""What CloudWatch measured of the endpoint over time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from local.report.facts import Series, VariantTraffic
from local.report.sources.reading import Cloud, moment

MAX_POINTS = 200
PERIODS_SECONDS = (5, 10, 30, 60, 300, 900, 3600, 21600, 86400)
WHOLE_SECONDS = 30 * 86400
"""A period that holds any rehearsal, for statistics of all of it."""
MICROSECONDS = 0.001
"""Milliseconds in a microsecond: SageMaker measures latency in microseconds."""
REQUESTS, INSTANCES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
# Field of VariantTraffic: namespace, metric, statistic, factor.
METRICS = {
    "invocations": (REQUESTS, "Invocations", "Sum", 1.0),
    "server_errors": (REQUESTS, "Invocation5XXErrors", "Sum", 1.0),
    "latency_p50_ms": (REQUESTS, "ModelLatency", "p50", MICROSECONDS),
    "latency_p99_ms": (REQUESTS, "ModelLatency", "p99", MICROSECONDS),
    "cpu_percent": (INSTANCES, "CPUUtilization", "Average", 1.0),
    "memory_percent": (INSTANCES, "MemoryUtilization", "Average", 1.0),
}


def period_of(start: datetime, end: datetime) -> int:
    """The shortest period, in seconds, that shows this span in at most MAX_POINTS points."""
    seconds = (end - start).total_seconds()
    return next((period for period in PERIODS_SECONDS if seconds / period <= MAX_POINTS), PERIODS_SECONDS[-1])


def read(
    cloud: Cloud, endpoint: str, variants: Iterable[str], start: datetime, end: datetime
) -> tuple[VariantTraffic, ...]:
    """The metrics of these variants from `start` to `end`; empty series where there are none."""
    cloudwatch = cloud("cloudwatch")
    return tuple(_variant(cloudwatch, endpoint, name, start, end) for name in variants)


def _variant(cloudwatch: Any, endpoint: str, name: str, start: datetime, end: datetime) -> VariantTraffic:
    period = period_of(start, end)
    span = {"StartTime": start, "EndTime": end + timedelta(seconds=period)}
    queries = [_query(key, endpoint, name, period) for key in METRICS]
    overall = [_query(key, endpoint, name, WHOLE_SECONDS) for key in ("latency_p50_ms", "latency_p99_ms")]
    found = _values(cloudwatch, queries, span)
    whole = _values(cloudwatch, overall, span)
    series = {key: Series(period, found.get(key, ())) for key in METRICS}
    return VariantTraffic(
        variant=name,
        **series,
        overall_p50_ms=_only(whole.get("latency_p50_ms", ())),
        overall_p99_ms=_only(whole.get("latency_p99_ms", ())),
    )


def _query(key: str, endpoint: str, variant: str, period: int) -> dict[str, Any]:
    namespace, metric, statistic, _ = METRICS[key]
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
    measured = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": key, "MetricStat": {"Metric": measured, "Period": period, "Stat": statistic}}


def _values(
    cloudwatch: Any, queries: list[dict[str, Any]], span: dict[str, datetime]
) -> dict[str, tuple[tuple[datetime, float], ...]]:
    collected: dict[str, dict[datetime, float]] = {}
    token: dict[str, str] = {}
    while True:
        answer = cloudwatch.get_metric_data(MetricDataQueries=queries, **span, **token)
        for result in answer["MetricDataResults"]:
            factor, points = METRICS[result["Id"]][3], collected.setdefault(result["Id"], {})
            for time, value in zip(result["Timestamps"], result["Values"], strict=True):
                at = moment(time)
                if at is not None:
                    points[at] = value * factor
        if not answer.get("NextToken"):
            return {key: tuple(sorted(points.items())) for key, points in collected.items()}
        token = {"NextToken": answer["NextToken"]}


def _only(points: tuple[tuple[datetime, float], ...]) -> float | None:
    """The value, if the span fell into one period: percentiles of two cannot be put together."""
    return points[0][1] if len(points) == 1 else None
