"""Reading single answers of the APIs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from local.report.facts import Package, Window
from local.report.sources import alarms, packages, pipelines, serving, stacks, traffic, windows
from local.report.sources.reading import Reader, moment, number
from tests.local.report.answers import NOON, answers
from tests.local.report.cloud import FakeCloud, error
from tests.local.report.documents import ARN, DEFINITION, MONITORED, NAME, REPORT


def test_a_graph_has_references_orders_and_branches_as_dependencies() -> None:
    graph = {step.name: (set(step.after), step.branch) for step in pipelines.graph(DEFINITION)}
    assert graph == {
        "Prepare": (set(), ""),
        "Train": ({"Prepare"}, ""),
        "Baseline": ({"Prepare"}, ""),
        "Evaluate": ({"Train"}, ""),
        "QualityGate": ({"Evaluate"}, ""),
        "Register-RegisterModel": ({"QualityGate", "Train", "Baseline"}, "if"),
        "Reject": ({"QualityGate"}, "else"),
    }


def test_a_model_step_goes_by_the_name_that_it_was_given() -> None:
    names = [step.short for step in pipelines.graph(DEFINITION)]
    assert names[-2:] == ["Register", "Reject"]


@pytest.mark.parametrize(
    ("seconds", "period"), [(1, 5), (1000, 5), (1001, 10), (7200, 60), (86400, 900), (400 * 86400, 86400)]
)
def test_the_period_is_the_shortest_that_makes_few_enough_points(seconds, period) -> None:
    assert traffic.period_of(NOON, NOON + timedelta(seconds=seconds)) == period


def test_metrics_of_several_pages_are_put_together() -> None:
    def answer(request):
        later = "NextToken" in request
        result = {
            "Id": "invocations",
            "Timestamps": [NOON.replace(second=5 if later else 0)],
            "Values": [2.0 if later else 1.0],
        }
        return {"MetricDataResults": [result]} | ({} if later else {"NextToken": "more"})

    cloud = FakeCloud({("cloudwatch", "GetMetricData"): answer})
    (found,) = traffic.read(cloud, NAME, ["champion"], NOON, NOON.replace(minute=5))
    assert found.invocations.values == (1.0, 2.0)


def test_percentiles_of_two_periods_are_not_put_together() -> None:
    def answer(request):
        times = [NOON - timedelta(days=1), NOON]
        return {"MetricDataResults": [{"Id": "latency_p99_ms", "Timestamps": times, "Values": [1.0, 2.0]}]}

    cloud = FakeCloud({("cloudwatch", "GetMetricData"): answer})
    (found,) = traffic.read(cloud, NAME, ["champion"], NOON, NOON.replace(minute=5))
    assert found.overall_p99_ms is None


@pytest.mark.parametrize("text", ["", "soon", None, 3])
def test_what_is_no_time_is_none(text) -> None:
    assert moment(text) is None


def test_times_are_in_utc() -> None:
    assert moment("2026-11-23T14:00:00+02:00") == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert moment(datetime(2026, 11, 23, 12, 0)) == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("value", "read"), [(1, 1.0), (0.5, 0.5), ("NaN", None), (True, None), (float("inf"), None)])
def test_only_finite_numbers_are_numbers(value, read) -> None:
    assert number(value) == read
    assert number(float("nan")) is None


@pytest.mark.parametrize(
    "curve", [{}, {"false_positive_rates": [0.0, 1.0], "true_positive_rates": [0.0]}, {"false_positive_rates": [0.0]}]
)
def test_an_incomplete_roc_curve_is_none(curve) -> None:
    evaluation = {"binary_classification_metrics": {"receiver_operating_characteristic_curve": curve}}
    assert packages.evaluated(Package("arn", 1, "Approved"), evaluation).roc is None


def test_a_package_without_metrics_is_shown_without_them() -> None:
    table = answers()
    described = {k: v for k, v in table["sagemaker", "DescribeModelPackage"].items() if k != "ModelMetrics"}
    reader = Reader()
    (found,) = packages.read(FakeCloud({**table, ("sagemaker", "DescribeModelPackage"): described}), NAME, reader)
    assert (found.metrics, found.approval, reader.gaps) == ((), "Approved", [])


def test_an_execution_without_a_processing_job_leaves_a_gap() -> None:
    steps = {"PipelineExecutionSteps": [{"StepName": "Analyze", "Metadata": {}}]}
    reader = Reader()
    entry = {"label": "June", "execution_arn": MONITORED}
    cloud = FakeCloud({("sagemaker", "ListPipelineExecutionSteps"): steps})
    (found,) = windows.read(cloud, [entry], reader)
    assert found.violations is None
    assert "ran no processing job" in reader.gaps[0].why


def test_shares_that_fit_neither_edges_nor_categories_are_refused() -> None:
    feature = {**REPORT["features"][0], "baseline": {"edges": [0.0, 1.0], "shares": [0.5, 0.5]}}
    with pytest.raises(ValueError, match="2 shares fit neither 2 edges nor 0 categories"):
        windows.filled(Window("March", MONITORED), {**REPORT, "features": [feature]})


def test_a_history_that_cannot_be_read_is_left_out_entry_by_entry() -> None:
    items = [
        {"Timestamp": NOON, "HistorySummary": "Alarm updated from OK to ALARM", "HistoryData": "no JSON"},
        {"Timestamp": NOON, "HistorySummary": "something else"},
    ]
    table = {**answers(), ("cloudwatch", "DescribeAlarmHistory"): {"AlarmHistoryItems": items}}
    (found,) = alarms.read(FakeCloud(table), "local", Reader())
    assert [(change.new, change.reason) for change in found.history] == [("ALARM", "")]


def test_a_deleted_stack_is_not_shown() -> None:
    gone = {"StackName": "sagestead-local-old", "CreationTime": NOON, "StackStatus": "DELETE_COMPLETE"}
    assert stacks.read(FakeCloud({("cloudformation", "DescribeStacks"): {"Stacks": [gone]}}), "local", Reader()) == ()


def test_an_endpoint_that_may_not_be_described_is_an_error() -> None:
    denied = FakeCloud({("sagemaker", "DescribeEndpoint"): error("AccessDeniedException", "no")})
    with pytest.raises(Exception, match="AccessDenied"):
        serving.read(denied, NAME, Reader())


def test_step_scaling_and_models_without_a_package_are_told_as_they_are() -> None:
    table = answers()
    (policy,) = table["application-autoscaling", "DescribeScalingPolicies"]["ScalingPolicies"]
    stepwise = {k: v for k, v in policy.items() if not k.startswith("TargetTracking")} | {"PolicyType": "StepScaling"}
    table["application-autoscaling", "DescribeScalingPolicies"] = {"ScalingPolicies": [stepwise]}
    table["sagemaker", "DescribeModel"] = {"ModelName": "m", "CreationTime": NOON, "ModelArn": f"{ARN}:model/m"}
    found = serving.read(FakeCloud(table), NAME, Reader())
    assert found is not None
    assert found.variants[0].scaling_policies == ("invocations (StepScaling)",)
    assert found.package_arn is None
