"""What a person sees of the steps, on a terminal and in a log."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from local.rehearsal.progress import Step, Steps


def steps(*, terminal: bool = False) -> tuple[Steps, io.StringIO]:
    sink = io.StringIO()
    return Steps(Console(file=sink, force_terminal=terminal, width=100)), sink


def test_a_step_ends_with_one_line_of_its_time_and_what_came_of_it() -> None:
    made, sink = steps()
    with made.step("Deploy") as step:
        step.say("on the way")
        step.say("8 stacks")
    (line,) = sink.getvalue().splitlines()
    assert line.startswith("✓ Deploy")
    assert line.endswith(" s  8 stacks")
    assert (step.status, step.detail) == ("done", "8 stacks")
    assert 0 <= step.seconds < 5


def test_a_step_with_nothing_to_do_is_marked_so() -> None:
    made, sink = steps()
    with made.step("Bootstrap") as step:
        step.unchanged("it is there")
    assert sink.getvalue().startswith("= Bootstrap")
    assert made.done[0].status == "unchanged"


def test_a_step_that_fails_is_remembered_and_its_error_goes_on() -> None:
    made, _ = steps()
    with pytest.raises(RuntimeError, match="out of luck"), made.step("Train"):
        raise RuntimeError("out of luck")
    assert [(step.name, step.status) for step in made.done] == [("Train", "failed")]


def test_on_a_terminal_the_step_says_live_what_it_does() -> None:
    made, sink = steps(terminal=True)
    with made.step("Deploy") as step:
        step.say("creating the endpoint")
        assert callable(step._show)
    assert "creating the endpoint" in sink.getvalue()


def test_a_step_may_speak_when_nobody_shows_it() -> None:
    step = Step("quiet")
    step.say("hello")
    assert step.detail == "hello"
