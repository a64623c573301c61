"""Trains a model: channels `train` and `validation` in, `model.ubj` and `model.json` out."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping
from typing import Any

import xgboost as xgb
from contract import hyperparameters, paths
from contract.features import Encoder

from trainer import dataset
from trainer.dataset import Dataset
from trainer.settings import PROBLEM, Settings

MODEL_FILE = "model.ubj"
METADATA_FILE = "model.json"

logger = logging.getLogger(__name__)


class PrintMetrics(xgb.callback.TrainingCallback):
    """Prints each round's metrics in the form that the training job's metric definitions look for."""

    def after_iteration(self, _model: Any, epoch: int, evals_log: Mapping[str, Any]) -> bool:
        """Print one line, such as `round=3 train-auc=0.712345 validation-auc=0.698765`; never stops the training."""
        print(f"round={epoch}", *_metrics(evals_log, epoch), flush=True)
        return False


def main() -> None:
    """Train on the job's channels and write the model.

    Raises: ValueError or FileNotFoundError if the hyperparameters or the data are not as they must be.
    """
    started = time.monotonic()
    settings = Settings.parse(hyperparameters.read(), threads=len(os.sched_getaffinity(0)))
    logger.info("settings", extra={"booster": settings.booster, "rounds": settings.rounds})
    rows = dataset.read(paths.input_dir("train"), settings.label)
    validation = dataset.read(paths.input_dir("validation"), settings.label)
    encoder = dataset.infer_encoder(rows.features)
    logger.info("data", extra={"train_rows": len(rows.labels), "validation_rows": len(validation.labels)})
    booster, history = fit(settings, encoder, rows, validation)
    save(booster, encoder, settings)
    best = booster.num_boosted_rounds() - 1
    # SageMaker keeps a metric's last value: the kept model's, not that of the last round tried.
    for metric in _metrics(history, best):
        print(metric)
    print(f"best-round={best}")
    print(f"training-seconds={time.monotonic() - started:.1f}", flush=True)


def fit(
    settings: Settings, encoder: Encoder, train: Dataset, validation: Dataset
) -> tuple[xgb.Booster, dict[str, dict[str, list[float]]]]:
    """The booster, cut after its best round, and the metrics of all rounds.

    The result depends on the data, the parameters and the seed; the `hist` method gives the same trees for any number
    of threads.
    """
    matrices = {
        "train": to_matrix(encoder, train, settings.max_categories),
        "validation": to_matrix(encoder, validation, settings.max_categories),
    }
    history: dict[str, dict[str, list[float]]] = {}
    booster = xgb.train(
        settings.booster,
        matrices["train"],
        num_boost_round=settings.rounds,
        evals=[(matrix, name) for name, matrix in matrices.items()],
        evals_result=history,
        early_stopping_rounds=settings.early_stopping_rounds,
        callbacks=[PrintMetrics()],
        verbose_eval=False,
    )
    if settings.early_stopping_rounds is not None:
        booster = booster[: booster.best_iteration + 1]
    return booster, history


def to_matrix(encoder: Encoder, rows: Dataset, max_categories: int) -> xgb.DMatrix:
    """XGBoost's form of encoded rows; strings of at most `max_categories` categories are categorical features."""
    types = [
        "c" if feature.type == "string" and len(feature.categories) <= max_categories else "q"
        for feature in encoder.features
    ]
    return xgb.DMatrix(
        dataset.encode(encoder, rows.features),
        label=rows.labels,
        feature_names=list(encoder.names),
        feature_types=types,
        enable_categorical=True,
    )


def save(booster: xgb.Booster, encoder: Encoder, settings: Settings) -> None:
    """Write `model.ubj` and `model.json` to the model directory."""
    folder = paths.model_dir()
    folder.mkdir(parents=True, exist_ok=True)
    booster.save_model(folder / MODEL_FILE)
    metadata = {
        "features": encoder.to_json(),
        "label": settings.label,
        "problem": PROBLEM,
        "objective": settings.booster["objective"],
        "max_categories": settings.max_categories,
    }
    (folder / METADATA_FILE).write_text(json.dumps(metadata, indent=1), encoding="utf-8")


def _metrics(history: Mapping[str, Any], round_number: int) -> list[str]:
    return [
        f"{data}-{metric}={values[round_number]:.6f}"
        for data, metrics in history.items()
        for metric, values in metrics.items()
    ]
