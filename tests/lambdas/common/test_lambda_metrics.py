from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lambdas.common.metrics import count


def test_a_count_is_one_line_of_embedded_metric_format(log_lines: Callable[[], list[dict[str, Any]]]) -> None:
    count("PromotionsStarted", model="sagestead-dev-flight-delay")
    (line,) = log_lines()
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Sagestead/Operations"
    assert directive["Dimensions"] == [["Model"]]
    assert [metric["Name"] for metric in directive["Metrics"]] == ["PromotionsStarted"]
    assert line["PromotionsStarted"] == [1.0]
    assert line["Model"] == "sagestead-dev-flight-delay"
