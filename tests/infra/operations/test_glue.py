"""The functions that connect the models' stacks, as resources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.operations.glue import Glue
from infra.operations.served_model import ServedModel
from tests.infra.world import World, resources, resources_of, statements, text
from tests.support.synthesis import Template, template_of

GROUP = "sagestead-dev-flight-delay"
DRIFT = "sagestead-dev-flight-delay-data-quality-drift"
SERVING_ROLE = "arn:aws:iam::111122223333:role/serving"


def built(**changes: Any) -> Template:
    def build(stack: Any) -> None:
        world = World(stack, **changes)
        Glue(
            stack,
            "Glue",
            config=world.config,
            models=[ServedModel("dev", world.model, SERVING_ROLE)],
            network=world.network,
            keys=world.keys,
            alarm_topic=world.alarm_topic,
        )

    return template_of(build)


@pytest.fixture(scope="module")
def template() -> Template:
    return built()


def function(template: Template, name: str) -> dict[str, Any]:
    functions = resources(template, "AWS::Lambda::Function")
    (found,) = (each for each in functions if each["Handler"] == f"lambdas.{name}.handler.handler")
    return found


def rule(template: Template, source: str) -> dict[str, Any]:
    rules = resources(template, "AWS::Events::Rule")
    (found,) = (each for each in rules if each["EventPattern"]["source"] == [source])
    return found


def queue_of(template: Template, pattern: dict[str, Any]) -> dict[str, Any]:
    logical_id = pattern["Targets"][0]["Arn"]["Fn::GetAtt"][0]
    properties: dict[str, Any] = template["Resources"][logical_id]["Properties"]
    return properties


def test_approvals_of_the_platform_s_packages_and_no_others_are_taken(template: Template) -> None:
    assert rule(template, "aws.sagemaker")["EventPattern"] == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {"ModelPackageGroupName": [GROUP], "ModelApprovalStatus": ["Approved"]},
    }


def test_drift_alarms_that_go_off_and_no_others_are_taken(template: Template) -> None:
    assert rule(template, "aws.cloudwatch")["EventPattern"] == {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"alarmName": [DRIFT], "state": {"value": ["ALARM"]}},
    }


def test_promote_model_knows_the_stack_of_each_package_group(template: Template) -> None:
    variables = function(template, "promote_model")["Environment"]["Variables"]
    assert json.loads(variables["SERVING_STACKS"]) == {GROUP: "sagestead-dev-flight-delay-serving"}
    assert "CloudFormation" in text(variables["CLOUDFORMATION_ROLE_ARN"])


def test_retrain_knows_the_pipeline_and_the_cooldown_of_each_alarm() -> None:
    template = built(retraining__cooldown_minutes=7)
    variables = function(template, "retrain")["Environment"]["Variables"]
    assert json.loads(variables["PIPELINES"]) == {DRIFT: {"pipeline": GROUP, "cooldown_minutes": 7}}


def test_a_model_that_is_not_retrained_on_drift_has_no_retrain() -> None:
    handlers = [each["Handler"] for each in resources(built(retraining__on_drift=False), "AWS::Lambda::Function")]
    assert handlers == ["lambdas.promote_model.handler.handler"]


def test_an_event_that_cannot_be_handled_is_kept_and_alarmed(template: Template) -> None:
    for source in ("aws.sagemaker", "aws.cloudwatch"):
        queue = queue_of(template, rule(template, source))
        assert queue["RedrivePolicy"]["deadLetterTargetArn"]
    names = {alarm["AlarmName"] for alarm in resources(template, "AWS::CloudWatch::Alarm")}
    assert names == {"sagestead-dev-promote-model-dead-letters", "sagestead-dev-retrain-dead-letters"}
    for alarm in resources(template, "AWS::CloudWatch::Alarm"):
        assert alarm["AlarmActions"]
        assert "docs/runbooks/dead-letters.md" in alarm["AlarmDescription"]


def test_an_approval_is_tried_for_longer_than_a_deployment_can_take(template: Template) -> None:
    queue = queue_of(template, rule(template, "aws.sagemaker"))
    assert queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"] > 3600


def test_a_message_stays_hidden_six_times_as_long_as_a_function_runs(template: Template) -> None:
    for source, name in (("aws.sagemaker", "promote_model"), ("aws.cloudwatch", "retrain")):
        hidden = queue_of(template, rule(template, source))["VisibilityTimeout"]
        assert hidden >= 6 * function(template, name)["Timeout"]


def test_only_the_rule_may_send_to_its_queue(template: Template) -> None:
    policies = resources(template, "AWS::SQS::QueuePolicy")
    allowed = [
        statement
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert len(allowed) == 2
    for statement in allowed:
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert "Rule" in text(statement["Condition"]["ArnEquals"]["aws:SourceArn"])


def test_every_queue_is_encrypted_and_refuses_plain_http(template: Template) -> None:
    queues = resources(template, "AWS::SQS::Queue")
    assert len(queues) == 4
    assert all("KmsMasterKeyId" in queue for queue in queues)
    assert len(resources(template, "AWS::SQS::QueuePolicy")) == 4


def test_each_function_takes_one_message_at_a_time_and_says_which_failed(template: Template) -> None:
    for mapping in resources(template, "AWS::Lambda::EventSourceMapping"):
        assert mapping["BatchSize"] == 1
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_each_function_runs_in_the_vpc_with_a_log_group_of_its_own(template: Template) -> None:
    groups = resources(template, "AWS::Logs::LogGroup")
    assert [group["RetentionInDays"] for group in groups] == [30, 30]
    assert all("KmsKeyId" in group for group in groups)
    for each in resources(template, "AWS::Lambda::Function"):
        assert each["Runtime"] == "python3.11"
        assert each["VpcConfig"] == {
            "SecurityGroupIds": ["sg-0000000c"],
            "SubnetIds": ["subnet-0000000e", "subnet-0000000f"],
        }
        assert each["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == "DEBUG"


def test_promote_model_updates_serving_stacks_under_the_promotion_role_only(template: Template) -> None:
    (update,) = statements(template, "cloudformation:UpdateStack")
    assert text(update["Resource"]).endswith("stack/sagestead-dev-flight-delay-serving/*")
    assert "CloudFormation" in text(update["Condition"]["StringEquals"]["cloudformation:RoleArn"])


def test_roles_are_passed_to_the_service_that_needs_them(template: Template) -> None:
    passed = {
        text(each["Resource"]): each["Condition"]["StringEquals"]["iam:PassedToService"]
        for each in statements(template, "iam:PassRole")
    }
    assert passed.pop(SERVING_ROLE) == "sagemaker.amazonaws.com"
    ((role, service),) = passed.items()
    assert "CloudFormation" in role
    assert service == "cloudformation.amazonaws.com"


def test_the_promotion_role_changes_the_endpoint_of_the_model_and_no_other(template: Template) -> None:
    updated = {text(each["Resource"]) for each in statements(template, "sagemaker:DeleteEndpoint")}
    assert {resource.rpartition(":")[2] for resource in updated} == {f"endpoint/{GROUP}"}


def test_the_promotion_role_reads_the_stacks_that_the_serving_stack_refers_to(template: Template) -> None:
    described = statements(template, "cloudformation:DescribeStacks")
    read = {each.rpartition(":")[2] for statement in described for each in resources_of(statement)}
    assert read >= {f"stack/sagestead-dev-{part}/*" for part in ("network", "foundation", "registry")}


def test_retrain_starts_the_model_s_pipeline_only(template: Template) -> None:
    (start,) = statements(template, "sagemaker:StartPipelineExecution")
    assert text(start["Resource"]).endswith(f"pipeline/{GROUP}")
