from __future__ import annotations

import pytest
from trainer.settings import Settings


def test_hyperparameters_become_typed_settings() -> None:
    settings = Settings.parse({"label": "late", "eta": "0.1", "num_round": "7", "early_stopping_rounds": "3"}, 2)
    assert (settings.label, settings.rounds, settings.early_stopping_rounds) == ("late", 7, 3)
    assert settings.booster == {
        "objective": "binary:logistic",
        "eval_metric": "auc",
        "seed": 0,
        "nthread": 2,
        "eta": 0.1,
        "tree_method": "hist",
    }


def test_the_number_of_threads_may_be_given() -> None:
    assert Settings.parse({"label": "late", "nthread": "1"}, 8).booster["nthread"] == 1


def test_a_missing_label_is_refused() -> None:
    with pytest.raises(ValueError, match="'label'"):
        Settings.parse({}, 1)


@pytest.mark.parametrize("given", [{"problem": "regression"}, {"objective": "reg:squarederror"}])
def test_another_problem_is_refused_with_what_is_allowed(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not supported; allowed: 'binary-classification' with 'binary:logistic'"):
        Settings.parse({"label": "late"} | given, 1)


def test_an_unknown_hyperparameter_is_refused() -> None:
    with pytest.raises(ValueError, match="max_dept='6' is not known"):
        Settings.parse({"label": "late", "max_dept": "6"}, 1)
