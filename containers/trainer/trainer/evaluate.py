"""Evaluates a trained model on the test rows and writes `evaluation.json`."""

from __future__ import annotations

import json
import logging
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import xgboost as xgb
from contract import paths
from contract.features import Encoder

from trainer import dataset, metrics
from trainer.train import METADATA_FILE, MODEL_FILE, to_matrix

logger = logging.getLogger(__name__)


def main() -> None:
    """Evaluate `input/model/model.tar.gz` on `input/test`; write `output/evaluation/evaluation.json`.

    Raises: FileNotFoundError or ValueError if the archive or the data are not as they must be.
    """
    archive = paths.processing_dir("input", "model", "model.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        report = evaluate(unpack(archive, Path(folder)), paths.processing_dir("input", "test"))
    output = paths.processing_dir("output", "evaluation", "evaluation.json")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(report, indent=1), encoding="utf-8")
    quality = report["binary_classification_metrics"]
    names = ("auc", "accuracy", "precision", "recall", "f1", "brier")
    for name in names:
        print(f"test-{name}={quality[name]['value']:.6f}", flush=True)


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a model archive into `folder`, which is returned; members that would leave it are refused.

    Raises: FileNotFoundError without the archive; ValueError if it is not one, is unsafe, or lacks a model file.
    """
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise ValueError(f"{archive} is not a safe model archive: {error}") from error
    missing = [name for name in (MODEL_FILE, METADATA_FILE) if not (folder / name).is_file()]
    if missing:
        raise ValueError(f"{archive} lacks {', '.join(missing)}")
    return folder


def evaluate(model: Path, test: Path) -> dict[str, Any]:
    """The evaluation of the unpacked model in folder `model` on the CSV files of folder `test`."""
    metadata = json.loads((model / METADATA_FILE).read_text(encoding="utf-8"))
    encoder = Encoder.from_json(metadata)
    booster = xgb.Booster(model_file=model / MODEL_FILE)
    rows = dataset.read(test, metadata["label"])
    scores = booster.predict(to_matrix(encoder, rows, metadata["max_categories"]))
    logger.info("scored", extra={"test_rows": len(rows.labels), "trees": booster.num_boosted_rounds()})
    return {
        "dataset": {
            "item_count": len(rows.labels),
            "evaluation_time": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        "binary_classification_metrics": metrics.binary_classification(
            rows.labels.astype(np.float64), scores.astype(np.float64)
        ),
    }
