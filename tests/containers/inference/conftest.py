"""A small trained model in the files that the trainer writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import xgboost as xgb
from contract.features import Encoder, Feature

Row = list[Any]


@dataclass(frozen=True)
class Trained:
    """A model directory, rows to ask it, and what XGBoost itself predicts for them."""

    folder: Path
    rows: list[Row]
    expected: npt.NDArray[np.float32]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A classifier of categories (with and without XGBoost's categorical splits) and of numbers, with gaps."""
    encoder = Encoder(
        [
            Feature("carrier", "string", ("AA", "B6", "UA")),
            Feature("destination", "string", tuple(f"D{n:02}" for n in range(30))),
            Feature("seats", "integral"),
            Feature("temperature", "fractional"),
        ]
    )
    random, size = np.random.default_rng(5), 1_500
    rows: list[Row] = [
        [carrier, f"D{destination:02}", None if seats < 40 else int(seats), round(float(temperature), 2)]
        for carrier, destination, seats, temperature in zip(
            random.choice(["AA", "B6", "UA", "??"], size),
            random.integers(0, 30, size),
            random.integers(20, 300, size),
            random.normal(50, 20, size),
            strict=True,
        )
    ]
    labels = [(row[0] == "B6") + (row[3] > 60) + random.random() > 1.2 for row in rows]
    matrix = xgb.DMatrix(
        encoder.encode_rows(rows),
        label=labels,
        feature_names=list(encoder.names),
        feature_types=["c", "q", "q", "q"],
        enable_categorical=True,
    )
    booster = xgb.train({"objective": "binary:logistic", "max_depth": 4, "nthread": 1}, matrix, 25)
    folder = tmp_path_factory.mktemp("served") / "model"
    folder.mkdir()
    booster.save_model(folder / "model.ubj")
    (folder / "model.json").write_text(json.dumps({"features": encoder.to_json(), "label": "late"}))
    return Trained(folder, rows, booster.predict(matrix))
