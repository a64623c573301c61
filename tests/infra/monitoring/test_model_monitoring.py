"""The monitors and the dashboard of a model as resources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.monitoring.model_monitoring import ModelMonitoring
from infra.serving.metrics import EndpointMetrics
from tests.infra.world import World, only, resources, statements, text
from tests.support.synthesis import Template, template_of

MONITOR = "sagestead-dev-flight-delay-data-quality"


def built(**changes: Any) -> Template:
    def build(stack: Any) -> None:
        world = World(stack, **changes)
        metrics = EndpointMetrics("sagestead-dev-flight-delay", "champion")
        ModelMonitoring(stack, "Monitoring", **world.common(), endpoint_metrics=metrics)

    return template_of(build)


@pytest.fixture(scope="module")
def template() -> Template:
    settings = {"window_minutes": 60, "comparison_threshold": 0.5, "schedule": "cron(10 * * * ? *)"}
    return built(**{f"monitoring__data_quality__{key}": value for key, value in settings.items()})


def definition_of(template: Template) -> dict[str, Any]:
    body = only(template, "AWS::SageMaker::Pipeline")["PipelineDefinition"]["PipelineDefinitionBody"]
    parsed: dict[str, Any] = json.loads(text(body))
    return parsed


def job_of(template: Template) -> dict[str, Any]:
    (step,) = definition_of(template)["Steps"]
    job: dict[str, Any] = step["Arguments"]
    return job


def alarm(template: Template, name: str) -> dict[str, Any]:
    (found,) = (each for each in resources(template, "AWS::CloudWatch::Alarm") if each["AlarmName"] == name)
    return found


def test_a_run_is_told_its_window_and_what_to_compare(template: Template) -> None:
    environment = job_of(template)["Environment"]
    assert environment == {
        "LOG_LEVEL": "DEBUG",
        "endpoint_name": "sagestead-dev-flight-delay",
        "model_name": "flight-delay",
        "schedule_name": MONITOR,
        "capture_uri": environment["capture_uri"],
        "window_start": {"Get": "Parameters.WindowStart"},
        "window_end": {"Get": "Parameters.WindowEnd"},
        "window_minutes": "60",
        "comparison_threshold": "0.5",
        "publish_cloudwatch_metrics": "Enabled",
        "output_path": "/opt/ml/processing/output",
    }
    assert environment["capture_uri"].endswith("/flight-delay")


def test_the_window_s_end_must_be_given_and_its_start_need_not(template: Template) -> None:
    parameters = {each["Name"]: each.get("DefaultValue") for each in definition_of(template)["Parameters"]}
    assert parameters == {"WindowEnd": None, "WindowStart": ""}


def test_the_reports_of_each_run_have_a_folder_of_their_own(template: Template) -> None:
    (output,) = job_of(template)["ProcessingOutputConfig"]["Outputs"]
    folder, execution = output["S3Output"]["S3Uri"]["Std:Join"]["Values"]
    assert folder.endswith("/reports/flight-delay/data-quality")
    assert execution == {"Get": "Execution.PipelineExecutionId"}


def test_a_run_is_never_answered_from_the_cache(template: Template) -> None:
    (step,) = definition_of(template)["Steps"]
    assert "CacheConfig" not in step


def test_the_schedule_passes_the_scheduled_time_as_the_window_s_end(template: Template) -> None:
    schedule = only(template, "AWS::Scheduler::Schedule")
    assert schedule["ScheduleExpression"] == "cron(10 * * * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "UTC"
    assert text(schedule["Target"]["Arn"]).endswith(":scheduler:::aws-sdk:sagemaker:startPipelineExecution")
    request = json.loads(schedule["Target"]["Input"])
    assert request["PipelineName"] == MONITOR
    assert request["PipelineParameters"] == [{"Name": "WindowEnd", "Value": "<aws.scheduler.scheduled-time>"}]


def test_the_schedule_starts_this_pipeline_only_and_keeps_what_it_cannot_start(template: Template) -> None:
    (start,) = statements(template, "sagemaker:StartPipelineExecution")
    assert text(start["Resource"]).endswith(f"pipeline/{MONITOR}")
    target = only(template, "AWS::Scheduler::Schedule")["Target"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 900, "MaximumRetryAttempts": 3}
    assert "DeadLetter" in text(target["DeadLetterConfig"]["Arn"])
    assert alarm(template, f"{MONITOR}-schedule-dead-letters")["Threshold"] == 1


def test_one_violation_raises_the_drift_alarm(template: Template) -> None:
    drift = alarm(template, f"{MONITOR}-drift")
    (query,) = drift["Metrics"]
    metric = query["MetricStat"]["Metric"]
    assert (metric["Namespace"], metric["MetricName"]) == ("Sagestead/Monitoring", "Violations")
    assert metric["Dimensions"] == [
        {"Name": "Model", "Value": "flight-delay"},
        {"Name": "Monitor", "Value": "data-quality"},
    ]
    assert (drift["ComparisonOperator"], drift["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert drift["TreatMissingData"] == "notBreaching"
    assert "docs/runbooks/data-drift.md" in drift["AlarmDescription"]
    assert drift["AlarmActions"]


def test_the_settings_of_the_monitor_reach_its_resources() -> None:
    settings = {
        "schedule": "rate(6 hours)",
        "window_minutes": 360,
        "comparison_threshold": 0.2,
        "instance_type": "ml.c5.xlarge",
        "volume_gib": 55,
        "max_runtime_minutes": 4,
    }
    alarms = {"evaluation_periods": 3, "datapoints_to_alarm": 2, "period_seconds": 600}
    paths = {f"monitoring__data_quality__{key}": value for key, value in settings.items()}
    paths |= {f"monitoring__data_quality__alarm__{key}": value for key, value in alarms.items()}
    template = built(**paths)
    job, cluster = job_of(template), job_of(template)["ProcessingResources"]["ClusterConfig"]
    assert only(template, "AWS::Scheduler::Schedule")["ScheduleExpression"] == "rate(6 hours)"
    assert job["Environment"]["window_minutes"] == "360"
    assert job["Environment"]["comparison_threshold"] == "0.2"
    assert (cluster["InstanceType"], cluster["VolumeSizeInGB"]) == ("ml.c5.xlarge", 55)
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 240}
    drift = alarm(template, f"{MONITOR}-drift")
    assert (drift["EvaluationPeriods"], drift["DatapointsToAlarm"]) == (3, 2)
    assert drift["Metrics"][0]["MetricStat"]["Period"] == 600


def test_the_monitor_may_write_reports_but_no_captured_requests(template: Template) -> None:
    (write,) = statements(template, "s3:PutObject")
    assert text(write["Resource"]).endswith("/reports/flight-delay/data-quality/*")


def test_the_monitor_publishes_to_its_own_namespaces(template: Template) -> None:
    (statement,) = statements(template, "cloudwatch:PutMetricData")
    namespaces = statement["Condition"]["StringLike"]["cloudwatch:namespace"]
    assert namespaces == ["/aws/sagemaker/*", "aws/sagemaker/Endpoints/data-metrics", "Sagestead/Monitoring"]


def test_the_monitor_changes_nothing_of_the_endpoint(template: Template) -> None:
    for action in ("sagemaker:UpdateEndpoint", "sagemaker:CreateModel", "sagemaker:CreateTrainingJob"):
        assert statements(template, action) == []


def test_a_failed_run_reaches_the_alarm_topic_with_its_runbook(template: Template) -> None:
    rule = only(template, "AWS::Events::Rule")
    assert text(rule["EventPattern"]["detail"]["pipelineArn"]).endswith(f"pipeline/{MONITOR}")
    assert "docs/runbooks/monitor-failed.md" in rule["Targets"][0]["InputTransformer"]["InputTemplate"]


def widgets_of(template: Template) -> list[dict[str, Any]]:
    body = json.loads(text(only(template, "AWS::CloudWatch::Dashboard")["DashboardBody"]))
    found: list[dict[str, Any]] = body["widgets"]
    return found


def test_the_dashboard_shows_drift_of_every_feature(template: Template) -> None:
    (drift,) = (each for each in widgets_of(template) if "Drift" in each["properties"]["title"])
    metrics = drift["properties"]["metrics"]
    assert len(metrics) == 16
    assert metrics[0] == [
        "aws/sagemaker/Endpoints/data-metrics",
        "feature_baseline_drift_carrier",
        "Endpoint",
        "sagestead-dev-flight-delay",
        "MonitoringSchedule",
        MONITOR,
        {"stat": "Maximum", "label": "carrier"},
    ]
    assert drift["properties"]["annotations"]["horizontal"][0]["value"] == 0.5


def test_the_dashboard_s_widgets_do_not_overlap(template: Template) -> None:
    taken = [
        (x, y)
        for widget in widgets_of(template)
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
