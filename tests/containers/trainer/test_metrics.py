from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score, roc_auc_score
from trainer import metrics


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=2, max_size=60))
def test_the_metrics_agree_with_scikit_learn(rows: list[tuple[int, int]]) -> None:
    labels = np.array([label for label, _ in rows], dtype=float)
    scores = np.array([score / 8 for _, score in rows])
    assume(0 < labels.sum() < len(labels))
    report = metrics.binary_classification(labels, scores)
    assert report["auc"]["value"] == pytest.approx(roc_auc_score(labels, scores))
    assert report["f1"]["value"] == pytest.approx(f1_score(labels, scores >= 0.5, zero_division=0))
    assert report["brier"]["value"] == pytest.approx(brier_score_loss(labels, scores))
    matrix = confusion_matrix(labels, scores >= 0.5).tolist()
    assert report["confusion_matrix"] == {
        actual: dict(zip("01", row, strict=True)) for actual, row in zip("01", matrix, strict=True)
    }


def test_the_curve_runs_from_corner_to_corner_and_is_short() -> None:
    random = np.random.default_rng(1)
    labels, scores = random.integers(0, 2, 5000).astype(float), random.random(5000)
    false_rates, true_rates = metrics.roc_curve(labels, scores)
    assert (false_rates[0], true_rates[0], false_rates[-1], true_rates[-1]) == (0, 0, 1, 1)
    assert len(false_rates) == len(true_rates) <= 100
    assert false_rates == sorted(false_rates)


def test_the_curve_takes_equal_scores_as_one_point() -> None:
    assert metrics.roc_curve(np.array([0.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.5])) == ([0.0, 1.0], [0.0, 1.0])


def test_values_carry_model_monitors_placeholder_for_the_deviation() -> None:
    report = metrics.binary_classification(np.array([0.0, 1.0]), np.array([0.1, 0.9]))
    assert report["accuracy"] == {"value": 1.0, "standard_deviation": "NaN"}


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_labels_that_are_all_the_same_are_refused(label: float) -> None:
    with pytest.raises(ValueError, match="all 3 labels are the same"):
        metrics.binary_classification(np.full(3, label), np.arange(3) / 3)
