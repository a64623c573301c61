"""`AWS::SageMaker::*`. Source of Ref, GetAtt and replacement: the CloudFormation template reference of each type."""

from __future__ import annotations

from local.cloud.cloudformation.resource_type import Properties, ResourceType, call
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
    if live["EndpointConfigName"] != wanted["EndpointConfigName"]:
        raise ValueError(
            f"endpoint {live['EndpointName']} was rolled back to {live['EndpointConfigName']}: "
            f"{live.get('FailureReason', 'a rollback alarm fired')}"
        )


def _by_name(properties: Properties, member: str, describe: str) -> Properties:
    """Ref of models and endpoint configurations is an ARN, where the API wants names."""
    value = properties.get(member)
    if not isinstance(value, str) or not value.startswith("arn:"):
        return properties
    return {**properties, member: call(service, describe, {member: value.rpartition("/")[2]})[member]}


def _endpoint(properties: Properties) -> Properties:
    return _by_name(properties, "EndpointConfigName", "DescribeEndpointConfig")


def _endpoint_config(properties: Properties) -> Properties:
    variants = [_by_name(variant, "ModelName", "DescribeModel") for variant in properties.get("ProductionVariants", [])]
    return {**properties, "ProductionVariants": variants}


def _added_features(old: Properties, new: Properties) -> Properties:
    """The API adds features; CloudFormation has the whole list, of which nothing may go."""
    known = {feature["FeatureName"] for feature in old["FeatureDefinitions"]}
    listed = {feature["FeatureName"]: feature for feature in new["FeatureDefinitions"]}
    if gone := sorted(known - set(listed)):
        raise ValueError(f"features cannot be removed from a feature group: {', '.join(gone)}")
    changed = {
        "FeatureAdditions": [feature for name, feature in listed.items() if name not in known],
        "OnlineStoreConfig": _online_change(old, new),
    }
    kept = {key: value for key, value in new.items() if key != "OnlineStoreConfig"}
    return {**kept, **{key: value for key, value in changed.items() if value}}


def _online_change(old: Properties, new: Properties) -> Properties:
    """The API changes the online store's time to live, and nothing else of it."""
    before, after = old.get("OnlineStoreConfig", {}), new.get("OnlineStoreConfig", {})
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    if fixed := sorted(changed - {"TtlDuration"}):
        raise ValueError(f"OnlineStoreConfig of a feature group cannot change in {', '.join(fixed)}")
    return {key: after[key] for key in changed if key in after}


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
        arrange=_endpoint,
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
        replacing=(
            "Description",
            "EventTimeFeatureName",
            "FeatureGroupName",
            "OfflineStoreConfig",
            "RecordIdentifierFeatureName",
            "RoleArn",
        ),
        status="FeatureGroupStatus",
        pending=("Creating", "Deleting"),
        failed=("CreateFailed", "DeleteFailed"),
        max_name=64,
    ),
}
