"""The rest-json protocol, by the models of two services that speak it."""

from __future__ import annotations

import asyncio
import json

import pytest

from local.cloud.kernel import shapes, wire
from local.cloud.kernel.errors import ApiError
from local.cloud.kernel.service import Service

RUNTIME = shapes.service_model("sagemaker-runtime")
FEATURES = shapes.service_model("sagemaker-featurestore-runtime")


def test_a_path_names_the_operation_and_holds_decoded_parameters() -> None:
    headers = {"content-type": "text/csv", "x-amzn-sagemaker-target-variant": "champion"}
    operation, params = wire.parse_rest(RUNTIME, "POST", "/endpoints/a%2Db/invocations", headers, b"1,2", {})
    assert operation.name == "InvokeEndpoint"
    assert params == {"EndpointName": "a-b", "ContentType": "text/csv", "TargetVariant": "champion", "Body": b"1,2"}


def test_query_parameters_are_single_or_lists_as_the_model_says() -> None:
    query = {"RecordIdentifierValueAsString": ["7"], "FeatureName": "delay"}
    operation, params = wire.parse_rest(FEATURES, "GET", "/FeatureGroup/flights", {}, b"", query)
    assert operation.name == "GetRecord"
    assert params == {
        "FeatureGroupName": "flights",
        "RecordIdentifierValueAsString": "7",
        "FeatureNames": ["delay"],
    }


def test_a_body_without_a_payload_member_is_json() -> None:
    body = b'{"Record": [{"FeatureName": "a", "ValueAsString": "1"}]}'
    operation, params = wire.parse_rest(FEATURES, "PUT", "/FeatureGroup/flights", {}, body, {})
    assert operation.name == "PutRecord"
    assert params["Record"] == [{"FeatureName": "a", "ValueAsString": "1"}]


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "status"),
    [
        ("POST", "/nowhere", b"", "UnknownOperationException", 404),
        ("DELETE", "/endpoints/e/invocations", b"", "UnknownOperationException", 404),
    ],
)
def test_a_path_that_no_operation_has_is_refused(method: str, path: str, body: bytes, code: str, status: int) -> None:
    with pytest.raises(ApiError) as refused:
        wire.parse_rest(RUNTIME, method, path, {}, body, {})
    assert (refused.value.code, refused.value.status) == (code, status)


def test_a_body_that_is_not_json_is_refused() -> None:
    with pytest.raises(ApiError, match="SerializationException"):
        wire.parse_rest(FEATURES, "PUT", "/FeatureGroup/flights", {}, b"{", {})


def test_a_payload_is_the_body_and_other_members_are_headers() -> None:
    operation = RUNTIME.operation_model("InvokeEndpoint")
    answer = {"Body": b"0.5", "ContentType": "text/csv", "InvokedProductionVariant": "champion"}
    status, headers, body = wire.render_rest(operation, answer)
    assert (status, body) == (200, b"0.5")
    assert headers["Content-Type"] == "text/csv"
    assert headers["x-Amzn-Invoked-Production-Variant"] == "champion"


def test_members_without_a_place_are_the_json_body() -> None:
    operation = FEATURES.operation_model("GetRecord")
    status, headers, body = wire.render_rest(operation, {"Record": [{"FeatureName": "a", "ValueAsString": "1"}]})
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(body) == {"Record": [{"FeatureName": "a", "ValueAsString": "1"}]}


def test_an_operation_without_output_has_an_empty_body() -> None:
    assert wire.render_rest(FEATURES.operation_model("PutRecord"), {}) == (
        200,
        {"Content-Type": "application/json"},
        b"",
    )


def test_a_rest_service_answers_and_refuses_over_the_wire() -> None:
    service = Service("sagemaker-featurestore-runtime")
    service.operation("GetRecord")(lambda request: {"Record": [{"FeatureName": "n", "ValueAsString": "1"}]})
    query = {"RecordIdentifierValueAsString": "7"}
    status, _, body = asyncio.run(service.handle("GET", "/FeatureGroup/flights", {}, b"", query))
    assert (status, json.loads(body)["Record"][0]["ValueAsString"]) == (200, "1")
    status, headers, _ = asyncio.run(service.handle("PUT", "/FeatureGroup/flights", {}, b'{"Record": []}', {}))
    assert (status, headers["x-amzn-errortype"]) == (400, "ValidationException")
