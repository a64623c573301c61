"""A tiny synthetic data set whose label follows one feature, under a job's own base directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

HEADER = "late,carrier,seats,wind"


def rows(count: int, seed: int) -> str:
    """CSV rows: late when the wind is strong, with one value in ten missing."""
    random = np.random.default_rng(seed)
    lines = [HEADER]
    for _ in range(count):
        wind = random.normal(10, 4)
        late = int(wind + random.normal(0, 2) > 10)
        seats = "" if random.random() < 0.1 else str(random.integers(50, 300))
        lines.append(f"{late},{random.choice(['AA', 'NA', 'UA'])},{seats},{wind:.3f}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    monkeypatch.delenv("PROCESSING_JOB_NAME", raising=False)
    return tmp_path


@pytest.fixture
def training_job(base: Path) -> Callable[..., Path]:
    """Sets up a training job with these hyperparameters (beside sensible ones) and returns its base directory."""

    def set_up(**given: str) -> Path:
        values = {"label": "late", "num_round": "20", "max_depth": "3", "early_stopping_rounds": "3", "seed": "7"}
        config = base / "input" / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "hyperparameters.json").write_text(json.dumps(values | given))
        for seed, channel in enumerate(["train", "validation"]):
            folder = base / "input" / "data" / channel
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "part.csv").write_text(rows(300, seed))
        return base

    return set_up
