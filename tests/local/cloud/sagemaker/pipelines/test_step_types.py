"""Steps that make models, register them, transform with them, and invoke functions."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

pytestmark = pytest.mark.cloud
TYPES = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}


def train(pipes: Any, **rest: Any) -> dict[str, Any]:
    arguments = {
        "AlgorithmSpecification": {"TrainingImage": pipes.lab.image, "TrainingInputMode": "File"},
        "RoleArn": pipes.lab.role,
        "HyperParameters": {"job": {"Get": "Execution.TrainingJobName"}},
        "OutputDataConfig": {"S3OutputPath": pipes.lab.uri("trained")},
        "ResourceConfig": pipes.lab.instance,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    return {"Name": "Train", "Type": "Training", "Arguments": arguments, **rest}


MODEL_DATA = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}


def test_a_trained_model_is_registered_in_a_group_that_did_not_exist(pipes: Any) -> None:
    group = pipes.lab.new("group")
    container = {"Image": pipes.lab.image, "ModelDataUrl": MODEL_DATA}
    register = {
        "Name": "Register",
        "Type": "RegisterModel",
        "Arguments": {
            "ModelPackageGroupName": group,
            "ModelApprovalStatus": {"Get": "Parameters.Approval"},
            "InferenceSpecification": {"Containers": [container], **TYPES},
        },
    }
    declared = [{"Name": "Approval", "Type": "String", "DefaultValue": "PendingManualApproval"}]
    pipeline = pipes.create(train(pipes), register, parameters=declared)
    arn, found = pipes.run(pipeline, {"Approval": "Approved"})
    assert found["PipelineExecutionStatus"] == "Succeeded"
    steps = pipes.steps(arn)
    package = pipes.sagemaker.describe_model_package(
        ModelPackageName=steps["Register"]["Metadata"]["RegisterModel"]["Arn"]
    )
    assert (package["ModelPackageGroupName"], package["ModelPackageVersion"]) == (group, 1)
    assert package["ModelApprovalStatus"] == "Approved"
    assert package["MetadataProperties"] == {"GeneratedBy": arn}
    data = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    seen = json.loads(pipes.lab.unpack(data)["seen.json"])
    job = seen["config"]["hyperparameters"]["job"]
    assert job == seen["environment"]["TRAINING_JOB_NAME"]
    assert job.lower() == steps["Train"]["Metadata"]["TrainingJob"]["Arn"].rpartition("/")[2]


def test_a_model_is_made_and_transformed_with(pipes: Any) -> None:
    lab = pipes.lab
    lab.put("step-transform/in/a.csv", "1\n")
    create = {
        "Name": "Create",
        "Type": "Model",
        "Arguments": {
            "ExecutionRoleArn": lab.role,
            "PrimaryContainer": {"Image": lab.image, "ModelDataUrl": MODEL_DATA},
        },
    }
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": lab.uri("step-transform/in/")}}
    transform = {
        "Name": "Transform",
        "Type": "Transform",
        "Arguments": {
            "ModelName": {"Get": "Steps.Create.ModelName"},
            "TransformInput": {"DataSource": source},
            "TransformOutput": {"S3OutputPath": lab.uri("step-transform/out")},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        },
    }
    arn, found = pipes.run(pipes.create(train(pipes), create, transform))
    assert found["PipelineExecutionStatus"] == "Succeeded", pipes.steps(arn)
    assert ":transform-job/pipelines-" in pipes.steps(arn)["Transform"]["Metadata"]["TransformJob"]["Arn"]
    assert ":model/pipelines-" in pipes.steps(arn)["Create"]["Metadata"]["Model"]["Arn"].lower()
    assert lab.keys("step-transform/out/") == ["a.csv.out"]


@pytest.fixture(scope="module")
def function(lab: Any) -> str:
    """A Lambda function that greets, or fails if it is asked to."""
    code = "def handler(event, context):\n    if event.get('fail'):\n        raise ValueError('asked to')\n"
    code += "    return {'greeting': 'hello ' + event['name'], 'count': 2}\n"
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("greet.py", code)
    answer = lab.cloud.client("lambda").create_function(
        FunctionName=lab.new("greet"),
        Runtime="python3.11",
        Handler="greet.handler",
        Role=lab.role,
        Code={"ZipFile": sink.getvalue()},
    )
    return str(answer["FunctionArn"])


def invoke(function: str, *outputs: str, **arguments: Any) -> dict[str, Any]:
    declared = [{"OutputName": name, "OutputType": "String"} for name in outputs]
    return {
        "Name": "Greet",
        "Type": "Lambda",
        "FunctionArn": function,
        "Arguments": arguments,
        "OutputParameters": declared,
    }


def test_a_function_is_invoked_and_its_outputs_are_used(pipes: Any, function: str) -> None:
    greeting = {"Get": "Steps.Greet.OutputParameters['greeting']"}
    step = invoke(function, "greeting", "count", name={"Get": "Parameters.Who"})
    declared = [{"Name": "Who", "Type": "String", "DefaultValue": "you"}]
    arn, found = pipes.run(pipes.create(step, pipes.fail("Say", greeting), parameters=declared))
    assert found["FailureReason"] == "hello you"
    told = pipes.steps(arn)["Greet"]["Metadata"]["Lambda"]
    assert told["Arn"] == function
    assert told["OutputParameters"] == [
        {"Name": "greeting", "Value": "hello you"},
        {"Name": "count", "Value": "2"},
    ]


@pytest.mark.parametrize(
    ("outputs", "arguments", "reason"),
    [
        ([], {"fail": True}, "asked to"),
        (["missing"], {"name": "you"}, "did not return the output 'missing'"),
    ],
)
def test_a_function_that_fails_fails_its_step(
    pipes: Any, function: str, outputs: list[str], arguments: dict[str, Any], reason: str
) -> None:
    arn, _ = pipes.run(pipes.create(invoke(function, *outputs, **arguments)))
    assert reason in pipes.steps(arn)["Greet"]["FailureReason"]


def test_an_unknown_function_fails_its_step(pipes: Any) -> None:
    arn, _ = pipes.run(pipes.create(invoke("arn:aws:lambda:us-east-1:000000000000:function:nobody")))
    assert "Failed to invoke the Lambda function" in pipes.steps(arn)["Greet"]["FailureReason"]
