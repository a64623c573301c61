"""Whether all is well, and which checks say so."""

from __future__ import annotations

from dataclasses import dataclass

from local.report.facts import Facts
from local.report.format import tone

SETTLED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")


@dataclass(frozen=True)
class Check:
    """One thing that must be so; `ok` is None if nothing is known of it."""

    name: str
    ok: bool | None
    text: str


@dataclass(frozen=True)
class Verdict:
    """The word for all checks together, and the checks."""

    word: str
    tone: str
    checks: tuple[Check, ...]


def verdict(facts: Facts) -> Verdict:
    """The verdict on these facts; an expected drift of an earlier window is not held against the latest."""
    checks = (_stacks(facts), _steps(facts), _endpoint(facts), _requests(facts), _drift(facts), _alarms(facts))
    if all(check.ok is None for check in checks):
        return Verdict("No data yet", "idle", checks)
    if any(check.ok is False for check in checks):
        return Verdict("Needs attention", "bad", checks)
    if any(check.ok is None for check in checks):
        return Verdict("Incomplete", "busy", checks)
    return Verdict("All is well", "good", checks)


def _stacks(facts: Facts) -> Check:
    if not facts.stacks:
        return Check("Stacks", None, "no data yet")
    unsettled = [stack.name for stack in facts.stacks if stack.status not in SETTLED]
    text = f"{', '.join(unsettled)} not complete" if unsettled else f"all {len(facts.stacks)} complete"
    return Check("Stacks", not unsettled, text)


def _steps(facts: Facts) -> Check:
    if not facts.steps:
        return Check("Rehearsal", None, "no data yet")
    wrong = [step.name for step in facts.steps if tone(step.status) != "good"]
    text = f"not done: {', '.join(wrong)}" if wrong else f"all {len(facts.steps)} steps done"
    return Check("Rehearsal", not wrong, text)


def _endpoint(facts: Facts) -> Check:
    if facts.endpoint is None:
        return Check("Endpoint", None, "no data yet")
    return Check("Endpoint", facts.endpoint.status == "InService", facts.endpoint.status)


def _requests(facts: Facts) -> Check:
    counted = [value for variant in facts.traffic for value in variant.server_errors.values]
    if not facts.sent:
        return Check("Requests", None, "no data yet")
    rows, failed = sum(sent.rows for sent in facts.sent), sum(sent.errors for sent in facts.sent)
    errors = max(failed, round(sum(counted)))
    text = f"{errors:,} of {rows:,} failed" if errors else f"all {rows:,} answered"
    return Check("Requests", errors == 0, text)


def _drift(facts: Facts) -> Check:
    """The latest window's: what the model that is live now is up to."""
    latest = facts.windows[-1] if facts.windows else None
    if latest is None or latest.violations is None:
        return Check("Latest window", None, "no data yet")
    found = len(latest.violations)
    text = f"{latest.label}: {found} violation{'' if found == 1 else 's'}" if found else f"{latest.label}: no violation"
    return Check("Latest window", found == 0, text)


def _alarms(facts: Facts) -> Check:
    if not facts.alarms:
        return Check("Alarms", None, "no data yet")
    raised = [alarm.name for alarm in facts.alarms if alarm.state == "ALARM"]
    text = f"raised: {', '.join(raised)}" if raised else f"none of {len(facts.alarms)} raised"
    return Check("Alarms", not raised, text)
