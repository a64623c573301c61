"""Pipelines of the echo image, made with boto3 alone."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest


class Pipes:
    """What the tests do again and again."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.sagemaker = lab.sagemaker

    def processing(self, name: str, *arguments: Any, **rest: Any) -> dict[str, Any]:
        """A Processing step whose output goes under `<bucket>/<execution id>/<name>`."""
        place = {"LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}
        uri = {
            "Std:Join": {"On": "/", "Values": [self.lab.uri("runs"), {"Get": "Execution.PipelineExecutionId"}, name]}
        }
        outputs = [{"OutputName": "out", "S3Output": {"S3Uri": uri, **place}}]
        given = {
            "ProcessingResources": {"ClusterConfig": self.lab.instance},
            "AppSpecification": {"ImageUri": self.lab.image, "ContainerArguments": list(arguments) or ["report"]},
            "RoleArn": self.lab.role,
            "ProcessingOutputConfig": {"Outputs": outputs},
            **rest.pop("Arguments", {}),
        }
        return {"Name": name, "Type": "Processing", "Arguments": given, **rest}

    def writing(self, name: str, document: Any, **rest: Any) -> dict[str, Any]:
        """A Processing step that writes a JSON document, as its property file `document`."""
        file = {"PropertyFileName": "document", "OutputName": "out", "FilePath": "document.json"}
        path = "/opt/ml/processing/output/document.json"
        return self.processing(name, "write", path, json.dumps(document), PropertyFiles=[file], **rest)

    @staticmethod
    def output_of(step: str) -> dict[str, str]:
        """The expression of where a processing step's output went."""
        return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"}

    def reading(self, name: str, source: str, **rest: Any) -> dict[str, Any]:
        """A Processing step that needs the output of another."""
        given = {"ProcessingInputs": [self.lab.input("data", self.output_of(source))]}
        return self.processing(name, "copy", Arguments=given, **rest)

    @staticmethod
    def condition(name: str, left: Any, right: Any, then: list[Any], other: list[Any] = []) -> dict[str, Any]:  # noqa: B006
        """A Condition step on left >= right."""
        test = {"Type": "GreaterThanOrEqualTo", "LeftValue": left, "RightValue": right}
        return {
            "Name": name,
            "Type": "Condition",
            "Arguments": {"Conditions": [test], "IfSteps": then, "ElseSteps": other},
        }

    @staticmethod
    def json_get(step: str, path: str) -> dict[str, Any]:
        """The expression of a value in a step's property file `document`."""
        return {"Std:JsonGet": {"PropertyFile": {"Get": f"Steps.{step}.PropertyFiles.document"}, "Path": path}}

    @staticmethod
    def fail(name: str, message: Any = "no", **rest: Any) -> dict[str, Any]:
        """A Fail step."""
        return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}, **rest}

    @staticmethod
    def definition(*steps: dict[str, Any], parameters: list[dict[str, Any]] | None = None) -> str:
        """The definition of these steps."""
        return json.dumps(
            {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": list(steps)}
        )

    def create(self, *steps: dict[str, Any], parameters: list[dict[str, Any]] | None = None, **request: Any) -> str:
        """Create a pipeline of these steps; answers its name."""
        name = request.pop("PipelineName", self.lab.new("pipeline"))
        text = self.definition(*steps, parameters=parameters)
        self.sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=text, RoleArn=self.lab.role, **request)
        return str(name)

    def start(self, pipeline: str, parameters: dict[str, str] | None = None, **request: Any) -> str:
        """Start an execution; answers its ARN."""
        given = [{"Name": name, "Value": value} for name, value in (parameters or {}).items()]
        answer = self.sagemaker.start_pipeline_execution(PipelineName=pipeline, PipelineParameters=given, **request)
        return str(answer["PipelineExecutionArn"])

    def ended(self, arn: str, seconds: float = 90) -> dict[str, Any]:
        """The execution at its end."""
        deadline = time.monotonic() + seconds
        while True:
            found: dict[str, Any] = self.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
            if found["PipelineExecutionStatus"] not in ("Executing", "Stopping"):
                return found
            assert time.monotonic() < deadline, self.steps(arn)
            time.sleep(0.05)

    def run(
        self, pipeline: str, parameters: dict[str, str] | None = None, **request: Any
    ) -> tuple[str, dict[str, Any]]:
        """Start an execution and wait for its end; answers its ARN and description."""
        arn = self.start(pipeline, parameters, **request)
        return arn, self.ended(arn)

    def steps(self, arn: str) -> dict[str, dict[str, Any]]:
        """The execution's steps by name, in the order of their start."""
        answer = self.sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn, SortOrder="Ascending")
        return {step["StepName"]: step for step in answer["PipelineExecutionSteps"]}

    def wait_until(self, arn: str, step: str, status: str) -> dict[str, Any]:
        """The step, once it has that status."""
        deadline = time.monotonic() + 30
        while (found := self.steps(arn).get(step, {})).get("StepStatus") != status:
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found


@pytest.fixture(scope="session")
def pipes(lab: Any) -> Pipes:
    """One for all."""
    return Pipes(lab)
