"""Metric alarms, evaluated on time and on data, with the events that CloudWatch sends."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ministack.services import cloudwatch

from local.cloud.cloudwatch import metric_math
from local.cloud.kernel import background, events, scope

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
Alarm = dict[str, Any]


def install(seconds: float = 1.0) -> None:
    """Replace the emulator's evaluation, which looks at neither dimensions nor time, and run it periodically."""
    cloudwatch._evaluate_alarm = evaluate
    cloudwatch._dispatch_alarm_actions = _with_event(cloudwatch._dispatch_alarm_actions)
    background.every(seconds, "alarms", evaluate_everywhere)


def evaluate_everywhere() -> None:
    """Evaluate every metric alarm of every account and region."""
    for account, region, name in list(cloudwatch._alarms._data):
        with scope.use(scope.Scope(account, region)):
            alarm = cloudwatch._alarms.get(name)
            if alarm:
                evaluate(alarm)


def evaluate(alarm: Alarm) -> None:
    """Move the alarm to the state that its last evaluation periods call for; actions and events follow a change."""
    now = time.time()
    state = next_state(alarm, now)
    old = alarm["StateValue"]
    if state in (None, old):
        return
    reason = why(alarm, now)
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    cloudwatch._record_history(alarm["AlarmName"], old, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def next_state(alarm: Alarm, now: float) -> str | None:
    """ALARM, OK, INSUFFICIENT_DATA, or None to stay.

    The periods end now rather than at full minutes, so that a rehearsal need not wait for the clock. Source of the
    rules: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
    """
    periods = int(alarm.get("EvaluationPeriods") or 1)
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    values = [value_at(alarm, now, index) for index in range(periods)]
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    present = [breaches(value, float(alarm["Threshold"])) for value in values if value is not None]
    missing, treat = values.count(None), alarm.get("TreatMissingData") or "missing"
    if not present:
        empty = {"breaching": "ALARM", "notBreaching": "OK", "ignore": None}
        return empty.get(treat, "INSUFFICIENT_DATA")
    count = sum(present) + (missing if treat == "breaching" else 0)
    if treat in ("missing", "ignore") and sum(present) < needed and all(present) and missing:
        return None
    return "ALARM" if count >= needed else "OK"


def why(alarm: Alarm, now: float) -> str:
    """The values that a change of state rests on, in CloudWatch's manner."""
    periods = int(alarm.get("EvaluationPeriods") or 1)
    values = [value for value in (value_at(alarm, now, index) for index in range(periods)) if value is not None]
    if not values:
        treatment = alarm.get("TreatMissingData") or "missing"
        return f"no datapoints were received for {periods} period(s), and missing data is treated as {treatment}"
    shown = ", ".join(f"{value:g}" for value in values)
    return f"Threshold Crossed: [{shown}] against {alarm['ComparisonOperator']} {alarm['Threshold']:g}"


def value_at(alarm: Alarm, now: float, index: int) -> float | None:
    """The alarm's value in the period that ends `index` periods ago."""
    queries = alarm.get("Metrics")
    if not queries:
        period, stat = int(alarm["Period"]), alarm.get("ExtendedStatistic") or alarm.get("Statistic")
        return _metric(alarm["Namespace"], alarm["MetricName"], alarm.get("Dimensions", []), period, stat, now, index)
    values: dict[str, float | None] = {}
    for query in (query for query in queries if "MetricStat" in query):
        stat = query["MetricStat"]
        metric, period = stat["Metric"], int(stat["Period"])
        dimensions = metric.get("Dimensions", [])
        values[query["Id"]] = _metric(
            metric["Namespace"], metric["MetricName"], dimensions, period, stat["Stat"], now, index
        )
    for query in (query for query in queries if "Expression" in query):
        values[query["Id"]] = metric_math.evaluate(query["Expression"], values)
    shown = [query["Id"] for query in queries if str(query.get("ReturnData", True)).lower() != "false"]
    return values[shown[0]]


def _metric(
    namespace: str, name: str, dimensions: list[dict[str, str]], period: int, stat: str | None, now: float, index: int
) -> float | None:
    key = cloudwatch._dims_key({dimension["Name"]: dimension["Value"] for dimension in dimensions})
    start, end = now - (index + 1) * period, now - index * period
    points = list(cloudwatch._metrics.get((namespace, name, key)) or [])
    recent = [
        point for point in points if start <= point["Timestamp"] < end or (index == 0 and point["Timestamp"] == end)
    ]
    if not recent:
        return None
    value = cloudwatch._stat_value(cloudwatch._calc_stats(recent), stat or "Average", recent)
    return None if value is None else float(value)


def _with_event(actions: Callable[..., None]) -> Callable[..., None]:
    def dispatch(alarm: Alarm, old: str, new: str, reason: str) -> None:
        actions(alarm, old, new, reason)
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
        detail = {
            "alarmName": alarm["AlarmName"],
            "state": {"value": new, "reason": reason, "timestamp": stamp},
            "previousState": {"value": old},
            "configuration": {"description": alarm.get("AlarmDescription", "")},
        }
        events.emit("aws.cloudwatch", "CloudWatch Alarm State Change", detail, [alarm["AlarmArn"]])

    return dispatch
