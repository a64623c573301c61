"""A serving stack's template, and what is seen of it at several moments of its life."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.local.cloud.cloudformation.conftest import Stack, missing
from tests.local.cloud.hosting.conftest import IMAGE, Hosting, archive

OUTPUTS = {
    "ModelArn": {"Ref": "Model"},
    "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
    "ConfigArn": {"Ref": "Config"},
    "ConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
    "EndpointArn": {"Ref": "Endpoint"},
    "EndpointName": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
    "Target": {"Ref": "Target"},
    "TargetId": {"Fn::GetAtt": ["Target", "Id"]},
    "Policy": {"Ref": "Policy"},
    "Alarm": {"Ref": "Alarm"},
    "AlarmArn": {"Fn::GetAtt": ["Alarm", "Arn"]},
}


def alarm(namespace: str) -> dict[str, Any]:
    """Errors for each hundred requests, in metric math; every number a string."""

    def metric(name: str) -> dict[str, Any]:
        stat = {"Metric": {"Namespace": namespace, "MetricName": name}, "Period": "60", "Stat": "Sum"}
        return {"Id": name, "MetricStat": stat, "ReturnData": "false"}

    return {
        "EvaluationPeriods": "1",
        "Threshold": "1",
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "Metrics": [{"Id": "share", "Expression": "100 * errors / calls"}, metric("errors"), metric("calls")],
    }


def resources(hosting: Hosting, name: str, version: str, *, most: int = 2, target: float = 100) -> dict[str, Any]:
    """What the Serving stack has, with numbers and booleans as the strings that CloudFormation allows."""
    key = f"models/{version}/model.tar.gz"
    hosting.s3.put_object(Bucket=hosting.bucket, Key=key, Body=archive(version))
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{hosting.bucket}/{key}"}
    variant = {
        "VariantName": "champion",
        "ModelName": {"Ref": "Model"},
        "InitialVariantWeight": "1.0",
        "InitialInstanceCount": "1",
        "InstanceType": "ml.m5.large",
    }
    routing = {
        "Type": "CANARY",
        "WaitIntervalInSeconds": "2" if version != "watched" else "60",
        "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": "50"},
    }
    deployment = {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "MaximumExecutionTimeoutInSeconds": "600"},
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "Alarm"}}]},
    }
    tracking = {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "TargetValue": str(target),
        "DisableScaleIn": "true",
    }
    properties = {
        "Alarm": ("AWS::CloudWatch::Alarm", alarm(name)),
        "Model": ("AWS::SageMaker::Model", {"PrimaryContainer": container, "ExecutionRoleArn": hosting.role}),
        "Config": ("AWS::SageMaker::EndpointConfig", {"ProductionVariants": [variant]}),
        "Endpoint": (
            "AWS::SageMaker::Endpoint",
            {
                "EndpointName": name,
                "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
                "DeploymentConfig": deployment,
                "RetainAllVariantProperties": "true",
            },
        ),
        "Target": (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {
                "ServiceNamespace": "sagemaker",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ResourceId": f"endpoint/{name}/variant/champion",
                "MinCapacity": "1",
                "MaxCapacity": str(most),
                "Tags": [{"Key": "team", "Value": "flights"}],
            },
        ),
        "Policy": (
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "PolicyName": f"{name}-policy",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": {"Ref": "Target"},
                "TargetTrackingScalingPolicyConfiguration": tracking,
            },
        ),
    }
    made = {name: {"Type": kind, "Properties": values} for name, (kind, values) in properties.items()}
    made["Target"]["DependsOn"] = ["Endpoint"]
    return made


@dataclass
class Seen:
    """What was seen at one moment of the stack's life."""

    status: str
    outputs: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    version: str = ""
    endpoint: dict[str, Any] = field(default_factory=dict)
    target: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)
    alarm: dict[str, Any] = field(default_factory=dict)


@dataclass
class Story:
    """The stack's life in four moments."""

    name: str
    created: Seen
    updated: Seen
    rolled_back: Seen
    reason: str
    gone: dict[str, bool]
    deleted: str
    left: dict[str, bool]


class Watcher:
    """Looks at the stack and at what it made."""

    def __init__(self, hosting: Hosting, stack: Stack, name: str) -> None:
        self.hosting, self.stack, self.name = hosting, stack, name
        self.scaling = hosting.cloud.client("application-autoscaling")
        self.cloudwatch = hosting.cloud.client("cloudwatch")

    def look(self, status: str) -> Seen:
        """Everything, now."""
        assert status != "ROLLBACK_COMPLETE", self.stack.reasons()
        resource = f"endpoint/{self.name}/variant/champion"
        targets = self.scaling.describe_scalable_targets(ServiceNamespace="sagemaker", ResourceIds=[resource])
        policies = self.scaling.describe_scaling_policies(ServiceNamespace="sagemaker", ResourceId=resource)
        ids = self.stack.ids()
        return Seen(
            status,
            self.stack.outputs(),
            ids,
            self.hosting.invoke(self.name)["version"],
            self.hosting.sagemaker.describe_endpoint(EndpointName=self.name),
            targets["ScalableTargets"][0],
            policies["ScalingPolicies"][0],
            self.cloudwatch.describe_alarms(AlarmNames=[ids["Alarm"]])["MetricAlarms"][0],
        )

    def raise_the_alarm_while_the_canary_bakes(self) -> None:
        """The metric goes bad once the new fleet takes requests."""
        self.hosting.wait(
            lambda: self.hosting.sagemaker.describe_endpoint(EndpointName=self.name).get("PendingDeploymentSummary"),
            lambda pending: pending and pending["ProductionVariants"][0]["VariantStatus"][0]["Status"] == "Baking",
            40,
        )
        now = datetime.now(UTC)
        data = [{"MetricName": k, "Value": v, "Timestamp": now} for k, v in (("errors", 5.0), ("calls", 100.0))]
        self.cloudwatch.put_metric_data(Namespace=self.name, MetricData=data)

    def gone(self, seen: Seen) -> dict[str, bool]:
        """Whether what was seen then is gone."""
        sagemaker, outputs = self.hosting.sagemaker, seen.outputs
        found = self.scaling.describe_scalable_targets(
            ServiceNamespace="sagemaker", ResourceIds=[f"endpoint/{self.name}/variant/champion"]
        )
        return {
            "Model": missing(sagemaker.describe_model, ModelName=outputs["ModelName"]),
            "Config": missing(sagemaker.describe_endpoint_config, EndpointConfigName=outputs["ConfigName"]),
            "Endpoint": missing(sagemaker.describe_endpoint, EndpointName=self.name),
            "Target": found["ScalableTargets"] == [],
            "Alarm": self.cloudwatch.describe_alarms(AlarmNames=[outputs["Alarm"]])["MetricAlarms"] == [],
        }
