"""The endpoint of a model as resources."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import CfnParameter

from infra.serving.model_serving import ModelServing
from tests.infra.world import World, changed, only, resources, statements, text
from tests.support.synthesis import Template, template_of

ENDPOINT = "sagestead-dev-flight-delay"
CONDITIONAL = {
    "AWS::SageMaker::Model",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::Endpoint",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
}


def built(**changes: Any) -> Template:
    def build(stack: Any) -> None:
        world = World(stack, **changes)
        package = CfnParameter(stack, "ModelPackageArn", default="")
        ModelServing(stack, "Serving", **world.common(), model_package=package)

    return template_of(build)


@pytest.fixture(scope="module")
def template() -> Template:
    return built()


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    return {alarm["AlarmName"]: alarm for alarm in resources(template, "AWS::CloudWatch::Alarm")}


def test_without_a_package_there_is_no_endpoint(template: Template) -> None:
    assert template["Conditions"] == {"HasModel": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ModelPackageArn"}, ""]}]}}
    conditional = {each["Type"] for each in template["Resources"].values() if each.get("Condition") == "HasModel"}
    assert conditional == CONDITIONAL


def test_no_conditional_resource_is_left_without_the_condition(template: Template) -> None:
    for resource in template["Resources"].values():
        assert (resource["Type"] in CONDITIONAL) == (resource.get("Condition") == "HasModel")


def test_the_model_is_the_package_of_the_parameter_isolated_in_the_vpc(template: Template) -> None:
    model = only(template, "AWS::SageMaker::Model")
    (container,) = model["Containers"]
    assert container["ModelPackageName"] == {"Ref": "ModelPackageArn"}
    assert model["EnableNetworkIsolation"] is True
    assert model["VpcConfig"] == {
        "SecurityGroupIds": ["sg-0000000b"],
        "Subnets": ["subnet-0000000c", "subnet-0000000d"],
    }


def test_only_the_endpoint_has_a_name_of_its_own(template: Template) -> None:
    assert only(template, "AWS::SageMaker::Endpoint")["EndpointName"] == ENDPOINT
    assert "ModelName" not in only(template, "AWS::SageMaker::Model")
    assert "EndpointConfigName" not in only(template, "AWS::SageMaker::EndpointConfig")


def test_requests_and_answers_are_captured_readable_and_encrypted() -> None:
    template = built(serving__data_capture_percentage=40)
    config = only(template, "AWS::SageMaker::EndpointConfig")
    capture = config["DataCaptureConfig"]
    assert capture["EnableCapture"] is True
    assert capture["InitialSamplingPercentage"] == 40
    assert [option["CaptureMode"] for option in capture["CaptureOptions"]] == ["Input", "Output"]
    assert capture["CaptureContentTypeHeader"] == {
        "CsvContentTypes": ["text/csv"],
        "JsonContentTypes": ["application/json"],
    }
    assert text(capture["DestinationS3Uri"]).endswith("/flight-delay")
    assert capture["KmsKeyId"] == config["KmsKeyId"]


def test_a_percentage_of_0_turns_the_capture_off() -> None:
    capture = only(built(serving__data_capture_percentage=0), "AWS::SageMaker::EndpointConfig")["DataCaptureConfig"]
    assert (capture["EnableCapture"], capture["InitialSamplingPercentage"]) == (False, 0)


def test_the_variant_starts_with_the_fewest_instances_that_autoscaling_allows() -> None:
    template = built(serving__autoscaling__min_instances=3, serving__instance_type="ml.c5.xlarge")
    (variant,) = only(template, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert (variant["VariantName"], variant["InitialInstanceCount"]) == ("champion", 3)
    assert variant["InstanceType"] == "ml.c5.xlarge"


def test_a_deployment_is_a_canary_that_errors_and_latency_roll_back() -> None:
    template = built(
        serving__deployment__canary_percentage=25,
        serving__deployment__canary_wait_seconds=240,
        serving__deployment__termination_wait_seconds=120,
        serving__deployment__maximum_execution_seconds=3600,
    )
    deployment = only(template, "AWS::SageMaker::Endpoint")["DeploymentConfig"]
    assert deployment["BlueGreenUpdatePolicy"] == {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 25},
            "WaitIntervalInSeconds": 240,
        },
        "TerminationWaitInSeconds": 120,
        "MaximumExecutionTimeoutInSeconds": 3600,
    }
    rollback = [each["AlarmName"]["Ref"] for each in deployment["AutoRollbackConfiguration"]["Alarms"]]
    names = {template["Resources"][ref]["Properties"]["AlarmName"] for ref in rollback}
    assert names == {f"{ENDPOINT}-endpoint-errors", f"{ENDPOINT}-endpoint-latency"}


def test_an_update_keeps_the_instances_that_autoscaling_has_added_but_not_old_capture_settings(
    template: Template,
) -> None:
    endpoint = only(template, "AWS::SageMaker::Endpoint")
    assert endpoint["RetainAllVariantProperties"] is True
    assert endpoint["ExcludeRetainedVariantProperties"] == [{"VariantPropertyType": "DataCaptureConfig"}]


def test_autoscaling_tracks_the_invocations_per_instance() -> None:
    changes = {
        "min_instances": 1,
        "max_instances": 6,
        "target_invocations_per_instance": 900,
        "scale_in_cooldown_seconds": 300,
        "scale_out_cooldown_seconds": 60,
    }
    template = built(**{f"serving__autoscaling__{key}": value for key, value in changes.items()})
    target = only(template, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert target["ResourceId"] == f"endpoint/{ENDPOINT}/variant/champion"
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 6)
    policy = only(template, "AWS::ApplicationAutoScaling::ScalingPolicy")
    assert policy["TargetTrackingScalingPolicyConfiguration"] == {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "TargetValue": 900,
        "ScaleInCooldown": 300,
        "ScaleOutCooldown": 60,
    }


def test_autoscaling_waits_for_the_endpoint(template: Template) -> None:
    (target,) = (each for each in template["Resources"].values() if each["Type"].endswith("ScalableTarget"))
    depended = {template["Resources"][name]["Type"] for name in target["DependsOn"]}
    assert "AWS::SageMaker::Endpoint" in depended


def test_every_alarm_tells_people_and_names_its_runbook(template: Template) -> None:
    for alarm in alarms(template).values():
        assert alarm["AlarmActions"]
        assert "Runbook: docs/runbooks/endpoint-" in alarm["AlarmDescription"]


def test_the_error_alarm_looks_at_the_share_of_failed_requests() -> None:
    template = built(serving__alarms__error_rate_percent=2.5)
    alarm = alarms(template)[f"{ENDPOINT}-endpoint-errors"]
    queries = {query["Id"]: query for query in alarm["Metrics"]}
    assert alarm["Threshold"] == 2.5
    assert queries["part"]["MetricStat"]["Metric"]["MetricName"] == "Invocation5XXErrors"
    assert queries["whole"]["MetricStat"]["Metric"]["MetricName"] == "Invocations"
    assert queries["rate"]["ReturnData"] is True


def test_the_latency_threshold_is_in_microseconds() -> None:
    template = built(serving__alarms__latency_p99_milliseconds=300)
    alarm = alarms(template)[f"{ENDPOINT}-endpoint-latency"]
    (query,) = alarm["Metrics"]
    assert query["MetricStat"]["Stat"] == "p99"
    assert query["MetricStat"]["Metric"]["Namespace"] == "AWS/SageMaker"
    assert alarm["Threshold"] == 300_000


def test_the_processor_threshold_counts_all_cores() -> None:
    template = built(serving__instance_type="ml.m5.4xlarge", serving__alarms__cpu_percent=50)
    alarm = alarms(template)[f"{ENDPOINT}-endpoint-processor"]
    (query,) = alarm["Metrics"]
    assert query["MetricStat"]["Metric"]["Namespace"] == "/aws/sagemaker/Endpoints"
    assert alarm["Threshold"] == 50 * 16


def test_period_and_number_of_periods_come_from_the_configuration() -> None:
    template = built(serving__alarms__period_seconds=300, serving__alarms__evaluation_periods=7)
    for alarm in alarms(template).values():
        periods = {query["MetricStat"]["Period"] for query in alarm["Metrics"] if "MetricStat" in query}
        assert (periods, alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == ({300}, 7, 7)


def test_the_endpoint_reads_models_and_writes_captures_of_its_own_model_only(template: Template) -> None:
    (read,) = statements(template, "s3:GetObject")
    (write,) = statements(template, "s3:PutObject")
    assert "Artifacts" in text(read["Resource"])
    assert text(read["Resource"]).endswith("/flight-delay/models/*")
    assert "Capture" in text(write["Resource"])
    assert text(write["Resource"]).endswith("/flight-delay/*")


def test_the_endpoint_starts_no_jobs_and_passes_no_role(template: Template) -> None:
    assert statements(template, "sagemaker:CreateProcessingJob") == []
    assert statements(template, "iam:PassRole") == []


def test_changed_leaves_the_original_as_it_was() -> None:
    seen: list[int] = []

    def build(stack: Any) -> None:
        world = World(stack)
        other = changed(world.model, serving__autoscaling__min_instances=9)
        seen.extend([world.model.serving.autoscaling.min_instances, other.serving.autoscaling.min_instances])

    template_of(build)
    assert seen == [1, 9]
