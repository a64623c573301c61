"""A training job's hyperparameters, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contract import hyperparameters

PROBLEM = "binary-classification"
OBJECTIVE = "binary:logistic"

_BOOSTER: dict[str, Callable[[str], Any]] = {
    "alpha": float,
    "colsample_bylevel": float,
    "colsample_bynode": float,
    "colsample_bytree": float,
    "eta": float,
    "eval_metric": str,
    "gamma": float,
    "lambda": float,
    "max_bin": int,
    "max_delta_step": float,
    "max_depth": int,
    "max_leaves": int,
    "min_child_weight": float,
    "nthread": int,
    "objective": str,
    "scale_pos_weight": float,
    "seed": int,
    "subsample": float,
}
_OWN: dict[str, Callable[[str], Any]] = {
    "early_stopping_rounds": int,
    "label": str,
    "max_categories": int,
    "num_round": int,
    "problem": str,
}


@dataclass(frozen=True)
class Settings:
    """What a training job was asked: the booster's parameters as XGBoost names them, and the trainer's own.

    Refuses another problem than binary classification, and unknown hyperparameters.
    """

    label: str
    booster: dict[str, Any]
    rounds: int = 100
    early_stopping_rounds: int | None = None
    max_categories: int = 64
    """Strings of more categories than this are split by their order, not by sets of categories.
    Source: XGBoost considers at most 64 categories in a split (`max_cat_threshold`)."""

    @classmethod
    def parse(cls, values: Mapping[str, str], threads: int) -> Settings:
        """The settings of hyperparameters; the seed defaults to 0 and `nthread` to `threads`.

        Raises: ValueError that says what is missing, unknown, malformed or not supported.
        """
        given = hyperparameters.convert(values, _BOOSTER | _OWN)
        if "label" not in given:
            raise ValueError("hyperparameter 'label' (the name of the label column) is missing")
        problem = given.get("problem", PROBLEM)
        objective = given.get("objective", OBJECTIVE)
        if problem != PROBLEM or objective != OBJECTIVE:
            asked = f"problem {problem!r} with objective {objective!r}"
            raise ValueError(f"{asked} is not supported; allowed: {PROBLEM!r} with {OBJECTIVE!r}")
        defaults = {"objective": OBJECTIVE, "eval_metric": "auc", "seed": 0, "nthread": threads}
        booster = defaults | {name: value for name, value in given.items() if name in _BOOSTER}
        return cls(
            label=given["label"],
            booster=booster | {"tree_method": "hist"},
            rounds=given.get("num_round", cls.rounds),
            early_stopping_rounds=given.get("early_stopping_rounds", cls.early_stopping_rounds),
            max_categories=given.get("max_categories", cls.max_categories),
        )
