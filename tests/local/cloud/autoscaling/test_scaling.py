"""Application Auto Scaling of endpoints, driven with boto3."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud
DIMENSION = {"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}


class Scaling:
    """One endpoint's variant as a scalable target."""

    def __init__(self, hosting: Any, name: str) -> None:
        self.hosting, self.name = hosting, name
        self.client = hosting.cloud.client("application-autoscaling")
        self.target = {**DIMENSION, "ResourceId": f"endpoint/{name}/variant/champion"}

    def register(self, least: int, most: int) -> str:
        return str(
            self.client.register_scalable_target(**self.target, MinCapacity=least, MaxCapacity=most)[
                "ScalableTargetARN"
            ]
        )

    def track(self, **configuration: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.client.put_scaling_policy(
            **self.target,
            PolicyName="track",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=configuration,
        )
        return found

    def count(self) -> int:
        variant = self.hosting.sagemaker.describe_endpoint(EndpointName=self.name)["ProductionVariants"][0]
        return int(variant["CurrentInstanceCount"])

    def activities(self) -> list[dict[str, Any]]:
        request = {key: value for key, value in self.target.items() if key != "ScalableDimension"}
        found: list[dict[str, Any]] = self.client.describe_scaling_activities(**request)["ScalingActivities"]
        return found


@pytest.fixture
def scaling(hosting: Any) -> Scaling:
    return Scaling(hosting, hosting.endpoint(hosting.config(("champion", "v1", 1.0, 1))))


def test_requests_over_the_target_start_instances_within_the_limit(scaling: Scaling) -> None:
    scaling.register(1, 2)
    scaling.track(
        TargetValue=5.0,
        PredefinedMetricSpecification={"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        ScaleOutCooldown=0,
    )
    for _ in range(40):
        scaling.hosting.invoke(scaling.name)
    scaling.hosting.wait(scaling.count, lambda count: count == 2)
    activity = scaling.activities()[0]
    assert activity["Description"] == "Setting desired instance count to 2."
    assert activity["StatusCode"] == "Successful"
    assert re.match(r"monitor alarm TargetTracking-endpoint/.*-AlarmHigh.* triggered policy track", activity["Cause"])
    pids = {scaling.hosting.invoke(scaling.name)["pid"] for _ in range(10)}
    assert len(pids) == 2


def test_a_customized_metric_scales_in_after_its_cooldown_only(scaling: Scaling) -> None:
    cloudwatch = scaling.hosting.cloud.client("cloudwatch")
    metric = {"Namespace": "Test", "MetricName": f"load-{scaling.name}", "Statistic": "Maximum"}

    def put(value: float) -> None:
        data = {"MetricName": metric["MetricName"], "Value": value, "Timestamp": datetime.now(UTC)}
        cloudwatch.put_metric_data(Namespace="Test", MetricData=[data])

    scaling.register(2, 3)
    scaling.hosting.wait(scaling.count, lambda count: count == 2)
    scaling.client.register_scalable_target(**scaling.target, MinCapacity=1)
    put(1.0)
    scaling.track(TargetValue=10.0, CustomizedMetricSpecification=metric, ScaleInCooldown=3600)
    time.sleep(4)
    assert scaling.count() == 2
    scaling.track(TargetValue=10.0, CustomizedMetricSpecification=metric, ScaleInCooldown=0, DisableScaleIn=True)
    time.sleep(4)
    assert scaling.count() == 2
    scaling.track(TargetValue=10.0, CustomizedMetricSpecification=metric, ScaleInCooldown=0)
    scaling.hosting.wait(scaling.count, lambda count: count == 1)
    assert "minimum capacity was set to 2" in scaling.activities()[-1]["Cause"]


def test_targets_and_policies_are_described_and_forgotten(scaling: Scaling) -> None:
    arn = scaling.register(1, 2)
    assert re.fullmatch(r"arn:aws:application-autoscaling:us-east-1:000000000000:scalable-target/[0-9a-f]{36}", arn)
    assert scaling.register(1, 4) == arn
    found = scaling.client.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[scaling.target["ResourceId"]]
    )["ScalableTargets"]
    assert [(target["MinCapacity"], target["MaxCapacity"]) for target in found] == [(1, 4)]
    assert found[0]["RoleARN"].endswith("AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint")
    scaling.client.tag_resource(ResourceARN=arn, Tags={"team": "flights"})
    assert scaling.client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"team": "flights"}
    scaling.client.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert scaling.client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {}
    invocations = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    made = scaling.track(TargetValue=1000.0, PredefinedMetricSpecification=invocations)
    policies = scaling.client.describe_scaling_policies(ServiceNamespace="sagemaker", PolicyNames=["track"])
    assert made["PolicyARN"] in [policy["PolicyARN"] for policy in policies["ScalingPolicies"]]
    scaling.client.delete_scaling_policy(**scaling.target, PolicyName="track")
    with pytest.raises(scaling.client.exceptions.ObjectNotFoundException, match="scaling policy track"):
        scaling.client.delete_scaling_policy(**scaling.target, PolicyName="track")
    scaling.client.deregister_scalable_target(**scaling.target)
    with pytest.raises(scaling.client.exceptions.ObjectNotFoundException, match="No scalable target found"):
        scaling.client.deregister_scalable_target(**scaling.target)


