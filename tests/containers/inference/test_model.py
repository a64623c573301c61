"""The model gives XGBoost's own predictions, and says what it cannot take."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from inference.model import Model, load_model

from .conftest import Row, Trained


@pytest.fixture
def model(trained: Trained) -> Model:
    return load_model(trained.folder, threads=1)


def test_predictions_are_those_of_xgboost(model: Model, trained: Trained) -> None:
    assert np.abs(model.predict(trained.rows) - trained.expected).max() <= 1e-6


def test_each_row_alone_gives_the_same_prediction(model: Model, trained: Trained) -> None:
    alone = np.concatenate([model.predict([row]) for row in trained.rows[:50]])
    assert np.abs(alone - trained.expected[:50]).max() <= 1e-6


def test_texts_give_the_same_predictions_as_numbers(model: Model, trained: Trained) -> None:
    texts = [["" if value is None else str(value) for value in row] for row in trained.rows]
    assert np.abs(model.predict(texts) - trained.expected).max() <= 1e-6


def test_an_unknown_category_is_missing(model: Model) -> None:
    unknown, missing = model.predict([["XX", "D01", 100, 50.0]]), model.predict([[None, "D01", 100, 50.0]])
    assert unknown[0] == missing[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["AA", "D01", "many", 1.0], "feature 'seats', row 1: 'many' is not a number"),
        (["AA", "D01", "inf", 1.0], "feature 'seats', row 1: 'inf' is not a finite number"),
        (["AA", "D01", 1, 1e300], r"feature 'temperature', row 1: 1e\+300 is not a finite number"),
        (["AA", "D01", 1], "row 1 has 3 values, expected 4"),
    ],
)
def test_a_wrong_value_is_named_with_its_row_and_feature(model: Model, row: Row, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        model.predict([["AA", "D01", 1, 1.0], row])


@pytest.mark.parametrize("name", ["model.ubj", "model.json"])
def test_a_missing_file_is_named(trained: Trained, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(trained.folder, tmp_path / "model"))
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        load_model(folder)


def test_files_that_do_not_belong_together_are_refused(trained: Trained, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(trained.folder, tmp_path / "model"))
    document = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({"features": document["features"][:2]}))
    with pytest.raises(ValueError, match=r"model\.ubj has 4 features, model\.json names 2"):
        load_model(folder)
