from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.stub import ANY

from lambdas.promote_model import handler as module

LogLines = Callable[[], list[dict[str, Any]]]
OTHER_PARAMETERS = ("BootstrapVersion", "EndpointName")
ROLE = "arn:aws:iam::123456789012:role/promote"


class Aws:
    """The registry and the serving stack, as stubbed answers in the order in which the function asks."""

    def __init__(self, world: SimpleNamespace, stubs: SimpleNamespace) -> None:
        self.world, self.stubs = world, stubs

    def stack(self, *, live: int | None, status: str = "UPDATE_COMPLETE", parameter: bool = True) -> None:
        values = dict.fromkeys(OTHER_PARAMETERS, "kept")
        if parameter:
            values["ModelPackageArn"] = "" if live is None else self.world.package_arn(live)
        stack = {
            "StackName": self.world.stack,
            "CreationTime": self.world.at(0),
            "StackStatus": status,
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        }
        self.stubs.cloudformation.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": self.world.stack})

    def package(self, version: int, *, second: int, approval: str = "Approved", changed: bool = True) -> None:
        response = {
            "ModelPackageName": "name",
            "ModelPackageArn": self.world.package_arn(version),
            "ModelPackageVersion": version,
            "CreationTime": self.world.at(0) if changed else self.world.at(second),
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": []},
            "ModelApprovalStatus": approval,
        }
        if changed:
            response["LastModifiedTime"] = self.world.at(second)
        self.stubs.sagemaker.add_response(
            "describe_model_package", response, {"ModelPackageName": self.world.package_arn(version)}
        )

    def missing_package(
        self, code: str = "ValidationException", message: str = "ModelPackage x does not exist."
    ) -> None:
        self.stubs.sagemaker.add_client_error("describe_model_package", code, message)

    def update(self, version: int, *, role: str | None = None) -> None:
        request: dict[str, Any] = {
            "StackName": self.world.stack,
            "UsePreviousTemplate": True,
            "Parameters": [
                {"ParameterKey": "ModelPackageArn", "ParameterValue": self.world.package_arn(version)},
                *({"ParameterKey": key, "UsePreviousValue": True} for key in OTHER_PARAMETERS),
            ],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            "ClientRequestToken": ANY,
        }
        if role is not None:
            request["RoleARN"] = role
        self.stubs.cloudformation.add_response("update_stack", {"StackId": "stack"}, request)

    def refuse_update(self, code: str, message: str) -> None:
        self.stubs.cloudformation.add_client_error("update_stack", code, message)


@pytest.fixture
def aws(world: SimpleNamespace, stubs: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Aws:
    monkeypatch.setattr(module, "client", stubs.clients.__getitem__)
    monkeypatch.setenv("SERVING_STACKS", json.dumps({world.group: world.stack}))
    monkeypatch.delenv("CLOUDFORMATION_ROLE_ARN", raising=False)
    return Aws(world, stubs)


@pytest.fixture
def run(lambda_context: LambdaContext, world: SimpleNamespace, capture: Callable[[Logger], None]) -> Any:
    """Runs the handler on events; returns the ids of the messages that come back."""

    def run(*events: Any) -> list[str]:
        capture(module.logger)
        response = module.handler(world.batch(*events), lambda_context)
        return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]

    return run


def metrics(lines: list[dict[str, Any]]) -> list[str]:
    return [
        metric["Name"]
        for line in lines
        if "_aws" in line
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    ]


