"""Waiting for what the cloud does by itself."""

from __future__ import annotations

import pytest

from local.rehearsal.processes import RehearsalError
from local.rehearsal.wait import until


def test_the_first_thing_found_is_given() -> None:
    answers = iter([None, None, "found", "later"])
    assert until("it", lambda: next(answers), seconds=5, interval=0) == "found"


def test_a_thing_that_is_false_is_found_too() -> None:
    assert until("it", lambda: 0, seconds=5) == 0


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(RehearsalError, match="waited 0 s for the alarm, in vain"):
        until("the alarm", lambda: None, seconds=0.05, interval=0.01)
