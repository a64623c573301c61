"""The CloudWatch dashboard of one model."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.config.model import ModelConfig
from infra.monitoring.drift_metrics import DriftMetrics
from infra.place import place_of
from infra.serving.metrics import MICROSECONDS_PER_MILLISECOND, EndpointMetrics

_HEIGHT = 6
_HALF = 12
_FULL = 24
_PERIOD_SECONDS = 300

Row = list[object]


class ModelDashboard(Construct):
    """Traffic, errors, latency, use of the instances, and drift of each feature, with the alarms' thresholds."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        model: ModelConfig,
        endpoint: EndpointMetrics,
        drift: DriftMetrics,
    ) -> None:
        super().__init__(scope, construct_id)
        self._region = place_of(self).region
        rows = [*self._endpoint(model, endpoint), *self._monitor(model, drift)]
        cloudwatch.CfnDashboard(
            self, "Dashboard", dashboard_name=name, dashboard_body=json.dumps({"widgets": _laid_out(rows)})
        )

    def _endpoint(self, model: ModelConfig, metrics: EndpointMetrics) -> list[dict[str, object]]:
        alarms = model.serving.alarms
        latency = [
            metrics.model_latency("p50").row(label="model p50"),
            metrics.model_latency("p99").row(label="model p99"),
            metrics.overhead_latency("p99").row(label="overhead p99"),
        ]
        return [
            self._chart("Requests", [metrics.invocations.row(label="requests")]),
            self._chart("Errors", [metrics.server_errors.row(label="5xx"), metrics.client_errors.row(label="4xx")]),
            self._chart(
                "Latency in microseconds",
                latency,
                threshold=alarms.latency_p99_milliseconds * MICROSECONDS_PER_MILLISECOND,
            ),
            self._chart(
                "Instances in percent (processor: of one core)",
                [metrics.cpu().row(label="processor"), metrics.memory().row(label="memory")],
            ),
        ]

    def _monitor(self, model: ModelConfig, metrics: DriftMetrics) -> list[dict[str, object]]:
        threshold = model.monitoring.data_quality.comparison_threshold
        drift = [metrics.drift(feature.name).row(label=feature.name) for feature in model.schema_.features]
        records = [
            metrics.records.row(label="records"),
            metrics.rejected_records.row(label="rejected"),
        ]
        return [
            self._chart("Drift from the baseline by feature", drift, width=_FULL, threshold=threshold),
            self._chart("Violated constraints", [metrics.violations.row(label="violations")]),
            self._chart("Records seen by the monitor", records),
        ]

    def _chart(
        self, title: str, metrics: Sequence[Row], *, width: int = _HALF, threshold: float | None = None
    ) -> dict[str, object]:
        properties: dict[str, object] = {
            "title": title,
            "region": self._region,
            "view": "timeSeries",
            "period": _PERIOD_SECONDS,
            "metrics": list(metrics),
            "yAxis": {"left": {"min": 0}},
        }
        if threshold is not None:
            properties["annotations"] = {"horizontal": [{"label": "alarm", "value": threshold}]}
        return {"type": "metric", "width": width, "height": _HEIGHT, "properties": properties}


def _laid_out(widgets: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """The widgets with places: from left to right, then the next line."""
    placed, x, y = [], 0, 0
    for widget in widgets:
        width = int(str(widget["width"]))
        if x + width > _FULL:
            x, y = 0, y + _HEIGHT
        placed.append({**widget, "x": x, "y": y})
        x += width
    return placed
