"""A serving stack's whole life: created, updated, rolled back by an alarm, deleted. The tests look at it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.local.cloud.cloudformation.conftest import Stack, missing, new
from tests.local.cloud.cloudformation.serving import OUTPUTS, Story, Watcher, resources
from tests.local.cloud.hosting.conftest import Hosting

pytestmark = [pytest.mark.cloud, pytest.mark.xdist_group("cloudformation-serving")]


@pytest.fixture(scope="module")
def story(hosting: Hosting, stacks: Callable[[], Stack]) -> Story:
    """Lives the stack's life."""
    stack, name = stacks(), new("served")
    watcher = Watcher(hosting, stack, name)
    created = watcher.look(stack.create(resources(hosting, name, "v1"), OUTPUTS))
    updated = watcher.look(stack.update(resources(hosting, name, "v2", most=3, target=50), OUTPUTS))
    gone = watcher.gone(created)
    stack.begin_update(resources(hosting, name, "watched", most=3, target=50), OUTPUTS)
    watcher.raise_the_alarm_while_the_canary_bakes()
    rolled_back = watcher.look(stack.settled())
    reason = stack.reasons()["Endpoint"]
    deleted = stack.delete()
    return Story(name, created, updated, rolled_back, reason, gone, deleted, watcher.gone(updated))


def test_ref_is_the_arn_and_get_att_the_name(story: Story) -> None:
    outputs = story.created.outputs
    assert story.created.status == "CREATE_COMPLETE"
    arn = "arn:aws:sagemaker:us-east-1:000000000000"
    assert outputs["ModelArn"] == f"{arn}:model/{outputs['ModelName'].lower()}"
    assert outputs["ConfigArn"] == f"{arn}:endpoint-config/{outputs['ConfigName'].lower()}"
    assert outputs["EndpointArn"] == f"{arn}:endpoint/{story.name}"
    assert outputs["EndpointName"] == story.name


def test_ref_of_a_scalable_target_and_its_policy_is_what_the_reference_says(story: Story) -> None:
    outputs, target = story.created.outputs, f"endpoint/{story.name}/variant/champion"
    assert outputs["Target"] == f"{target}|sagemaker:variant:DesiredInstanceCount|sagemaker"
    assert outputs["TargetId"] == outputs["Target"]
    assert outputs["Policy"].endswith(f"resource/sagemaker/{target}:policyName/{story.name}-policy")
    assert outputs["Policy"] == story.created.policy["PolicyARN"]


def test_names_that_are_not_given_are_made_of_the_stack_and_the_logical_id(story: Story) -> None:
    assert story.created.outputs["ModelName"].startswith("stack-")
    assert "-Model-" in story.created.outputs["ModelName"]


def test_strings_become_the_numbers_and_booleans_of_the_api(story: Story) -> None:
    seen = story.created
    assert (seen.target["MinCapacity"], seen.target["MaxCapacity"]) == (1, 2)
    tracking = seen.policy["TargetTrackingScalingPolicyConfiguration"]
    assert (tracking["TargetValue"], tracking["DisableScaleIn"]) == (100.0, True)
    assert seen.endpoint["ProductionVariants"][0]["CurrentInstanceCount"] == 1


def test_an_alarm_with_metric_math_keeps_its_queries(story: Story) -> None:
    seen = story.created.alarm
    assert [query["Id"] for query in seen["Metrics"]] == ["share", "errors", "calls"]
    assert [query["ReturnData"] for query in seen["Metrics"]] == [True, False, False]
    assert seen["Metrics"][1]["MetricStat"]["Period"] == 60
    assert "MetricName" not in seen
    assert (seen["Threshold"], seen["EvaluationPeriods"]) == (1.0, 1)
    assert story.created.outputs["AlarmArn"] == seen["AlarmArn"]


def test_a_new_model_is_another_model_and_the_old_one_goes(story: Story) -> None:
    assert story.updated.status == "UPDATE_COMPLETE"
    for logical_id in ("Model", "Config"):
        assert story.updated.ids[logical_id] != story.created.ids[logical_id]
        assert story.gone[logical_id]


def test_the_endpoint_stays_and_serves_the_new_model(story: Story) -> None:
    assert (story.created.version, story.updated.version) == ("v1", "v2")
    assert story.updated.ids["Endpoint"] == story.created.ids["Endpoint"]
    assert story.updated.endpoint["CreationTime"] == story.created.endpoint["CreationTime"]


def test_limits_and_targets_of_scaling_change_in_place(story: Story) -> None:
    assert story.updated.ids["Target"] == story.created.ids["Target"]
    assert story.updated.ids["Policy"] == story.created.ids["Policy"]
    assert story.updated.target["ScalableTargetARN"] == story.created.target["ScalableTargetARN"]
    assert story.updated.target["MaxCapacity"] == 3
    assert story.updated.policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 50.0


def test_a_deployment_that_an_alarm_stops_rolls_the_stack_back(story: Story) -> None:
    assert story.rolled_back.status == "UPDATE_ROLLBACK_COMPLETE"
    assert f"endpoint {story.name} was rolled back" in story.reason
    assert story.updated.outputs["Alarm"] in story.reason
    assert story.rolled_back.version == "v2"
    assert story.rolled_back.ids == story.updated.ids
    assert story.rolled_back.outputs == story.updated.outputs


def test_nothing_is_left_of_a_deleted_stack(story: Story) -> None:
    assert story.deleted == "DELETE_COMPLETE"
    assert all(story.left.values()), story.left


def test_an_endpoint_that_does_not_come_up_rolls_the_new_stack_back(
    hosting: Hosting, stacks: Callable[[], Stack]
) -> None:
    stack, name = stacks(), new("refusing")
    wanted = resources(hosting, name, "refuses")
    began = time.monotonic()
    status = stack.create({key: wanted[key] for key in ("Alarm", "Model", "Config", "Endpoint")})
    assert status == "ROLLBACK_COMPLETE"
    assert "this model refuses to load" in stack.reasons()["Endpoint"]
    assert missing(hosting.sagemaker.describe_endpoint, EndpointName=name)
    assert time.monotonic() - began < 30


def test_a_target_without_its_endpoint_is_refused_with_the_services_reason(
    hosting: Hosting, stacks: Callable[[], Stack]
) -> None:
    stack, name = stacks(), new("nothing")
    target = resources(hosting, name, "v1")["Target"]
    del target["DependsOn"]
    assert stack.create({"Target": target}) == "ROLLBACK_COMPLETE"
    assert "Could not find endpoint" in stack.reasons()["Target"]
