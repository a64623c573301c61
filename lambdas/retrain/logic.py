"""Which alarms start a training pipeline, and with what.

An alarm starts its pipeline unless an execution is under way, or one began within the cooldown before the
alarm or at any time after it. The alarm's own time is the measure, not the clock: a late, repeated or
redriven event finds the execution that has answered it already, and is decided the same way whenever it is delivered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lambdas.common.errors import MalformedEventError
from lambdas.common.events import PlatformEvent, require_kind, require_text, require_time, shorten

RUNNING = frozenset({"Executing", "Stopping"})
DESCRIPTION_LIMIT = 3072


@dataclass(frozen=True)
class AlarmChange:
    """An alarm's change into a state."""

    name: str
    arn: str
    state: str
    reason: str
    changed_at: datetime

    @property
    def data_version(self) -> str:
        """The moment of the change, as the pipeline's DataVersion: new for each alarm, so no cached step is reused."""
        return self.changed_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def token(self) -> str:
        """The same 64 letters and digits for each delivery of this change (SageMaker wants 32 to 128)."""
        return hashlib.sha256(f"{self.arn} {self.data_version}".encode()).hexdigest()

    @property
    def description(self) -> str:
        """One line for whoever finds the execution and asks what started it."""
        text = f"Started by the alarm {self.name} at {self.data_version}: {self.reason}"
        return " ".join(text.split())[:DESCRIPTION_LIMIT]


@dataclass(frozen=True)
class Execution:
    """An execution of the pipeline: when it was started, and how it stands."""

    arn: str
    status: str
    started_at: datetime


def read_alarm_change(event: PlatformEvent) -> AlarmChange:
    """Return the change that a "CloudWatch Alarm State Change" reports.

    Raises:
        MalformedEventError: it is another kind of event, or lacks the alarm's ARN, name, state or its time.
    Source: Amazon CloudWatch user guide, "Alarm events and EventBridge".
    """
    require_kind(event, source="aws.cloudwatch", detail_type="CloudWatch Alarm State Change")
    state = event.detail.get("state")
    if not isinstance(state, dict):
        raise MalformedEventError(f"detail.state must be an object, got {shorten(state)}")
    if not event.resources:
        raise MalformedEventError("resources must hold the alarm's ARN, got none")
    return AlarmChange(
        name=require_text(event.detail, "alarmName"),
        arn=event.resources[0],
        state=require_text(state, "value"),
        reason=str(state.get("reason", "no reason given")),
        changed_at=require_time(state, "timestamp"),
    )


def check_executions(change: AlarmChange, executions: Sequence[Execution], *, cooldown: timedelta) -> str | None:
    """Return why the alarm starts no execution, None if it does.

    Args:
        change: the alarm's change.
        executions: the pipeline's executions that could matter, in any order.
        cooldown: the time that must lie between the start of the last execution and the alarm.
    """
    if change.state != "ALARM":
        return f"the alarm went to {change.state}"
    for execution in executions:
        if execution.status in RUNNING:
            return f"an execution is {execution.status.lower()}: {execution.arn}"
    latest = max(executions, key=lambda execution: execution.started_at, default=None)
    if latest is None:
        return None
    if latest.started_at >= change.changed_at:
        return f"an execution started since the alarm, at {latest.started_at}: {latest.arn}"
    if latest.started_at > change.changed_at - cooldown:
        return f"an execution started at {latest.started_at}, within the cooldown of {cooldown}: {latest.arn}"
    return None
