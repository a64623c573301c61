from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from lambdas.common.errors import SettingsError
from lambdas.retrain.settings import RetrainingTarget, RetrainSettings


def read(entry: Any) -> RetrainSettings:
    return RetrainSettings.from_environment({"PIPELINES": json.dumps({"alarm": entry})})


@pytest.mark.parametrize("minutes", [0, 1440, 0.5])
def test_pipeline_and_cooldown_are_read_from_the_environment(minutes: float) -> None:
    settings = read({"pipeline": "name", "cooldown_minutes": minutes})
    assert settings.target_of("alarm") == RetrainingTarget("name", timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("name", "must have the keys"),
        ({"pipeline": "name"}, "must have the keys"),
        ({"pipeline": "name", "cooldown_minutes": 1, "more": 1}, "must have the keys"),
        ({"pipeline": "", "cooldown_minutes": 1}, "pipeline must be a name"),
        ({"pipeline": 3, "cooldown_minutes": 1}, "pipeline must be a name"),
        ({"pipeline": "name", "cooldown_minutes": "1"}, "cooldown_minutes must be a number"),
        ({"pipeline": "name", "cooldown_minutes": True}, "cooldown_minutes must be a number"),
        ({"pipeline": "name", "cooldown_minutes": -1}, "cooldown_minutes must be a number"),
    ],
)
def test_a_wrong_entry_is_an_error_that_names_the_alarm(entry: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        read(entry)
    assert "'alarm'" in str(caught.value)


def test_an_unknown_alarm_is_an_error_that_says_which_are_known() -> None:
    settings = read({"pipeline": "name", "cooldown_minutes": 1})
    with pytest.raises(SettingsError, match=r"'other', only for \['alarm'\]"):
        settings.target_of("other")
