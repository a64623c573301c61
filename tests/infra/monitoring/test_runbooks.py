"""Every runbook that an alarm or a message names exists, and each has its four parts."""

from __future__ import annotations

import re

import pytest

from tests.support.synthesis import REPOSITORY

RUNBOOKS = REPOSITORY / "docs" / "runbooks"
SOURCES = [
    path
    for folder in ("monitoring", "serving", "operations", "pipeline")
    for path in (REPOSITORY / "infra" / folder).glob("*.py")
]
NAMED = {name for path in SOURCES for name in re.findall(r'runbook="([a-z-]+)"', path.read_text("utf-8"))}
NAMED |= {"endpoint-errors", "endpoint-latency", "endpoint-saturation"}


def test_there_is_a_runbook_for_each_name_and_no_other() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == NAMED


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_runbook_says_how_to_look_what_to_do_and_when_it_is_over(name: str) -> None:
    lines = (RUNBOOKS / f"{name}.md").read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert [line for line in lines if line.startswith("## ")] == ["## Look", "## Do", "## Over when"]
    assert len(lines[2]) > 40
