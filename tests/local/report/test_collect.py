"""Collecting the facts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.config.loader import PlatformConfig, load
from local.report.collect import collect
from local.report.facts import Distribution
from tests.local.report.answers import NOON, answers
from tests.local.report.cloud import FakeCloud, error
from tests.local.report.documents import EXECUTION, GROUP, MONITORED, NAME, RUN

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def config() -> PlatformConfig:
    return load(ROOT, "local")


@pytest.fixture(scope="module")
def found(config):
    return collect(FakeCloud(answers()), config, RUN)


def test_nothing_is_missing_of_a_whole_cloud(found) -> None:
    assert found.gaps == ()


def test_environment_account_region_and_span_are_told(found) -> None:
    assert (found.environment, found.account, found.region) == ("local", "000000000000", "us-east-1")
    assert (found.started, found.finished) == (NOON, NOON.replace(minute=5))
    assert found.description.startswith("Probability")


def test_only_the_environments_stacks_are_shown_with_their_last_update(found) -> None:
    assert {stack.name: stack.resources for stack in found.stacks} == {
        f"{NAME}-serving": 2,
        "sagestead-local-network": 2,
    }
    assert found.stacks[0].updated == NOON.replace(minute=4)
    assert found.stacks[1].updated == NOON


def test_steps_of_an_execution_are_in_time_order_with_cache_hits_and_failures(found) -> None:
    (execution,) = found.executions
    assert execution.id == "aaaabbbbcccc"
    assert execution.parameters == (("DataVersion", "landed-1"),)
    assert [(step.name, step.seconds, step.cached) for step in execution.steps] == [
        ("Prepare", 14.0, True),
        ("Train", 16.0, False),
    ]
    assert execution.steps[1].failure == "AlgorithmError"
    assert execution.seconds == 30.0


def test_a_package_has_the_metrics_of_its_evaluation_and_none_for_what_is_not_a_number(found) -> None:
    (package,) = found.packages
    assert (package.version, package.data_version, package.test_rows) == (1, "landed-1", 7642)
    assert package.metric("auc") == 0.6893
    assert package.metric("precision") is None
    assert package.roc is not None
    assert package.roc.true_positive_rates == (0.0, 0.7, 1.0)


def test_the_endpoint_tells_its_package_instances_and_scaling(found) -> None:
    assert found.endpoint is not None
    assert found.endpoint.package_arn == f"{GROUP}/1"
    (variant,) = found.endpoint.variants
    assert (variant.current_instances, variant.min_instances, variant.max_instances) == (2, 1, 2)
    assert variant.scaling_policies == ("SageMakerVariantInvocationsPerInstance at 1000",)
    assert found.version_of(f"{GROUP}/1") == 1


def test_metrics_are_in_time_order_and_latency_in_milliseconds(found) -> None:
    (traffic,) = found.traffic
    assert traffic.invocations.points == (
        (NOON.replace(minute=2), 1720.0),
        (NOON.replace(minute=2, second=10), 1280.0),
    )
    assert traffic.latency_p50_ms.values == (2.9,)
    assert traffic.overall_p99_ms == 8.1
    assert traffic.server_errors.points == ()


def test_a_window_has_what_its_report_says(found) -> None:
    (window,) = found.windows
    assert (window.records, window.rejected, window.package_arn) == (3000, 2, f"{GROUP}/1")
    humidity, carrier = window.features
    assert (humidity.distance, humidity.threshold, humidity.violated) == (0.61, 0.5, True)
    assert humidity.current == Distribution((0.1, 0.9), edges=(0.0, 50.0, 100.0))
    assert carrier.baseline == Distribution((0.4, 0.6), categories=("AA", "UA"))
    assert (carrier.distance, carrier.current) == (None, None)
    assert window.violations is not None
    assert [violation.feature for violation in window.violations] == ["humidity"]


def test_the_environments_alarms_have_their_history_in_time_order(found) -> None:
    (alarm,) = found.alarms
    # Both in the same second, and the newest comes first in CloudWatch's answer.
    assert [(change.old, change.new) for change in alarm.history] == [("OK", "ALARM"), ("ALARM", "OK")]
    assert alarm.history[0].reason == "Threshold Crossed"


def test_a_cloud_that_refuses_everything_leaves_gaps_and_no_exception(config) -> None:
    found = collect(FakeCloud({}), config, RUN)
    assert (found.stacks, found.graph, found.packages, found.alarms, found.endpoint) == ((), (), (), (), None)
    assert found.executions[0].arn == EXECUTION
    assert found.windows[0].execution_arn == MONITORED
    assert found.windows[0].violations is None
    assert "the stacks" in {gap.what for gap in found.gaps}
    assert found.steps[0].name == "cdk deploy"


@pytest.mark.parametrize("run", [{}, {"steps": 3, "training": [{}], "windows": None, "traffic": [{"label": "x"}]}])
def test_a_run_without_what_is_expected_raises_nothing(config, run) -> None:
    found = collect(FakeCloud(answers()), config, run)
    assert found.model == "flight-delay"
    assert (found.started, found.steps, found.executions, found.sent) == (None, (), (), ())


def test_an_endpoint_that_does_not_exist_is_no_gap(config) -> None:
    missing = error("ValidationException", 'Could not find endpoint "x".')
    found = collect(FakeCloud({**answers(), ("sagemaker", "DescribeEndpoint"): missing}), config, RUN)
    assert found.endpoint is None
    assert "the endpoint" not in {gap.what for gap in found.gaps}


def test_what_one_reader_cannot_read_does_not_hide_the_rest(config) -> None:
    broken = answers() | {("s3", "GetObject"): lambda _: {"__body": b"[]"}}
    found = collect(FakeCloud(broken), config, RUN)
    assert [gap.what for gap in found.gaps] == ["evaluation of version 1", "monitor report of March"]
    assert found.packages[0].approval == "Approved"
    assert found.windows[0].label == "March"


def test_metrics_are_asked_of_the_endpoints_own_variants_within_the_rehearsal(config) -> None:
    cloud = FakeCloud(answers())
    collect(cloud, config, RUN)
    request = next(params for name, params in cloud.requests if name == "GetMetricData")
    dimensions = request["MetricDataQueries"][0]["MetricStat"]["Metric"]["Dimensions"]
    assert dimensions == [{"Name": "EndpointName", "Value": NAME}, {"Name": "VariantName", "Value": "champion"}]
    assert request["StartTime"] == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
