"""The short summary, of a rehearsal as it usually goes and of nothing."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from local.rehearsal import summary
from local.rehearsal.place import Place
from local.report.facts import Facts
from tests.local.report import facts

RUN = {"endpoint": "sagestead-local-flight-delay", "steps": [{"name": "Monitor June", "detail": "3 violations"}]}


def shown(what: Facts) -> str:
    sink = io.StringIO()
    summary.show(Console(file=sink, width=140), Place(port=5000, out=Path("/out")), what, RUN)
    return sink.getvalue()


def test_stacks_packages_traffic_and_the_verdict_are_shown() -> None:
    known = facts.facts()
    text = shown(known)
    for stack in known.stacks:
        assert stack.name in text
    assert f"{len(known.stacks)} stacks" in text
    assert str(sum(stack.resources or 0 for stack in known.stacks)) in text
    assert "Approved, live" in text
    assert "during the canary" in text
    assert "June: 3 violations" in text


def test_where_to_look_is_shown_in_one_line_each() -> None:
    lines = shown(facts.facts()).splitlines()
    assert any("http://127.0.0.1:5001/report.html" in line and "/out/report.html" in line for line in lines)
    assert any("http://127.0.0.1:5000 stays up" in line for line in lines)


def test_what_is_not_there_is_said_so() -> None:
    text = shown(facts.empty())
    assert "sagestead-local-flight-delay (not there)" in text
    assert "0 stacks" in text
