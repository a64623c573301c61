"""The CloudWatch metrics of an execution."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from analyzer import metrics
from analyzer.violations import Drift

from .conftest import Profile


class Recorder:
    """Stands for a CloudWatch client."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def put_metric_data(self, **call: Any) -> None:
        self.calls.append(call)


def of_features(profile: Profile, time: datetime) -> list[dict[str, Any]]:
    profiled = profile(["seats", "carrier"], [["1", "UA"], ["3", ""]])
    drifts = [Drift("seats", 0.25, 0.1)]
    return metrics.feature_metrics(profiled, drifts, endpoint="e", schedule="s", time=time)


def test_feature_metrics_have_the_names_and_dimensions_of_model_monitor(profile: Profile) -> None:
    found = {metric["MetricName"]: metric for metric in of_features(profile, datetime.now(UTC))}
    assert found.keys() == {
        "feature_data_seats",
        "feature_non_null_seats",
        "feature_non_null_carrier",
        "feature_baseline_drift_seats",
    }
    assert found["feature_data_seats"]["StatisticValues"] == {
        "SampleCount": 2.0, "Sum": 4.0, "Minimum": 1.0, "Maximum": 3.0,
    }  # fmt: skip
    assert found["feature_non_null_carrier"]["Value"] == 0.5
    assert found["feature_baseline_drift_seats"]["Value"] == 0.25
    assert all(
        metric["Dimensions"] == [{"Name": "Endpoint", "Value": "e"}, {"Name": "MonitoringSchedule", "Value": "s"}]
        for metric in found.values()
    )


def test_feature_metrics_have_the_time_of_the_window_unless_cloudwatch_would_refuse_it(profile: Profile) -> None:
    recent, old = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) - timedelta(days=15)
    assert all(metric["Timestamp"] == recent for metric in of_features(profile, recent))
    assert all("Timestamp" not in metric for metric in of_features(profile, old))


def test_the_counts_are_metrics_of_the_model_and_monitor() -> None:
    found = metrics.platform_metrics(violations=2, records=10, rejected=1, model="m", monitor="data-quality")
    assert {metric["MetricName"]: metric["Value"] for metric in found} == {
        "Violations": 2.0,
        "Records": 10.0,
        "RejectedRecords": 1.0,
    }
    assert found[0]["Dimensions"] == [{"Name": "Model", "Value": "m"}, {"Name": "Monitor", "Value": "data-quality"}]


def test_many_metrics_are_sent_in_batches() -> None:
    recorder = Recorder()
    metrics.publish(recorder, "n", [{"MetricName": str(number)} for number in range(metrics.BATCH + 1)])
    assert [len(call["MetricData"]) for call in recorder.calls] == [metrics.BATCH, 1]
    assert recorder.calls[0]["Namespace"] == "n"


def test_no_metric_is_no_call() -> None:
    recorder = Recorder()
    metrics.publish(recorder, "n", [])
    assert recorder.calls == []
