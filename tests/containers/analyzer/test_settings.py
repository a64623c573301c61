"""The settings of a monitoring execution."""

from __future__ import annotations

from pathlib import Path

import pytest
from analyzer.settings import Settings, thresholds

ENVIRONMENT = {
    "endpoint_name": "sagestead-local-flight-delay",
    "capture_uri": "s3://capture/data",
    "window_start": "",
    "window_end": "2026-03-01T15:00:00Z",
    "window_minutes": "60",
    "schedule_name": "s",
    "model_name": "flight-delay",
    "output_path": "/out",
    "comparison_threshold": "0.5",
}


def test_the_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment(ENVIRONMENT)
    assert settings.window.to_json() == {"start": "2026-03-01T14:00:00Z", "end": "2026-03-01T15:00:00Z"}
    assert settings.publish_metrics
    assert settings.output_dir == Path("/out")
    assert settings.thresholds == {"distribution_constraints": {"comparison_threshold": 0.5}}


def test_the_output_is_by_default_that_of_the_job(tmp_path: Path) -> None:
    assert Settings.from_environment(ENVIRONMENT | {"output_path": ""}).output_dir == tmp_path / "ml/processing/output"


def test_a_given_start_needs_no_minutes() -> None:
    given = ENVIRONMENT | {"window_start": "2026-03-01T00:00:00Z", "window_minutes": ""}
    assert Settings.from_environment(given).window.to_json()["start"] == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"endpoint_name": "", "model_name": ""}, "missing: endpoint_name, model_name"),
        ({"window_minutes": "an hour"}, "window_minutes='an hour' must be a whole number"),
        ({"publish_cloudwatch_metrics": "yes"}, "publish_cloudwatch_metrics='yes' must be Enabled or Disabled"),
        ({"window_end": "now"}, "'now' is not an ISO 8601 time"),
        ({"comparison_threshold": "high"}, "comparison_threshold='high' must be a number from 0 to 1"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Settings.from_environment(ENVIRONMENT | change)


def test_all_thresholds_can_be_set() -> None:
    environment = {
        "comparison_method": "Simple",
        "categorical_comparison_threshold": "0.2",
        "datatype_check_threshold": "0.9",
        "domain_content_threshold": "1",
    }
    assert thresholds(environment) == {
        "datatype_check_threshold": 0.9,
        "domain_content_threshold": 1.0,
        "distribution_constraints": {"comparison_method": "Simple", "categorical_comparison_threshold": 0.2},
    }
