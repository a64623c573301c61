"""The way of a request through a service: parsed, validated, answered, refused."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.model import OperationNotFoundError

from local.cloud.kernel.errors import ApiError, in_use, not_found
from local.cloud.kernel.service import Service

Answer = tuple[int, dict[str, str], dict[str, Any]]


@pytest.fixture
def service() -> Service:
    """SageMaker with two operations, one of which fails as it is told."""
    made = Service("sagemaker")

    @made.operation("DescribeModel")
    def describe_model(request: dict[str, Any]) -> dict[str, Any]:
        created = datetime(2026, 1, 2, tzinfo=UTC)
        return {"ModelName": request["ModelName"], "CreationTime": created, "Secret": "not in the model"}

    @made.operation("DeleteModel")
    def delete_model(request: dict[str, Any]) -> None:
        if request["ModelName"] == "broken":
            raise RuntimeError("out of luck")
        if request["ModelName"] == "used":
            raise in_use("the model is in use")

    return made


def ask(service: Service, target: str, body: bytes = b"{}") -> Answer:
    headers = {"x-amz-target": f"SageMaker.{target}"}
    status, headers, answer = asyncio.run(service.handle("POST", "/", headers, body, {}))
    return status, headers, json.loads(answer or b"null")


def test_an_answer_has_what_the_model_knows_in_the_form_of_the_wire(service: Service) -> None:
    status, _, answer = ask(service, "DescribeModel", b'{"ModelName": "m"}')
    assert (status, answer) == (200, {"ModelName": "m", "CreationTime": 1767312000.0})


def test_an_operation_without_an_answer_answers_with_an_empty_object(service: Service) -> None:
    assert ask(service, "DeleteModel", b'{"ModelName": "m"}')[::2] == (200, {})


@pytest.mark.parametrize(
    ("target", "body", "status", "code", "said"),
    [
        ("DescribeModel", b"{}", 400, "ValidationException", "ModelName"),
        ("DescribeModel", b"not json", 400, "SerializationException", "not JSON"),
        ("InventModel", b"{}", 400, "UnknownOperationException", "no operation 'InventModel'"),
        ("CreateApp", b"{}", 400, "ValidationException", "DomainId"),
        ("DescribeLabelingJob", b'{"LabelingJobName": "l"}', 501, "NotImplementedException", "not support sagemaker:"),
        ("DeleteModel", b'{"ModelName": "used"}', 400, "ResourceInUse", "in use"),
    ],
)
def test_a_refusal_names_its_code_and_its_reason(
    service: Service, target: str, body: bytes, status: int, code: str, said: str
) -> None:
    answered, headers, answer = ask(service, target, body)
    assert (answered, answer["__type"], headers["x-amzn-errortype"]) == (status, code, code)
    assert said in answer["message"]


def test_a_bug_is_an_internal_failure_and_is_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        status, _, answer = ask(service, "DeleteModel", b'{"ModelName": "broken"}')
    assert (status, answer["__type"], answer["message"]) == (500, "InternalFailure", "RuntimeError: out of luck")
    assert "sagemaker:DeleteModel failed" in caplog.text


def test_a_call_from_within_is_validated_like_one_from_outside(service: Service) -> None:
    assert service.call("DescribeModel", {"ModelName": "m"})["ModelName"] == "m"
    with pytest.raises(ApiError, match="ValidationException"):
        service.call("DescribeModel", {"Name": "m"})


def test_an_operation_that_botocore_does_not_know_cannot_be_declared(service: Service) -> None:
    with pytest.raises(OperationNotFoundError):
        service.operation("InventModel")
    assert service.operations == ["DeleteModel", "DescribeModel"]


def test_errors_have_the_codes_that_the_api_declares() -> None:
    assert (not_found("gone").code, not_found("gone").status) == ("ResourceNotFound", 400)
    assert str(in_use("taken")) == "ResourceInUse: taken"
