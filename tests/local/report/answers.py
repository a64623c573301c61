"""What the AWS APIs answer after a rehearsal, with the names and shapes of the platform."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.local.report.cloud import Answer, error
from tests.local.report.documents import ARN, DEFINITION, EVALUATION, EXECUTION, GROUP, MONITORED, NAME, REPORT

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def answers() -> dict[tuple[str, str], Answer]:
    """A whole, healthy cloud."""
    return {**_control_plane(), **_sagemaker(), **_data()}


def _control_plane() -> dict[tuple[str, str], Answer]:
    stack = {"StackName": "sagestead-local-network", "CreationTime": NOON, "StackStatus": "CREATE_COMPLETE"}
    serving = {**stack, "StackName": f"{NAME}-serving", "LastUpdatedTime": NOON.replace(minute=4)}
    others = [{**stack, "StackName": "CDKToolkit"}, {**stack, "StackName": "sagestead-dev-network"}]
    alarm = {
        "AlarmName": f"{NAME}-data-quality-drift",
        "AlarmDescription": "Drift. Runbook: docs/runbooks/drift.md",
        "StateValue": "OK",
        "StateUpdatedTimestamp": NOON.replace(minute=3),
    }
    changes = [
        {
            "AlarmName": alarm["AlarmName"],
            "Timestamp": NOON.replace(minute=minute),
            "HistorySummary": f"Alarm updated from {old} to {new}",
            "HistoryData": json.dumps({"newState": {"stateValue": new, "stateReason": "Threshold Crossed"}}),
        }
        for minute, old, new in ((2, "ALARM", "OK"), (2, "OK", "ALARM"))
    ]
    return {
        ("cloudformation", "DescribeStacks"): {"Stacks": [serving, stack, *others]},
        ("cloudformation", "ListStackResources"): {"StackResourceSummaries": [_resource("A"), _resource("B")]},
        ("cloudwatch", "DescribeAlarms"): {"MetricAlarms": [alarm, {**alarm, "AlarmName": "somebody-elses"}]},
        ("cloudwatch", "DescribeAlarmHistory"): {"AlarmHistoryItems": changes},
        ("cloudwatch", "GetMetricData"): _metric_data,
        ("application-autoscaling", "DescribeScalableTargets"): {"ScalableTargets": [_target()]},
        ("application-autoscaling", "DescribeScalingPolicies"): {"ScalingPolicies": [_policy()]},
        ("application-autoscaling", "DescribeScalingActivities"): {"ScalingActivities": []},
    }


def _resource(name: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": name,
        "ResourceType": "AWS::S3::Bucket",
        "LastUpdatedTimestamp": NOON,
        "ResourceStatus": "CREATE_COMPLETE",
    }


def _scaling() -> dict[str, Any]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{NAME}/variant/champion",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "CreationTime": NOON,
    }


def _target() -> dict[str, Any]:
    return {**_scaling(), "MinCapacity": 1, "MaxCapacity": 2, "RoleARN": "arn:aws:iam::000000000000:role/scaling"}


def _policy() -> dict[str, Any]:
    tracked = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    return {
        **_scaling(),
        "PolicyARN": "arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:x",
        "PolicyName": "invocations",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 1000.0, "PredefinedMetricSpecification": tracked},
    }


def _metric_data(request: dict[str, Any]) -> dict[str, Any]:
    values = {"invocations": [1720.0, 1280.0], "latency_p50_ms": [2900.0], "latency_p99_ms": [8100.0]}
    results = []
    for query in request["MetricDataQueries"]:
        found = values.get(query["Id"], [])
        times = [NOON.replace(minute=2, second=10 * index) for index in range(len(found))]
        # Newest first, as CloudWatch answers unless told otherwise.
        results.append({"Id": query["Id"], "Timestamps": times[::-1], "Values": found[::-1], "StatusCode": "Complete"})
    return {"MetricDataResults": results}


def _sagemaker() -> dict[tuple[str, str], Answer]:
    return {
        ("sagemaker", "DescribePipeline"): {"PipelineArn": f"{ARN}:pipeline/x", "PipelineDefinition": _definition()},
        ("sagemaker", "DescribePipelineExecution"): {
            "PipelineExecutionStatus": "Succeeded",
            "CreationTime": NOON,
            "LastModifiedTime": NOON.replace(minute=1),
        },
        ("sagemaker", "ListPipelineParametersForExecution"): {
            "PipelineParameters": [{"Name": "DataVersion", "Value": "landed-1"}]
        },
        ("sagemaker", "ListPipelineExecutionSteps"): _steps,
        ("sagemaker", "DescribeProcessingJob"): _processing_job(),
        ("sagemaker", "ListModelPackages"): {"ModelPackageSummaryList": [_package_summary()]},
        ("sagemaker", "DescribeModelPackage"): _package(),
        ("sagemaker", "DescribeEndpoint"): _endpoint(),
        ("sagemaker", "DescribeEndpointConfig"): {
            "EndpointConfigName": "config-1",
            "EndpointConfigArn": f"{ARN}:endpoint-config/config-1",
            "CreationTime": NOON,
            "ProductionVariants": [{"VariantName": "champion", "ModelName": "model-1", "InstanceType": "ml.m5.large"}],
        },
        ("sagemaker", "DescribeModel"): {
            "ModelName": "model-1",
            "CreationTime": NOON,
            "ModelArn": f"{ARN}:model/model-1",
            "Containers": [{"ModelPackageName": f"{GROUP}/1"}],
        },
    }


def _definition() -> str:
    return json.dumps(DEFINITION)


def _steps(request: dict[str, Any]) -> dict[str, Any]:
    if request["PipelineExecutionArn"] == MONITORED:
        job = {"Arn": f"{ARN}:processing-job/analyze-1"}
        return {"PipelineExecutionSteps": [{"StepName": "Analyze", "Metadata": {"ProcessingJob": job}}]}
    prepare = {
        "StepName": "Prepare",
        "StepStatus": "Succeeded",
        "StartTime": NOON,
        "EndTime": NOON.replace(second=14),
        "CacheHitResult": {"SourcePipelineExecutionArn": EXECUTION},
    }
    train = {
        "StepName": "Train",
        "StepStatus": "Failed",
        "StartTime": NOON.replace(second=14),
        "EndTime": NOON.replace(second=30),
        "FailureReason": "AlgorithmError",
    }
    return {"PipelineExecutionSteps": [train, prepare]}


def _processing_job() -> dict[str, Any]:
    output = {"S3Uri": "s3://capture/reports/1", "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}
    return {
        "ProcessingJobName": "analyze-1",
        "ProcessingJobArn": f"{ARN}:processing-job/analyze-1",
        "ProcessingJobStatus": "Completed",
        "CreationTime": NOON,
        "AppSpecification": {"ImageUri": "analyzer"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
        },
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "reports", "S3Output": output}]},
    }


def _package_summary() -> dict[str, Any]:
    return {
        "ModelPackageGroupName": NAME,
        "ModelPackageVersion": 1,
        "ModelPackageArn": f"{GROUP}/1",
        "CreationTime": NOON,
        "ModelPackageStatus": "Completed",
        "ModelApprovalStatus": "Approved",
    }


def _package() -> dict[str, Any]:
    statistics = {"ContentType": "application/json", "S3Uri": "s3://artifacts/evaluation/evaluation.json"}
    return {
        **_package_summary(),
        "ModelPackageName": NAME,
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "ModelMetrics": {"ModelQuality": {"Statistics": statistics}},
        "CustomerMetadataProperties": {"DataVersion": "landed-1", "TrainingDays": "59"},
    }


def _endpoint() -> dict[str, Any]:
    return {
        "EndpointName": NAME,
        "EndpointArn": f"{ARN}:endpoint/{NAME}",
        "EndpointConfigName": "config-1",
        "EndpointStatus": "InService",
        "CreationTime": NOON,
        "LastModifiedTime": NOON,
        "ProductionVariants": [
            {"VariantName": "champion", "CurrentInstanceCount": 2, "DesiredInstanceCount": 2, "CurrentWeight": 1.0}
        ],
        "DataCaptureConfig": {
            "EnableCapture": True,
            "CaptureStatus": "Started",
            "CurrentSamplingPercentage": 100,
            "DestinationS3Uri": "s3://capture/data",
            "KmsKeyId": "key",
        },
    }


def _data() -> dict[tuple[str, str], Answer]:
    objects = {
        "evaluation/evaluation.json": json.dumps(EVALUATION).encode(),
        "reports/1/report.json": json.dumps(REPORT).encode(),
    }

    def get(request: dict[str, Any]) -> dict[str, Any]:
        if request["Key"] not in objects:
            raise error("NoSuchKey", "The specified key does not exist.", "GetObject")
        return {"__body": objects[request["Key"]]}

    return {("s3", "GetObject"): get}
