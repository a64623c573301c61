"""Endpoint metrics: gathered in memory, sent to CloudWatch in batches of values with counts."""

from __future__ import annotations

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from local.cloud.kernel import clients, scope

log = logging.getLogger("local.cloud.sagemaker.metrics")
NAMESPACE = "AWS/SageMaker"
INSTANCE_NAMESPACE = "/aws/sagemaker/Endpoints"
DATUM_VALUES = 150
REQUEST_DATA = 500
"""PutMetricData takes 150 distinct values a datum and 1,000 data a request. Source: CloudWatch API reference."""

Dimensions = tuple[tuple[str, str], ...]
Key = tuple[str, str, str, Dimensions]
_lock = threading.Lock()
_values: dict[scope.Scope, dict[Key, Counter[float]]] = {}


def invocation(
    endpoint: str,
    variant: str,
    config: str,
    *,
    status: int | None,
    instances: int,
    model_seconds: float,
    overhead_seconds: float,
) -> None:
    """Count one invocation; `status` is None where no HTTP answer came.

    Each request sends 0 or 1 for every kind of error, so that averages are rates; without requests nothing is sent.
    Source: SageMaker developer guide, "Amazon SageMaker AI metrics in Amazon CloudWatch" and "Auto-Rollback
    Configuration and Monitoring" (for the dimension EndpointConfigName).
    """
    code = 500 if status is None else status
    values = (
        ("Invocations", "None", 1.0),
        ("InvocationsPerInstance", "None", 1.0 / max(1, instances)),
        ("Invocation4XXErrors", "None", float(400 <= code < 500)),
        ("Invocation5XXErrors", "None", float(code >= 500)),
        ("InvocationModelErrors", "None", float(not 200 <= code < 300)),
        ("ModelLatency", "Microseconds", _three_digits(model_seconds * 1e6)),
        ("OverheadLatency", "Microseconds", _three_digits(overhead_seconds * 1e6)),
    )
    live: Dimensions = (("EndpointName", endpoint), ("VariantName", variant))
    with _lock:
        for dimensions in (live, (*live, ("EndpointConfigName", config))):
            for name, unit, value in values:
                _add(NAMESPACE, name, unit, dimensions, value)


def utilization(endpoint: str, variant: str, cpu_percent: float, memory_percent: float) -> None:
    """Record what one instance uses: CPU in percent of one core, memory in percent of the machine's."""
    dimensions = (("EndpointName", endpoint), ("VariantName", variant))
    with _lock:
        _add(INSTANCE_NAMESPACE, "CPUUtilization", "Percent", dimensions, round(cpu_percent, 1))
        _add(INSTANCE_NAMESPACE, "MemoryUtilization", "Percent", dimensions, round(memory_percent, 2))


def _add(namespace: str, name: str, unit: str, dimensions: Dimensions, value: float) -> None:
    here = _values.setdefault(scope.current(), defaultdict(Counter))
    here[(namespace, name, unit, dimensions)][value] += 1


def _three_digits(value: float) -> float:
    """Few distinct values keep the batches small; percentiles stay true to half a percent."""
    return float(f"{value:.3g}")


def flush() -> None:
    """Send what was gathered in the current account and region."""
    with _lock:
        gathered = _values.pop(scope.current(), {})
    for namespace in {key[0] for key in gathered}:
        data = [datum for key, counts in gathered.items() if key[0] == namespace for datum in _data(key, counts)]
        for start in range(0, len(data), REQUEST_DATA):
            batch = data[start : start + REQUEST_DATA]
            clients.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=batch)


def _data(key: Key, counts: Counter[float]) -> Iterator[dict[str, Any]]:
    _, name, unit, dimensions = key
    items = list(counts.items())
    for start in range(0, len(items), DATUM_VALUES):
        part = items[start : start + DATUM_VALUES]
        yield {
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions],
            "Unit": unit,
            "Values": [value for value, _ in part],
            "Counts": [float(count) for _, count in part],
        }


def flush_everywhere() -> None:
    """Send what was gathered in every account and region."""
    for here in list(_values):
        with scope.use(here):
            flush()
