"""What CreatePipeline refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def fail(name: str, message: Any = "no", **rest: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}, **rest}


def step(kind: str, **rest: Any) -> dict[str, Any]:
    return {"Name": "S", "Type": kind, "Arguments": {}, **rest}


def get(reference: str) -> dict[str, str]:
    return {"Get": reference}


CONDITION = step("Condition")
BRANCHES = {"Conditions": [{"Type": "Equals", "LeftValue": 1, "RightValue": 1}], "IfSteps": [fail("A")]}
FILE = {"Get": "Steps.P.PropertyFiles.missing"}


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "it has no Steps"),
        ([step("Dance")], "step 'S': unknown step type 'Dance'"),
        ([step("Callback")], "step 'S': the local cloud does not run steps of type Callback"),
        ([step("Tuning")], "does not run steps of type Tuning"),
        ([fail("A"), fail("A")], "duplicate step name 'A'"),
        ([fail("A b")], "step 'A b': Name must be"),
        ([fail("A"), {"Name": "C", "Type": "Condition", "Arguments": BRANCHES}], "duplicate step name 'A'"),
        ([fail("A", DependsOn=["B"])], "step 'A': DependsOn names the unknown step 'B'"),
        ([fail("A", get("Parameters.P"))], "step 'A': refers to the unknown parameter 'P'"),
        ([fail("A", get("Execution.Weather"))], "step 'A': refers to the unknown execution variable 'Weather'"),
        ([fail("A", get("Steps.B.Arn"))], "step 'A': refers to the unknown step 'B'"),
        ([fail("A", get("Steps.B.Arn")), fail("B")], "step 'A': refers to the Fail step 'B'"),
        ([fail("A", get("Nowhere"))], "step 'A': 'Nowhere' is not a reference"),
        ([fail("A", {"Std:Upper": "a"})], "step 'A': unknown function 'Std:Upper'"),
        (
            [step("Processing", Name="P"), fail("A", {"Std:JsonGet": {"PropertyFile": FILE, "Path": "x"}})],
            "property file 'missing'",
        ),
        ([fail("A", DependsOn=["B"]), fail("B", DependsOn=["A"])], "step 'A' is in or behind a cycle"),
        ([fail("A", DependsOn=["A"])], "cycle"),
        ([CONDITION], "step 'S': unknown condition type"),
        ([step("Processing", CacheConfig={"Enabled": True, "ExpireAfter": "soon"})], "'soon' is not an ISO 8601"),
        ([step("Model", CacheConfig={"Enabled": True})], "does not cache steps of type Model"),
        ([step("Processing", RetryPolicies=[{"ExceptionType": ["Any"]}])], "unknown ExceptionType"),
    ],
)
def test_a_wrong_definition_is_refused_and_names_the_step(pipes: Any, steps: list[Any], message: str) -> None:
    with pytest.raises(ClientError) as error:
        pipes.create(*steps)
    detail = error.value.response["Error"]
    assert detail["Code"] == "ValidationException"
    assert detail["Message"].startswith("Unable to parse pipeline definition: ")
    assert message in detail["Message"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "it is not JSON"), ("[]", "Version must be"), ('{"Version": "2019-01-01", "Steps": []}', "Version must be")],
)
def test_what_is_no_definition_is_refused(pipes: Any, text: str, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        pipes.sagemaker.create_pipeline(
            PipelineName=pipes.lab.new("p"), PipelineDefinition=text, RoleArn=pipes.lab.role
        )


def test_every_problem_is_told_at_once(pipes: Any) -> None:
    with pytest.raises(ClientError) as error:
        pipes.create(step("Dance"), fail("A", get("Parameters.P")))
    assert "Dance" in str(error.value)
    assert "unknown parameter 'P'" in str(error.value)


def test_a_definition_may_lie_in_s3(pipes: Any) -> None:
    pipes.lab.put("definitions/p.json", pipes.definition(fail("A", "from s3")))
    name, place = pipes.lab.new("pipeline"), {"Bucket": pipes.lab.bucket, "ObjectKey": "definitions/p.json"}
    create = pipes.sagemaker.create_pipeline
    create(PipelineName=name, PipelineDefinitionS3Location=place, RoleArn=pipes.lab.role)
    assert pipes.run(name)[1]["FailureReason"] == "from s3"
    with pytest.raises(ClientError, match="Cannot read PipelineDefinitionS3Location"):
        create(
            PipelineName=f"{name}-2", PipelineDefinitionS3Location={**place, "ObjectKey": "no"}, RoleArn=pipes.lab.role
        )
    with pytest.raises(ClientError, match="Only one of"):
        create(
            PipelineName=f"{name}-3",
            PipelineDefinition="{}",
            PipelineDefinitionS3Location=place,
            RoleArn=pipes.lab.role,
        )
    with pytest.raises(ClientError, match="is required"):
        create(PipelineName=f"{name}-4", RoleArn=pipes.lab.role)


def test_a_definition_that_is_kept_is_given_back_as_it_was(pipes: Any) -> None:
    name = pipes.create(fail("A"))
    text = pipes.sagemaker.describe_pipeline(PipelineName=name)["PipelineDefinition"]
    assert text == pipes.definition(fail("A"))
    assert json.loads(text)["Version"] == "2020-12-01"
