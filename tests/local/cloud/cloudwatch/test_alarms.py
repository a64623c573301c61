"""Alarm states by data, time and missing data."""

from __future__ import annotations

import pytest
from ministack.services import cloudwatch

from local.cloud.cloudwatch.alarms import next_state, why

NOW = 10_000.0


@pytest.fixture(autouse=True)
def _own_metrics(monkeypatch):
    monkeypatch.setattr(cloudwatch, "_metrics", {})


def put(name: str, *points: tuple[float, float], dimensions: dict[str, str] | None = None) -> None:
    key = ("N", name, cloudwatch._dims_key(dimensions or {"E": "mine"}))
    cloudwatch._metrics.setdefault(key, []).extend({"Timestamp": NOW - age, "Value": v} for age, v in points)


def alarm(**more):
    base = {
        "Namespace": "N",
        "MetricName": "errors",
        "Dimensions": [{"Name": "E", "Value": "mine"}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Threshold": 10.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "missing",
    }
    return {**base, **more}


def test_two_breaching_periods_of_three_raise_the_alarm():
    put("errors", (10, 12), (70, 1), (130, 15))
    assert next_state(alarm(), NOW) == "ALARM"


def test_one_breaching_period_of_three_does_not():
    put("errors", (10, 12), (70, 1), (130, 2))
    assert next_state(alarm(), NOW) == "OK"


def test_values_within_one_period_are_summed():
    put("errors", (1, 5), (2, 5), (61, 10), (130, 0))
    assert next_state(alarm(), NOW) == "ALARM"


def test_another_dimension_is_another_metric():
    put("errors", (10, 99), (70, 99), (130, 99), dimensions={"E": "other"})
    assert next_state(alarm(), NOW) == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("treatment", "state"),
    [("missing", "INSUFFICIENT_DATA"), ("notBreaching", "OK"), ("breaching", "ALARM"), ("ignore", None)],
)
def test_periods_without_data_are_treated_as_the_alarm_says(treatment, state):
    assert next_state(alarm(TreatMissingData=treatment), NOW) == state


def test_old_data_is_out_of_the_evaluation_periods():
    put("errors", (181, 99), (200, 99))
    assert next_state(alarm(), NOW) == "INSUFFICIENT_DATA"


def test_a_metric_math_alarm_looks_at_the_query_that_returns_data():
    put("errors", (5, 5))
    put("calls", (5, 50))
    metric = {"Namespace": "N", "Dimensions": [{"Name": "E", "Value": "mine"}]}
    queries = [
        {
            "Id": name,
            "MetricStat": {"Metric": {**metric, "MetricName": name}, "Period": 60, "Stat": "Sum"},
            "ReturnData": False,
        }
        for name in ("errors", "calls")
    ]
    rate = {"Id": "rate", "Expression": "100 * errors / calls", "ReturnData": True}
    math = alarm(Metrics=[*queries, rate], EvaluationPeriods=1, DatapointsToAlarm=1)
    assert next_state(math, NOW) == "ALARM"
    assert next_state({**math, "Threshold": 10.5}, NOW) == "OK"


def test_the_reason_tells_the_values_or_that_there_are_none():
    put("errors", (10, 12), (130, 1.5))
    assert why(alarm(), NOW) == "Threshold Crossed: [12, 1.5] against GreaterThanOrEqualToThreshold 10"
    assert "no datapoints were received for 3 period(s)" in why(alarm(MetricName="none"), NOW)