def test_the_first_approval_updates_the_stack_and_is_counted(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.stack(live=None, status="CREATE_COMPLETE")
    aws.package(1, second=10)
    aws.update(1)
    assert run(world.package_event(1, second=10)) == []
    assert metrics(log_lines()) == ["PromotionsStarted"]


def test_a_second_approval_replaces_the_live_package(aws: Aws, run: Any, world: SimpleNamespace) -> None:
    aws.stack(live=1)
    aws.package(2, second=20)
    aws.package(1, second=10)
    aws.update(2)
    assert run(world.package_event(2, second=20)) == []


def test_the_role_made_for_it_is_passed_to_cloudformation(
    aws: Aws, run: Any, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDFORMATION_ROLE_ARN", ROLE)
    aws.stack(live=None)
    aws.package(1, second=10)
    aws.update(1, role=ROLE)
    assert run(world.package_event(1, second=10)) == []


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", "UPDATE_IN_PROGRESS"])
def test_a_duplicate_event_changes_nothing(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines, status: str
) -> None:
    aws.stack(live=2, status=status)
    assert run(world.package_event(2, second=20)) == []
    assert metrics(log_lines()) == ["PromotionsIgnored"]


def test_duplicates_in_one_batch_update_the_stack_once(aws: Aws, run: Any, world: SimpleNamespace) -> None:
    aws.stack(live=1)
    aws.package(2, second=20)
    aws.package(1, second=10)
    aws.update(2)
    aws.stack(live=2, status="UPDATE_IN_PROGRESS")
    event = world.package_event(2, second=20)
    assert run(event, event) == []


def test_an_event_that_arrives_after_a_newer_one_is_ignored_even_during_its_deployment(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.stack(live=2, status="UPDATE_IN_PROGRESS")
    aws.package(1, second=10, changed=False)
    aws.package(2, second=20)
    assert run(world.package_event(1, second=10)) == []
    assert metrics(log_lines()) == ["PromotionsIgnored"]


def test_a_package_rejected_since_is_ignored_with_the_reason(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.stack(live=None)
    aws.package(1, second=30, approval="Rejected")
    assert run(world.package_event(1, second=10)) == []
    assert "the package is Rejected now" in [line.get("reason") for line in log_lines()]


def test_an_event_that_is_no_approval_asks_aws_nothing(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    assert run(world.package_event(1, second=10, ModelApprovalStatus="Rejected")) == []
    assert metrics(log_lines()) == ["PromotionsIgnored"]


@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFound"])
def test_a_package_deleted_since_is_ignored(aws: Aws, run: Any, world: SimpleNamespace, code: str) -> None:
    aws.stack(live=None)
    aws.missing_package(code)
    assert run(world.package_event(1, second=10)) == []


def test_a_live_package_that_was_deleted_is_replaced(aws: Aws, run: Any, world: SimpleNamespace) -> None:
    aws.stack(live=3)
    aws.package(2, second=20)
    aws.missing_package()
    aws.update(2)
    assert run(world.package_event(2, second=20)) == []


def test_a_refusal_by_sagemaker_fails_the_message(aws: Aws, run: Any, world: SimpleNamespace) -> None:
    aws.stack(live=None)
    aws.missing_package("AccessDeniedException", "not authorized")
    assert run(world.package_event(1, second=10)) == ["message-1"]


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "CREATE_IN_PROGRESS"])
def test_a_stack_at_work_sends_the_message_back_without_an_error(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines, status: str
) -> None:
    aws.stack(live=1, status=status)
    aws.package(2, second=20)
    aws.package(1, second=10)
    assert run(world.package_event(2, second=20)) == ["message-1"]
    lines = log_lines()
    assert metrics(lines) == []
    assert [line["level"] for line in lines if "level" in line] == ["INFO"]


def test_an_update_that_began_in_between_sends_the_message_back(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.stack(live=None)
    aws.package(1, second=10)
    aws.refuse_update("ValidationError", "Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated.")
    assert run(world.package_event(1, second=10)) == ["message-1"]
    assert [line["level"] for line in log_lines() if "level" in line] == ["INFO"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationError", "No updates are to be performed."),
        ("TokenAlreadyExistsException", "Stack already has this token"),
    ],
)
def test_nothing_to_update_is_success(aws: Aws, run: Any, world: SimpleNamespace, code: str, message: str) -> None:
    aws.stack(live=None)
    aws.package(1, second=10)
    aws.refuse_update(code, message)
    assert run(world.package_event(1, second=10)) == []


def test_any_other_refusal_fails_the_message_with_its_traceback(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.stack(live=None, status="UPDATE_ROLLBACK_FAILED")
    aws.package(1, second=10)
    aws.refuse_update("ValidationError", "Stack is in UPDATE_ROLLBACK_FAILED state and can not be updated.")
    assert run(world.package_event(1, second=10)) == ["message-1"]
    assert any("UPDATE_ROLLBACK_FAILED" in line.get("exception", "") for line in log_lines())


def test_a_stack_without_the_parameter_fails_the_message(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    aws.stack(live=None, parameter=False)
    assert run(world.package_event(1, second=10)) == ["message-1"]
    assert any("has no parameter ModelPackageArn" in line.get("reason", "") for line in log_lines())


def test_a_group_without_a_stack_fails_the_message(
    aws: Aws, run: Any, world: SimpleNamespace, log_lines: LogLines
) -> None:
    assert run(world.package_event(1, second=10, ModelPackageGroupName="unknown")) == ["message-1"]
    assert any("'unknown'" in line.get("reason", "") for line in log_lines())


def test_malformed_messages_fail_alone(aws: Aws, run: Any, world: SimpleNamespace) -> None:
    aws.stack(live=None)
    aws.package(1, second=10)
    aws.update(1)
    shapeless = {**world.package_event(1, second=10), "detail": {}}
    assert run("{", world.package_event(1, second=10), shapeless, world.alarm_event()) == [
        "message-1",
        "message-3",
        "message-4",
    ]
