"""A trained model: loads what the trainer left and predicts. Knows nothing of the web."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xgboost as xgb
from contract.features import Encoder, Feature

MODEL_FILE = "model.ubj"
METADATA_FILE = "model.json"


@dataclass(frozen=True)
class Model:
    """A booster with the encoding of its features."""

    booster: xgb.Booster
    encoder: Encoder

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features, in the order of a row."""
        return self.encoder.features

    def predict(self, rows: Sequence[Sequence[Any]]) -> npt.NDArray[np.float32]:
        """One prediction for each row (a probability; for several classes one row of probabilities each).

        `rows` holds values in the order of the features; None and an empty text are missing, an unknown category too.
        Raises: ValueError naming the feature, the row (from 0) and the value that is no finite number.
        """
        matrix = self.encoder.encode_rows(rows)
        return np.asarray(self.booster.inplace_predict(matrix, missing=np.nan), dtype=np.float32)


def load_model(folder: Path, *, threads: int | None = None) -> Model:
    """The model in `folder` (model.ubj and model.json); `threads` bounds those of one prediction.

    Raises: FileNotFoundError naming the missing file; ValueError if the two files do not belong together.
    """
    for name in (MODEL_FILE, METADATA_FILE):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{folder / name} does not exist; a model is {MODEL_FILE} and {METADATA_FILE}")
    encoder = Encoder.from_json(json.loads((folder / METADATA_FILE).read_text(encoding="utf-8")))
    booster = xgb.Booster(model_file=str(folder / MODEL_FILE))
    if booster.num_features() != len(encoder.names):
        raise ValueError(
            f"{MODEL_FILE} has {booster.num_features()} features, {METADATA_FILE} names {len(encoder.names)}"
        )
    if threads is not None:
        booster.set_param({"nthread": threads})
    return Model(booster, encoder)
