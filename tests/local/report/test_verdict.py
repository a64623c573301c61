"""The verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from local.report.facts import RehearsalStep, Sent, Series, Stack, Violation
from local.report.verdict import verdict
from tests.local.report.course import at
from tests.local.report.facts import empty, facts, troubled

GOOD = facts()


def test_a_rehearsal_that_went_well_is_well_even_though_june_drifted() -> None:
    assert verdict(GOOD).word == "All is well"
    assert verdict(GOOD).tone == "good"


def test_nothing_known_is_no_verdict() -> None:
    assert verdict(empty()).word == "No data yet"


def test_something_unknown_is_incomplete() -> None:
    assert verdict(replace(GOOD, alarms=())).word == "Incomplete"


@pytest.mark.parametrize(
    ("changes", "name", "text"),
    [
        ({"stacks": (Stack("a", "ROLLBACK_COMPLETE"),)}, "Stacks", "a not complete"),
        ({"steps": (RehearsalStep("Deploy it", 1, "failed"),)}, "Rehearsal", "not done: Deploy it"),
        ({"endpoint": replace(GOOD.endpoint, status="Failed")}, "Endpoint", "Failed"),
        ({"sent": (Sent("March", 3000, 2, 9.0),)}, "Requests", "2 of 3,000 failed"),
        (
            {"traffic": (replace(GOOD.traffic[0], server_errors=Series(10, ((at(1), 7.0),))),)},
            "Requests",
            "7 of 9,598 failed",
        ),
        (
            {"windows": (replace(GOOD.windows[0], violations=(Violation("x", "y", "z"),)),)},
            "Latest window",
            "March: 1 violation",
        ),
        ({"alarms": (replace(GOOD.alarms[0], state="ALARM"),)}, "Alarms", f"raised: {GOOD.alarms[0].name}"),
    ],
)
def test_one_failed_check_asks_for_attention_and_says_why(changes, name, text) -> None:
    found = verdict(replace(GOOD, **changes))
    assert found.word == "Needs attention"
    check = next(check for check in found.checks if check.name == name)
    assert (check.ok, check.text) == (False, text)


def test_troubles_are_told_together() -> None:
    failed = [check.name for check in verdict(troubled()).checks if check.ok is False]
    assert failed == ["Stacks", "Requests", "Alarms"]
