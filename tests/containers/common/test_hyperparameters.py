from __future__ import annotations

import json
from pathlib import Path

import pytest
from contract import hyperparameters


def _given(base: Path, document: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(base))
    file = base / "input" / "config" / "hyperparameters.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(document))


def test_the_sdk_s_own_are_left_out_and_its_quotes_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _given(tmp_path, {"label": '"late"', "eta": "0.1", "sagemaker_region": "eu-central-1"}, monkeypatch)
    assert hyperparameters.read() == {"label": "late", "eta": "0.1"}


def test_a_value_that_is_not_a_string_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _given(tmp_path, {"eta": 0.1}, monkeypatch)
    with pytest.raises(ValueError, match="every value is a string"):
        hyperparameters.read()


def test_values_are_converted_by_name() -> None:
    assert hyperparameters.convert({"eta": "0.1", "depth": "6"}, {"eta": float, "depth": int}) == {
        "eta": 0.1,
        "depth": 6,
    }


def test_all_wrong_hyperparameters_are_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"deep='6' is not known \(known: depth\); depth='x' is not a valid int"):
        hyperparameters.convert({"deep": "6", "depth": "x"}, {"depth": int})
