from __future__ import annotations

import pytest

from infra.config.cron import refusal


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minute)",
        "rate(15 minutes)",
        "rate(1 day)",
        "cron(10 * * * ? *)",
        "cron(0 4 ? * MON *)",
        "cron(0/15 8-17 ? * MON-FRI 2026-2030)",
        "cron(0 0 L * ? *)",
        "cron(0 0 LW * ? *)",
        "cron(0 0 L-3 * ? *)",
        "cron(0 0 15W JAN,jul ? *)",
        "cron(0 10 ? * 6#3 *)",
        "cron(0 10 ? * FRIL *)",
        "cron(*/5 * * * ? *)",
    ],
)
def test_expressions_of_the_scheduler_are_taken(expression: str) -> None:
    assert refusal(expression) is None


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("at(2026-11-24T10:00:00)", "neither"),
        ("every day", "neither"),
        ("rate(0 minutes)", "neither"),
        ("rate(5 seconds)", "neither"),
        ("rate(2 hour)", "plural"),
        ("cron(10 * * * ?)", "5 cron fields"),
        ("cron(60 * * * ? *)", "minutes (0 to 59)"),
        ("cron(0 * 0 * ? *)", "day of month"),
        ("cron(0 * ? 13 MON *)", "month"),
        ("cron(0 * ? * MUN *)", "day of week"),
        ("cron(0 * ? * 6#6 *)", "day of week"),
        ("cron(0 * * * ? 1969)", "year"),
        ("cron(30-10 * * * ? *)", "minutes"),
        ("cron(0/0 * * * ? *)", "minutes"),
        ("cron(? * * * ? *)", "minutes"),
        ("cron(0 4 * * MON *)", "exactly one"),
        ("cron(0 4 ? * ? *)", "exactly one"),
    ],
)
def test_other_expressions_are_refused_with_a_reason(expression: str, reason: str) -> None:
    assert reason in str(refusal(expression))
