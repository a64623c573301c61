"""The training pipeline's graph and its executions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from local.report.facts import Execution, GraphStep, StepRun
from local.report.sources.reading import Cloud, Reader, moment, pages


def read_graph(cloud: Cloud, pipeline: str) -> tuple[GraphStep, ...]:
    """The steps of the pipeline's deployed definition with what each depends on."""
    described = cloud("sagemaker").describe_pipeline(PipelineName=pipeline)
    return graph(json.loads(described["PipelineDefinition"]))


def graph(definition: Mapping[str, Any]) -> tuple[GraphStep, ...]:
    """The steps of a definition (schema 2020-12-01), those of a condition's branches after it.

    A step depends on what it names in DependsOn, on each step whose properties or files it refers to
    (`{"Get": "Steps.<name>..."}`), and on the condition whose branch it is in.
    """
    listed = list(_flat(definition["Steps"], "", ""))
    names = {step["Name"] for step, _, _ in listed}
    return tuple(
        GraphStep(step["Name"], step["Type"], _after(step, condition, names), branch)
        for step, condition, branch in listed
    )


def _flat(steps: Iterable[Any], condition: str, branch: str) -> Iterator[tuple[dict[str, Any], str, str]]:
    for step in steps:
        yield step, condition, branch
        arguments = step.get("Arguments", {}) if step["Type"] == "Condition" else {}
        for key, name in (("IfSteps", "if"), ("ElseSteps", "else")):
            yield from _flat(arguments.get(key, []), step["Name"], name)


def _after(step: dict[str, Any], condition: str, names: set[str]) -> tuple[str, ...]:
    own = {key: value for key, value in step.items() if key != "Arguments"}
    arguments = step.get("Arguments", {})
    if step["Type"] == "Condition":
        arguments = {key: value for key, value in arguments.items() if key not in ("IfSteps", "ElseSteps")}
    found = [condition, *step.get("DependsOn", []), *_references([own, arguments])]
    return tuple(name for name in dict.fromkeys(found) if name in names and name != step["Name"])


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        target = value.get("Get")
        if isinstance(target, str) and target.startswith("Steps."):
            yield target.split(".")[1].partition("[")[0]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def read_executions(cloud: Cloud, started: Iterable[dict[str, Any]], reader: Reader) -> tuple[Execution, ...]:
    """The executions that the rehearsal recorded as {label, execution_arn}, in its order."""
    found = []
    for entry in started:
        arn, label = entry["execution_arn"], entry.get("label", "")
        empty = Execution(label, arn, "unknown")
        found.append(reader.attempt(f"execution {empty.id}", partial(_execution, cloud, empty, reader), empty))
    return tuple(found)


def _execution(cloud: Cloud, entry: Execution, reader: Reader) -> Execution:
    sagemaker, arn = cloud("sagemaker"), entry.arn
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)

    def parameters() -> tuple[tuple[str, str], ...]:
        operation = "list_pipeline_parameters_for_execution"
        listed = pages(sagemaker, operation, "PipelineParameters", PipelineExecutionArn=arn)
        return tuple((found["Name"], str(found.get("Value", ""))) for found in listed)

    def steps() -> tuple[StepRun, ...]:
        listed = pages(sagemaker, "list_pipeline_execution_steps", "PipelineExecutionSteps", PipelineExecutionArn=arn)
        return tuple(sorted(map(_step, listed), key=lambda step: str(step.start)))

    return Execution(
        label=entry.label,
        arn=arn,
        status=described.get("PipelineExecutionStatus", "unknown"),
        start=moment(described.get("CreationTime")),
        end=moment(described.get("LastModifiedTime")),
        steps=reader.attempt(f"steps of execution {entry.id}", steps, ()),
        parameters=reader.attempt(f"parameters of execution {entry.id}", parameters, ()),
    )


def _step(found: dict[str, Any]) -> StepRun:
    return StepRun(
        name=found["StepName"],
        status=found.get("StepStatus", "unknown"),
        start=moment(found.get("StartTime")),
        end=moment(found.get("EndTime")),
        cached=bool(found.get("CacheHitResult", {}).get("SourcePipelineExecutionArn")),
        failure=found.get("FailureReason", ""),
    )
