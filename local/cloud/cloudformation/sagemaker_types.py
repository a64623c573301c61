"""`AWS::SageMaker::*`. Source of Ref, GetAtt and replacement: the CloudFormation template reference of each type."""

from __future__ import annotations

from typing import Any

from local.cloud.cloudformation.resource_type import Properties, ResourceType
from local.cloud.sagemaker.control import service


def _pipeline(properties: Properties) -> Properties:
    """CloudFormation nests the definition; the API has it flat."""
    rest = dict(properties)
    definition = rest.pop("PipelineDefinition", {})
    if "PipelineDefinitionS3Location" in definition:
        raise ValueError("the local cloud takes PipelineDefinitionBody, not PipelineDefinitionS3Location")
    return {**rest, "PipelineDefinition": definition.get("PipelineDefinitionBody")}


def _endpoint_is_as_wanted(wanted: Properties, live: Properties) -> None:
    """A deployment that the guardrails rolled back leaves the old configuration InService: that is a failure here."""
    name = wanted["EndpointConfigName"].rpartition("/")[2]
    if live["EndpointConfigName"] != name:
        raise ValueError(
            f"endpoint {live['EndpointName']} was rolled back to {live['EndpointConfigName']}: "
            f"{live.get('FailureReason', 'a rollback alarm fired')}"
        )


def _names(*members: str) -> Any:
    """Ref of models and endpoint configurations is an ARN, where the API wants names."""

    def arrange(properties: Properties) -> Properties:
        return {k: v.rpartition("/")[2] if k in members and isinstance(v, str) else v for k, v in properties.items()}

    return arrange


def _endpoint_config(properties: Properties) -> Properties:
    variants = [_names("ModelName")(variant) for variant in properties.get("ProductionVariants", [])]
    return {**properties, "ProductionVariants": variants}


def _added_features(old: Properties, new: Properties) -> Properties:
    """The API adds features; CloudFormation has the whole list, of which nothing may go."""
    known = {feature["FeatureName"] for feature in old["FeatureDefinitions"]}
    listed = {feature["FeatureName"]: feature for feature in new["FeatureDefinitions"]}
    if gone := sorted(known - set(listed)):
        raise ValueError(f"features cannot be removed from a feature group: {', '.join(gone)}")
    return {**new, "FeatureAdditions": [feature for name, feature in listed.items() if name not in known]}


TYPES: dict[str, ResourceType] = {
    "AWS::SageMaker::Model": ResourceType(
        service=service,
        create="CreateModel",
        describe="DescribeModel",
        delete="DeleteModel",
        name="ModelName",
        reference="ModelArn",
        attributes={"ModelName": "ModelName"},
        replacing=(
            "Containers",
            "EnableNetworkIsolation",
            "ExecutionRoleArn",
            "InferenceExecutionConfig",
            "ModelName",
            "PrimaryContainer",
            "VpcConfig",
        ),
    ),
    "AWS::SageMaker::EndpointConfig": ResourceType(
        service=service,
        create="CreateEndpointConfig",
        describe="DescribeEndpointConfig",
        delete="DeleteEndpointConfig",
        name="EndpointConfigName",
        reference="EndpointConfigArn",
        attributes={"EndpointConfigName": "EndpointConfigName"},
        arrange=_endpoint_config,
        replacing=(
            "AsyncInferenceConfig",
            "DataCaptureConfig",
            "EnableNetworkIsolation",
            "EndpointConfigName",
            "ExecutionRoleArn",
            "ExplainerConfig",
            "KmsKeyId",
            "ProductionVariants",
            "ShadowProductionVariants",
            "VpcConfig",
        ),
    ),
    "AWS::SageMaker::Endpoint": ResourceType(
        service=service,
        create="CreateEndpoint",
        update="UpdateEndpoint",
        describe="DescribeEndpoint",
        delete="DeleteEndpoint",
        name="EndpointName",
        reference="EndpointArn",
        attributes={"EndpointName": "EndpointName"},
        arrange=_names("EndpointConfigName"),
        replacing=("EndpointName",),
        status="EndpointStatus",
        pending=("Creating", "Updating", "SystemUpdating", "RollingBack"),
        failed=("Failed", "OutOfService", "UpdateRollbackFailed"),
        check=_endpoint_is_as_wanted,
    ),
    "AWS::SageMaker::Pipeline": ResourceType(
        service=service,
        create="CreatePipeline",
        update="UpdatePipeline",
        describe="DescribePipeline",
        delete="DeletePipeline",
        name="PipelineName",
        arrange=_pipeline,
        replacing=("PipelineName",),
        max_name=256,
    ),
    "AWS::SageMaker::ModelPackageGroup": ResourceType(
        service=service,
        create="CreateModelPackageGroup",
        describe="DescribeModelPackageGroup",
        delete="DeleteModelPackageGroup",
        name="ModelPackageGroupName",
        reference="ModelPackageGroupArn",
        attributes={
            "ModelPackageGroupArn": "ModelPackageGroupArn",
            "ModelPackageGroupStatus": "ModelPackageGroupStatus",
            "CreationTime": "CreationTime",
        },
        replacing=("ModelPackageGroupName", "ModelPackageGroupDescription"),
    ),
    "AWS::SageMaker::FeatureGroup": ResourceType(
        service=service,
        create="CreateFeatureGroup",
        update="UpdateFeatureGroup",
        change=_added_features,
        update_properties=("FeatureAdditions", "OnlineStoreConfig", "ThroughputConfig"),
        describe="DescribeFeatureGroup",
        delete="DeleteFeatureGroup",
        name="FeatureGroupName",
        attributes={"CreationTime": "CreationTime", "FeatureGroupStatus": "FeatureGroupStatus"},
        replacing=("FeatureGroupName", "RecordIdentifierFeatureName", "EventTimeFeatureName", "RoleArn"),
        status="FeatureGroupStatus",
        pending=("Creating", "Deleting"),
        failed=("CreateFailed", "DeleteFailed"),
        max_name=64,
    ),
}
