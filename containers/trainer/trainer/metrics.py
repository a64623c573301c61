"""Quality of a binary classifier, in the JSON of SageMaker Model Monitor's model quality."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

CURVE_POINTS = 100


def binary_classification(labels: Vector, scores: Vector, threshold: float = 0.5) -> dict[str, Any]:
    """The `binary_classification_metrics` of labels (0 or 1) and predicted probabilities (both: rows).

    A ratio whose denominator is 0 is 0. Raises: ValueError if the labels are all the same, for then no AUC exists.
    Source: "Model quality metrics", SageMaker AI developer guide; `brier` is an addition of ours.
    """
    positive = labels == 1
    if positive.all() or not positive.any():
        raise ValueError(f"all {len(labels)} labels are the same; a classifier cannot be judged on them")
    predicted = scores >= threshold
    tp, fn = int((predicted & positive).sum()), int((~predicted & positive).sum())
    fp, tn = int((predicted & ~positive).sum()), int((~predicted & ~positive).sum())
    precision, recall = _ratio(tp, tp + fp), _ratio(tp, tp + fn)
    false_positive_rates, true_positive_rates = roc_curve(labels, scores)
    values = {
        "accuracy": _ratio(tp + tn, len(labels)),
        "precision": precision,
        "recall": recall,
        "f1": _ratio(2 * precision * recall, precision + recall),
        "true_positive_rate": recall,
        "true_negative_rate": _ratio(tn, tn + fp),
        "false_positive_rate": _ratio(fp, tn + fp),
        "false_negative_rate": _ratio(fn, tp + fn),
        "auc": auc(labels, scores),
        "brier": float(np.mean((scores - labels) ** 2)),
    }
    return {
        "confusion_matrix": {"0": {"0": tn, "1": fp}, "1": {"0": fn, "1": tp}},
        **{name: {"value": value, "standard_deviation": "NaN"} for name, value in values.items()},
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": false_positive_rates,
            "true_positive_rates": true_positive_rates,
        },
    }


def auc(labels: Vector, scores: Vector) -> float:
    """The area under the ROC curve: how often a positive row scores above a negative one, ties counted half."""
    _, group, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]
    positives = int(labels.sum())
    negatives = len(labels) - positives
    return float((ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def roc_curve(labels: Vector, scores: Vector) -> tuple[list[float], list[float]]:
    """False and true positive rates from (0, 0) to (1, 1), at most `CURVE_POINTS` of them."""
    order = np.argsort(-scores, kind="stable")
    # One point for each distinct score: rows of the same score cannot be told apart.
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    hits = np.cumsum(labels[order])[ends]
    rows = ends + 1
    true_rates = np.append(0.0, hits / hits[-1])
    false_rates = np.append(0.0, (rows - hits) / (rows[-1] - hits[-1]))
    kept = np.unique(np.linspace(0, len(true_rates) - 1, CURVE_POINTS).round().astype(int))
    return false_rates[kept].tolist(), true_rates[kept].tolist()


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
