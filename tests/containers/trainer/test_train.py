from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb
from contract.features import Encoder
from trainer import dataset, train


def test_training_writes_a_model_that_the_shared_encoder_can_feed(training_job: Callable[..., Path]) -> None:
    base = training_job()
    train.main()
    metadata = json.loads((base / "model" / "model.json").read_text())
    assert [feature["name"] for feature in metadata["features"]] == ["carrier", "seats", "wind"]
    assert (metadata["label"], metadata["problem"]) == ("late", "binary-classification")
    booster = xgb.Booster(model_file=base / "model" / "model.ubj")
    calm, stormy = booster.inplace_predict(Encoder.from_json(metadata).encode_rows([["AA", 99, 2], ["UA", "", 22]]))
    assert calm < 0.3 < 0.7 < stormy


def test_the_last_metrics_are_those_of_the_kept_round(
    training_job: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    base = training_job(early_stopping_rounds="2", num_round="200")
    train.main()
    values = [float(value) for value in re.findall(r"validation-auc=([0-9.]+)", capsys.readouterr().out)]
    assert values[-1] == max(values)
    kept = xgb.Booster(model_file=base / "model" / "model.ubj").num_boosted_rounds()
    assert kept < 200
    assert values[kept - 1] == values[-1]


def test_without_early_stopping_all_rounds_are_kept(training_job: Callable[..., Path]) -> None:
    base = training_job(num_round="4", early_stopping_rounds="10")
    train.main()
    assert xgb.Booster(model_file=base / "model" / "model.ubj").num_boosted_rounds() <= 4


def test_the_same_job_gives_the_same_bytes_for_any_number_of_threads(training_job: Callable[..., Path]) -> None:
    models = []
    for threads in ("1", "2", "1"):
        base = training_job(nthread=threads, subsample="0.7", colsample_bytree="0.7")
        train.main()
        models.append((base / "model" / "model.ubj").read_bytes())
    assert models[0] == models[1] == models[2]


def test_strings_of_many_categories_are_split_by_order() -> None:
    rows = pd.DataFrame({"carrier": ["AA", "BB", "CC"], "wind": [1.0, 2.0, 3.5]})
    data = dataset.Dataset(rows, np.zeros(3, np.float32))
    encoder = dataset.infer_encoder(rows)
    assert train.to_matrix(encoder, data, 3).feature_types == ["c", "q"]
    assert train.to_matrix(encoder, data, 2).feature_types == ["q", "q"]


def test_a_validation_channel_with_other_columns_is_refused(training_job: Callable[..., Path]) -> None:
    base = training_job()
    (base / "input" / "data" / "validation" / "part.csv").write_text("late,carrier\n1,AA\n0,AA\n")
    with pytest.raises(ValueError, match="missing features: seats, wind"):
        train.main()
