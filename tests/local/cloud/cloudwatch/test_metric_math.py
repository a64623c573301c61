"""Metric math on single values."""

from __future__ import annotations

import pytest

from local.cloud.cloudwatch.metric_math import evaluate


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("100 * errors / calls", {"errors": 3.0, "calls": 60.0}, 5.0),
        ("100 * errors / calls", {"errors": 3.0, "calls": 0.0}, None),
        ("errors + 1", {"errors": None}, None),
        ("FILL(errors, 0) + 1", {"errors": None}, 1.0),
        ("IF(calls > 10, errors / calls, 0)", {"errors": 5.0, "calls": 4.0}, 0.0),
        ("IF(calls > 10, errors / calls, 0)", {"errors": 5.0, "calls": 20.0}, 0.25),
        ("MAX([a, b])", {"a": 1.0, "b": None}, 1.0),
        ("SUM([a, b])", {"a": None, "b": None}, None),
        ("AVG([a, b])", {"a": 2.0, "b": 4.0}, 3.0),
        ("-a", {"a": 2.0}, -2.0),
    ],
)
def test_an_expression_has_the_value_that_cloudwatch_documents(expression, values, expected):
    assert evaluate(expression, values) == expected


@pytest.mark.parametrize(
    "expression", ["unknown + 1", "ANOMALY_DETECTION_BAND(a)", "a.b", "a +", "[a]", "__import__('os')"]
)
def test_what_is_not_supported_is_refused_by_name(expression):
    with pytest.raises(ValueError, match="metric math"):
        evaluate(expression, {"a": 1.0})
