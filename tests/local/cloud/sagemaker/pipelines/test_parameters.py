"""Parameters of a pipeline."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud
DECLARED: list[dict[str, Any]] = [
    {"Name": "Text", "Type": "String", "DefaultValue": "t", "EnumValues": ["t", "u"]},
    {"Name": "Count", "Type": "Integer", "DefaultValue": 3},
    {"Name": "Share", "Type": "Float", "DefaultValue": 0.5},
    {"Name": "Flag", "Type": "Boolean", "DefaultValue": False},
    {"Name": "Needed", "Type": "String"},
]


@pytest.fixture(scope="module")
def pipeline(pipes: Any) -> str:
    names = [{"Get": f"Parameters.{item['Name']}"} for item in DECLARED]
    return str(pipes.create(pipes.fail("Say", {"Std:Join": {"On": " ", "Values": names}}), parameters=DECLARED))


def test_defaults_stand_where_nothing_is_given(pipes: Any, pipeline: str) -> None:
    arn, found = pipes.run(pipeline, {"Needed": "n"})
    assert found["FailureReason"] == "t 3 0.5 false n"
    listed = pipes.sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    given = {item["Name"]: item["Value"] for item in listed}
    assert given == {"Text": "t", "Count": "3", "Share": "0.5", "Flag": "false", "Needed": "n"}


def test_what_is_given_is_typed(pipes: Any, pipeline: str) -> None:
    given = {"Text": "u", "Count": "007", "Share": "1", "Flag": "True", "Needed": ""}
    assert pipes.run(pipeline, given)[1]["FailureReason"] == "u 7 1.0 true "


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Needed": "n", "Colour": "red"}, "Unknown parameter 'Colour'"),
        ({}, "Missing value for parameter 'Needed'"),
        ({"Needed": "n", "Count": "many"}, "Parameter 'Count' must be of type Integer, not 'many'"),
        ({"Needed": "n", "Flag": "maybe"}, "Parameter 'Flag' must be of type Boolean"),
        ({"Needed": "n", "Text": "v"}, "Parameter 'Text' must be one of"),
    ],
)
def test_wrong_parameters_are_refused(pipes: Any, pipeline: str, given: dict[str, str], message: str) -> None:
    with pytest.raises(ClientError, match=message) as error:
        pipes.start(pipeline, given)
    assert error.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ([{"Name": "A", "Type": "String"}, {"Name": "A", "Type": "String"}], "duplicate parameter 'A'"),
        ([{"Name": "A", "Type": "Text"}], "unknown Type 'Text'"),
        ([{"Name": "A", "Type": "Integer", "DefaultValue": "3"}], "DefaultValue '3' that is no Integer"),
        ([{"Name": "A", "Type": "Integer", "DefaultValue": True}], "DefaultValue True that is no Integer"),
        ([{"Type": "String"}], "has no Name"),
    ],
)
def test_wrong_declarations_are_refused(pipes: Any, declared: list[Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        pipes.create(pipes.fail("F"), parameters=declared)


def test_the_same_client_token_starts_once(pipes: Any, pipeline: str) -> None:
    token = pipes.lab.new("a-token-of-at-least-32-characters")
    first = pipes.start(pipeline, {"Needed": "n"}, ClientRequestToken=token)
    assert pipes.start(pipeline, {"Needed": "n"}, ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="used before with other parameters") as error:
        pipes.start(pipeline, {"Needed": "m"}, ClientRequestToken=token)
    assert error.value.response["Error"]["Code"] == "ConflictException"
    pipes.ended(first)


def test_execution_variables_are_known(pipes: Any) -> None:
    names = [
        "PipelineName",
        "PipelineArn",
        "PipelineExecutionId",
        "PipelineExecutionArn",
        "StartDateTime",
        "CurrentDateTime",
    ]
    values = [{"Get": f"Execution.{name}"} for name in names]
    pipeline = pipes.create(pipes.fail("Say", {"Std:Join": {"On": "|", "Values": values}}))
    arn, found = pipes.run(pipeline)
    said = found["FailureReason"].split("|")
    assert said[:4] == [pipeline, arn.partition("/execution/")[0], arn.rpartition("/")[2], arn]
    assert said[4] <= said[5]
    assert said[4].endswith("Z")
    assert json.dumps(said[4])
