"""The training pipeline as resources: its definition, its role, its schedule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.pipeline.model_pipeline import ModelPipeline
from tests.infra.world import World, only, resources, resources_of, statements, text
from tests.support.synthesis import Template, template_of


def built(**changes: Any) -> Template:
    def build(stack: Any) -> None:
        world = World(stack, **changes)
        group = "arn:aws:sagemaker:us-east-1:111122223333:feature-group/g"
        ModelPipeline(stack, "Training", **world.common(), feature_group_arn=group)

    return template_of(build)


@pytest.fixture(scope="module")
def template() -> Template:
    return built()


@pytest.fixture(scope="module")
def definition(template: Template) -> dict[str, Any]:
    body = only(template, "AWS::SageMaker::Pipeline")["PipelineDefinition"]["PipelineDefinitionBody"]
    parsed: dict[str, Any] = json.loads(text(body))
    return parsed


def test_the_definition_is_json_with_references_to_what_cloudformation_knows(definition: dict[str, Any]) -> None:
    prepare = definition["Steps"][0]["Arguments"]
    assert "Training" in prepare["RoleArn"]
    assert prepare["AppSpecification"]["ImageUri"].endswith(":v1")
    assert prepare["NetworkConfig"]["VpcConfig"] == {
        "SecurityGroupIds": ["sg-0000000a"],
        "Subnets": ["subnet-0000000a", "subnet-0000000b"],
    }


def test_no_stand_in_is_left_in_the_definition(template: Template) -> None:
    assert "placeholder" not in json.dumps(template)


def test_the_pipeline_is_called_by_its_environment_and_model(template: Template) -> None:
    assert only(template, "AWS::SageMaker::Pipeline")["PipelineName"] == "sagestead-dev-flight-delay"


def test_the_model_s_tags_are_on_every_job(definition: dict[str, Any]) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in definition["Steps"][0]["Arguments"]["Tags"]}
    assert tags == {"owner": "ml-platform", "cost-center": "4711", "model": "flight-delay"}


def test_the_pipeline_waits_for_the_policy_of_its_role(template: Template) -> None:
    (pipeline,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::SageMaker::Pipeline")
    assert any("Policy" in dependency for dependency in pipeline["DependsOn"])


def test_only_sagemaker_on_behalf_of_this_account_assumes_the_role(template: Template) -> None:
    (statement,) = only(template, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_the_role_passes_itself_to_sagemaker_and_to_nobody_else(template: Template) -> None:
    (statement,) = statements(template, "iam:PassRole")
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert "Training" in text(statement["Resource"])


@pytest.mark.parametrize(
    ("action", "bucket", "keys"),
    [
        ("s3:GetObject", "Raw", "/flight-delay/*"),
        ("s3:GetObject", "Artifacts", "/flight-delay/*"),
        ("s3:PutObject", "Artifacts", "/flight-delay/*"),
        ("s3:PutObject", "Features", "/flight-delay/*"),
    ],
)
def test_the_role_reaches_only_the_model_s_prefix(template: Template, action: str, bucket: str, keys: str) -> None:
    reached = [each for statement in statements(template, action) for each in resources_of(statement)]
    assert any(bucket in each and each.endswith(keys) for each in reached)


def test_raw_data_is_never_written(template: Template) -> None:
    assert not any("Raw" in text(each["Resource"]) for each in statements(template, "s3:PutObject"))


def test_the_role_reads_the_one_script_that_the_pipeline_runs(template: Template) -> None:
    read = [each for statement in statements(template, "s3:GetObject") for each in resources_of(statement)]
    (script,) = (each for each in read if "assets" in each)
    assert script.endswith(".py")


def test_metrics_go_to_sagemaker_s_namespaces_only(template: Template) -> None:
    (statement,) = statements(template, "cloudwatch:PutMetricData")
    assert statement["Condition"] == {"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*"]}}


def test_the_key_is_granted_on_only_for_aws_resources(template: Template) -> None:
    (statement,) = statements(template, "kms:CreateGrant")
    assert statement["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_a_failed_execution_reaches_the_alarm_topic_with_its_runbook(template: Template) -> None:
    rule = only(template, "AWS::Events::Rule")
    assert rule["EventPattern"]["detail"]["currentPipelineExecutionStatus"] == ["Failed"]
    assert text(rule["EventPattern"]["detail"]["pipelineArn"]).endswith("pipeline/sagestead-dev-flight-delay")
    assert "docs/runbooks/pipeline-failed.md" in rule["Targets"][0]["InputTransformer"]["InputTemplate"]


def test_without_a_schedule_nothing_starts_the_pipeline(template: Template) -> None:
    assert resources(template, "AWS::Scheduler::Schedule") == []


def test_a_schedule_starts_the_pipeline_with_a_new_data_version() -> None:
    template = built(pipeline__schedule="cron(0 4 ? * MON *)")
    schedule = only(template, "AWS::Scheduler::Schedule")
    assert schedule["ScheduleExpression"] == "cron(0 4 ? * MON *)"
    request = json.loads(schedule["Target"]["Input"])
    assert request["PipelineName"] == "sagestead-dev-flight-delay"
    assert request["PipelineParameters"] == [{"Name": "DataVersion", "Value": "<aws.scheduler.scheduled-time>"}]
    assert len(request["ClientRequestToken"]) >= 32
    (start,) = statements(template, "sagemaker:StartPipelineExecution")
    assert text(start["Resource"]).endswith("pipeline/sagestead-dev-flight-delay")
