"""The environment's CloudWatch alarms and how their states changed."""

from __future__ import annotations

import json
import re
from typing import Any

from infra import naming
from local.report.facts import Alarm, StateChange
from local.report.sources.reading import Cloud, Reader, moment, pages

_SUMMARY = re.compile(r"from (\w+) to (\w+)")


def read(cloud: Cloud, environment: str, reader: Reader) -> tuple[Alarm, ...]:
    """The environment's alarms (autoscaling's too, which carry the endpoint's name), by name."""
    cloudwatch = cloud("cloudwatch")
    ours = naming.environment_name(environment)
    listed = pages(cloudwatch, "describe_alarms", "MetricAlarms")
    found = [_alarm(cloudwatch, entry, reader) for entry in listed if ours in entry["AlarmName"]]
    return tuple(sorted(found, key=lambda alarm: alarm.name))


def _alarm(cloudwatch: Any, entry: dict[str, Any], reader: Reader) -> Alarm:
    name = entry["AlarmName"]
    return Alarm(
        name=name,
        state=entry.get("StateValue", "unknown"),
        description=entry.get("AlarmDescription", ""),
        since=moment(entry.get("StateUpdatedTimestamp")),
        reason=entry.get("StateReason", ""),
        history=reader.attempt(f"history of alarm {name}", lambda: _history(cloudwatch, name), ()),
    )


def _history(cloudwatch: Any, name: str) -> tuple[StateChange, ...]:
    items = pages(
        cloudwatch,
        "describe_alarm_history",
        "AlarmHistoryItems",
        AlarmName=name,
        HistoryItemType="StateUpdate",
    )
    # Newest first: turned round, entries of the same second stay in their order when sorted.
    changes = [change for item in reversed(items) if (change := _change(item)) is not None]
    return tuple(sorted(changes, key=lambda change: change.time))


def _change(item: dict[str, Any]) -> StateChange | None:
    time, summary = moment(item.get("Timestamp")), _SUMMARY.search(item.get("HistorySummary", ""))
    if time is None or summary is None:
        return None
    return StateChange(time, summary[1], summary[2], _reason(item.get("HistoryData", "")))


def _reason(data: str) -> str:
    try:
        return str(json.loads(data)["newState"].get("stateReason", ""))
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
