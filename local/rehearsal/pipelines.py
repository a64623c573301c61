"""Pipeline executions, started and followed through the SageMaker API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.rehearsal.processes import RehearsalError
from local.rehearsal.progress import Step
from local.rehearsal.wait import until

RUN_SECONDS = 900


def start(sagemaker: Any, pipeline: str, parameters: Mapping[str, str]) -> str:
    """Start an execution with these parameters; its ARN."""
    listed = [{"Name": name, "Value": value} for name, value in parameters.items()]
    answer = sagemaker.start_pipeline_execution(PipelineName=pipeline, PipelineParameters=listed)
    return str(answer["PipelineExecutionArn"])


def follow(sagemaker: Any, execution: str, step: Step) -> list[dict[str, Any]]:
    """Wait for an execution, its steps shown as they go; they are returned, with the model package if there is one.

    Raises:
        RehearsalError: it failed; with the reason of the step that did.
    """

    def probe() -> list[dict[str, Any]] | None:
        steps: list[dict[str, Any]] = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)[
            "PipelineExecutionSteps"
        ]
        state = sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution)
        step.say("  ".join(f"{found['StepName']}: {found['StepStatus']}" for found in reversed(steps)))
        if state["PipelineExecutionStatus"] == "Succeeded":
            return list(reversed(steps))
        if state["PipelineExecutionStatus"] in ("Failed", "Stopped"):
            reasons = [f"{f['StepName']}: {f['FailureReason']}" for f in steps if f.get("FailureReason")]
            raise RehearsalError(f"{execution} failed: {'; '.join(reasons) or state.get('FailureReason')}")
        return None

    return until(f"the execution {execution}", probe, RUN_SECONDS)


def package_of(steps: list[dict[str, Any]]) -> str:
    """The ARN of the model package that the execution registered."""
    for found in steps:
        arn = found.get("Metadata", {}).get("RegisterModel", {}).get("Arn")
        if arn:
            return str(arn)
    raise RehearsalError("the execution registered no model package")


def default_parameters(sagemaker: Any, pipeline: str) -> dict[str, Any]:
    """The parameters of the deployed definition with their defaults."""
    definition = json.loads(sagemaker.describe_pipeline(PipelineName=pipeline)["PipelineDefinition"])
    return {parameter["Name"]: parameter.get("DefaultValue") for parameter in definition["Parameters"]}
