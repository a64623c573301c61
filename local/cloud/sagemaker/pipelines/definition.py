"""A pipeline definition (version 2020-12-01): read, checked, its steps and what each waits for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.sagemaker.pipelines import caching, conditions, expressions, parameters, retries

VERSION = "2020-12-01"
SUPPORTED = {"Processing", "Training", "Transform", "Model", "RegisterModel", "Condition", "Fail", "Lambda"}
KNOWN = SUPPORTED | {
    *("Callback", "Tuning", "QualityCheck", "ClarifyCheck", "EMR", "EMRServerless", "AutoML", "EndpointConfig"),
    *("Endpoint", "InferenceComponent", "Lineage", "Job", "Cleanup", "ForEach"),
}
VARIABLES = {
    *("StartDateTime", "CurrentDateTime", "PipelineName", "PipelineArn", "PipelineExecutionId"),
    *("PipelineExecutionArn", "TrainingJobName", "ProcessingJobName"),
}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Step:
    """A step, with the branch of a condition that it stands in, if any."""

    raw: Mapping[str, Any]
    condition: str | None = None
    branch: bool = True

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.raw.get("Name"))

    @property
    def type(self) -> str:
        """Its type, such as `Processing`."""
        return str(self.raw.get("Type"))

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Its arguments with their expressions, without the steps that a condition holds."""
        given = self.raw.get("Arguments") or {}
        return {key: value for key, value in given.items() if key not in ("IfSteps", "ElseSteps")}

    @property
    def expressions(self) -> list[Any]:
        """Everything in it that may hold expressions."""
        return [self.arguments, self.raw.get("FunctionArn")]

    @property
    def needs(self) -> set[str]:
        """The steps that must be done before it: named, referred to, or the condition around it."""
        used = {name for kind, name, _ in expressions.references(self.expressions) if kind == "Steps"}
        around = {self.condition} if self.condition else set()
        return {*(self.raw.get("DependsOn") or []), *used, *around}


@dataclass(frozen=True)
class Definition:
    """A definition that has been checked."""

    parameters: list[dict[str, Any]]
    steps: dict[str, Step]


def parse(text: str) -> Definition:
    """Read and check a definition.

    Raises:
        ApiError: ValidationException with every problem, each naming its step.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise _refuse([f"it is not JSON: {error}"]) from error
    if not isinstance(document, dict) or document.get("Version") != VERSION:
        raise _refuse([f"Version must be '{VERSION}'"])
    if not isinstance(document.get("Steps"), list) or not document["Steps"]:
        raise _refuse(["it has no Steps"])
    declared = document.get("Parameters") or []
    problems = parameters.check_declarations(declared)
    listed = list(_flatten(document["Steps"]))
    steps = {step.name: step for step in listed}
    problems += [f"duplicate step name '{name}'" for name in _duplicates([step.name for step in listed])]
    for step in listed:
        found = _check_step(step, steps, {item.get("Name") for item in declared})
        problems += [f"step '{step.name}': {problem}" for problem in found]
    if not problems:
        problems += _cycles(steps)
    if problems:
        raise _refuse(problems)
    return Definition(declared, steps)


def _refuse(problems: list[str]) -> Exception:
    return validation_error(f"Unable to parse pipeline definition: {'; '.join(problems)}")


def _flatten(raw_steps: list[Any], condition: str | None = None, branch: bool = True) -> Iterator[Step]:
    for raw in raw_steps:
        step = Step(raw, condition, branch)
        yield step
        if step.type == "Condition":
            given = raw.get("Arguments") or {}
            yield from _flatten(given.get("IfSteps") or [], step.name, True)
            yield from _flatten(given.get("ElseSteps") or [], step.name, False)


def _duplicates(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _check_step(step: Step, steps: Mapping[str, Step], known_parameters: set[Any]) -> list[str]:
    if not _NAME.fullmatch(step.name):
        return ["Name must be 1 to 64 letters, digits, hyphens and underscores"]
    if step.type not in KNOWN:
        return [f"unknown step type '{step.type}'"]
    if step.type not in SUPPORTED:
        return [f"the local cloud does not run steps of type {step.type}"]
    problems = [f"DependsOn names the unknown step '{n}'" for n in step.raw.get("DependsOn") or [] if n not in steps]
    if step.type == "Condition":
        for condition in step.arguments.get("Conditions") or [None]:
            problems += conditions.check(condition)
    problems += retries.check(step.raw.get("RetryPolicies")) + _check_cache(step)
    try:
        used = list(expressions.references(step.expressions))
    except expressions.ExpressionError as error:
        return [*problems, str(error)]
    for reference in used:
        problems += _check_reference(reference, steps, known_parameters)
    return problems


def _check_cache(step: Step) -> list[str]:
    config = step.raw.get("CacheConfig") or {}
    if not config.get("Enabled"):
        return []
    if step.type not in caching.KEY_ATTRIBUTES:
        return [f"the local cloud does not cache steps of type {step.type}"]
    try:
        caching.parse_duration(config.get("ExpireAfter") or "P1D")
    except ValueError as error:
        return [str(error)]
    return []


def _check_reference(
    reference: tuple[str, str, str], steps: Mapping[str, Step], known_parameters: set[Any]
) -> list[str]:
    kind, name, path = reference
    if kind == "Parameters" and name not in known_parameters:
        return [f"refers to the unknown parameter '{name}'"]
    if kind == "Execution" and name not in VARIABLES:
        return [f"refers to the unknown execution variable '{name}'"]
    if kind != "Steps":
        return []
    if name not in steps:
        return [f"refers to the unknown step '{name}'"]
    if steps[name].type == "Fail":
        return [f"refers to the Fail step '{name}', which has no properties"]
    file = path.removeprefix("PropertyFiles.")
    if file != path and file not in property_files(steps[name]):
        return [f"refers to the property file '{file}', which step '{name}' does not have"]
    return []


def property_files(step: Step) -> dict[str, Mapping[str, str]]:
    """The property files of a step (`{"OutputName", "FilePath"}`), by name."""
    return {item["PropertyFileName"]: item for item in step.raw.get("PropertyFiles") or []}


def _cycles(steps: Mapping[str, Step]) -> list[str]:
    done: set[str] = set()
    left = {name: step.needs for name, step in steps.items()}
    while True:
        free = [name for name, needs in left.items() if needs <= done]
        if not free:
            break
        done.update(free)
        left = {name: needs for name, needs in left.items() if name not in done}
    return [f"step '{name}' is in or behind a cycle: it waits for {sorted(left[name] - done)}" for name in sorted(left)]
