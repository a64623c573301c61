"""`AWS::CloudWatch::Alarm` with metric math, which the emulator's own resource type refuses."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

Alarm = dict[str, Any]
_emulator_record = provisioners._cw_metric_alarm_record


def record(name: str, properties: dict[str, Any]) -> Alarm:
    """The alarm of a template, with its metric queries kept beside the emulator's fields."""
    queries = properties.get("Metrics")
    if not queries:
        return dict(_emulator_record(name, properties))
    plain = {k: v for k, v in properties.items() if k != "Metrics"}
    alarm = dict(_emulator_record(name, {**plain, "MetricName": "expression", "Namespace": "expression"}))
    for key in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions"):
        alarm.pop(key, None)
    return {**alarm, "Metrics": [_query(query) for query in queries]}


def _query(query: dict[str, Any]) -> dict[str, Any]:
    typed = {**query, "ReturnData": str(query.get("ReturnData", True)).lower() == "true"}
    if "MetricStat" in query:
        typed["MetricStat"] = {**query["MetricStat"], "Period": int(query["MetricStat"]["Period"])}
    return typed


def install() -> None:
    """Use `record` wherever the engine makes an alarm from a template."""
    provisioners._cw_metric_alarm_record = record