@pytest.mark.parametrize(
    ("resource", "problem"),
    [
        ("endpoint/nothing/variant/champion", "Could not find endpoint"),
        ("endpoint/{}/variant/challenger", "Could not find production variant 'challenger'"),
        ("variant/champion", "Unsupported resource ID"),
    ],
)
def test_a_target_that_does_not_exist_is_refused(hosting: Any, endpoint: str, resource: str, problem: str) -> None:
    client = hosting.cloud.client("application-autoscaling")
    with pytest.raises(client.exceptions.ValidationException, match=problem):
        client.register_scalable_target(**DIMENSION, ResourceId=resource.format(endpoint), MinCapacity=1, MaxCapacity=2)


def test_limits_and_namespaces_that_do_not_fit_are_refused(hosting: Any, endpoint: str) -> None:
    scaling = Scaling(hosting, endpoint)
    with pytest.raises(ClientError, match="Maximum capacity cannot be less"):
        scaling.register(3, 2)
    with pytest.raises(ClientError, match="MaxCapacity is required"):
        scaling.client.register_scalable_target(**scaling.target, MinCapacity=1)
    with pytest.raises(ClientError, match=r"scales sagemaker .* only, not dynamodb"):
        scaling.client.register_scalable_target(
            ServiceNamespace="dynamodb",
            ScalableDimension="dynamodb:table:ReadCapacityUnits",
            ResourceId="table/t",
            MinCapacity=1,
            MaxCapacity=2,
        )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"PolicyType": "StepScaling"}, "does not run StepScaling policies"),
        ({"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 1.0}}, "Give either Predefined"),
        (
            {
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 1.0,
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
                }
            },
            "not ECSServiceAverageCPUUtilization",
        ),
    ],
)
def test_a_policy_that_is_not_run_is_refused(hosting: Any, endpoint: str, change: dict[str, Any], problem: str) -> None:
    scaling = Scaling(hosting, endpoint)
    scaling.register(1, 2)
    request = {**scaling.target, "PolicyName": "p", "PolicyType": "TargetTrackingScaling", **change}
    with pytest.raises(ClientError, match=problem):
        scaling.client.put_scaling_policy(**request)


def test_a_policy_needs_its_target(hosting: Any) -> None:
    scaling = Scaling(hosting, "nothing")
    with pytest.raises(scaling.client.exceptions.ObjectNotFoundException, match="No scalable target found"):
        scaling.track(TargetValue=1.0)


def test_scheduled_actions_are_refused_by_name(hosting: Any, endpoint: str) -> None:
    scaling = Scaling(hosting, endpoint)
    with pytest.raises(ClientError, match="does not support application-autoscaling:PutScheduledAction"):
        scaling.client.put_scheduled_action(
            **scaling.target,
            ScheduledActionName="night",
            Schedule="rate(1 day)",
            ScalableTargetAction={"MinCapacity": 1},
        )
