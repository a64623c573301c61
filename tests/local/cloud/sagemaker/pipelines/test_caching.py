"""Step caching."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from local.cloud.sagemaker.pipelines import caching

CACHED = {"CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P30D", timedelta(days=30)),
        ("p30d", timedelta(days=30)),
        ("T16m", timedelta(minutes=16)),
        ("30dT5h", timedelta(days=30, hours=5)),
        ("P4DT12H", timedelta(days=4, hours=12)),
        ("5y", timedelta(days=1825)),
        ("P2W", timedelta(weeks=2)),
        ("P1M", timedelta(days=30)),
    ],
)
def test_durations_are_read_as_sagemaker_writes_them(text: str, expected: timedelta) -> None:
    assert caching.parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "P", "a day", "T", "12"])
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 8601 duration"):
        caching.parse_duration(text)


def test_only_the_attributes_that_sagemaker_names_count() -> None:
    one = {"AppSpecification": {"ImageUri": "a"}, "ProcessingOutputConfig": 1, "RoleArn": "x"}
    two = {"AppSpecification": {"ImageUri": "a"}, "ProcessingOutputConfig": 2, "RoleArn": "y"}
    other = {"AppSpecification": {"ImageUri": "b"}}
    assert caching.key("Processing", one) == caching.key("Processing", two) != caching.key("Processing", other)
    assert caching.key("Lambda", {"a": 1}) != caching.key("Lambda", {"a": 2})


@pytest.mark.cloud
def test_a_second_execution_takes_over_results_and_what_follows_reads_them(pipes: Any) -> None:
    gate = pipes.condition("Gate", pipes.json_get("Write", "n"), 1, [pipes.fail("Say", pipes.output_of("Copy"))])
    pipeline = pipes.create(pipes.writing("Write", {"n": 1}, **CACHED), pipes.reading("Copy", "Write", **CACHED), gate)
    first, found = pipes.run(pipeline)
    second, again = pipes.run(pipeline)
    assert again["FailureReason"] == found["FailureReason"]  # the first execution's output
    assert "CacheHitResult" not in pipes.steps(first)["Write"]
    for name in ("Write", "Copy"):
        step = pipes.steps(second)[name]
        assert step["CacheHitResult"] == {"SourcePipelineExecutionArn": first}
        assert step["Metadata"] == pipes.steps(first)[name]["Metadata"]
        assert step["StepStatus"] == "Succeeded"
    third = pipes.run(pipeline)[0]
    assert pipes.steps(third)["Write"]["CacheHitResult"] == {"SourcePipelineExecutionArn": first}


@pytest.mark.cloud
def test_changed_arguments_run_again(pipes: Any) -> None:
    step = pipes.processing("Echo", "write", "/opt/ml/processing/output/x", {"Get": "Parameters.Word"}, **CACHED)
    pipeline = pipes.create(step, parameters=[{"Name": "Word", "Type": "String", "DefaultValue": "a"}])
    pipes.run(pipeline)
    assert "CacheHitResult" not in pipes.steps(pipes.run(pipeline, {"Word": "b"})[0])["Echo"]
    assert "CacheHitResult" in pipes.steps(pipes.run(pipeline)[0])["Echo"]


@pytest.mark.cloud
def test_without_caching_or_after_a_failure_a_step_runs_again(pipes: Any) -> None:
    plain = pipes.create(pipes.processing("Echo"))
    pipes.run(plain)
    assert "CacheHitResult" not in pipes.steps(pipes.run(plain)[0])["Echo"]
    failing = pipes.create(pipes.processing("Echo", "fail", "x", "1", **CACHED))
    pipes.run(failing)
    step = pipes.steps(pipes.run(failing)[0])["Echo"]
    assert (step["StepStatus"], "CacheHitResult" in step) == ("Failed", False)


@pytest.mark.cloud
def test_an_old_result_is_not_taken(pipes: Any) -> None:
    pipeline = pipes.create(pipes.processing("Echo", CacheConfig={"Enabled": True, "ExpireAfter": "T1S"}))
    pipes.run(pipeline)
    import time

    time.sleep(1.2)
    assert "CacheHitResult" not in pipes.steps(pipes.run(pipeline)[0])["Echo"]


@pytest.mark.cloud
def test_a_cache_hit_is_in_the_event(pipes: Any, events: Any) -> None:
    pipeline = pipes.create(pipes.processing("Echo", **CACHED))
    first = pipes.run(pipeline)[0]
    second = pipes.run(pipeline)[0]
    kind = "SageMaker Model Building Pipeline Execution Step Status Change"
    last = events.about(second, kind, 2)[-1]["detail"]
    assert last["currentStepStatus"] == "Succeeded"
    assert last["cacheHitResult"] == {"sourcePipelineExecutionArn": first}
