"""Synthesizes environments in the test process: without the CLI, the network and the built-in template validator."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# Read by the CDK's own process when it starts: the validator costs seconds, and cfn-lint runs in a test of its own.
os.environ["CDK_VALIDATION"] = "false"
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

from aws_cdk import App, Environment, Stack, Stage
from constructs import Construct

from infra.config.loader import PlatformConfig, environments, load
from stacks.stage import PlatformStage

REPOSITORY = Path(__file__).resolve().parents[2]
ENVIRONMENTS = tuple(environments(REPOSITORY))

Template = dict[str, Any]


@dataclass(frozen=True)
class Synthesized:
    """One synthesized environment by stack (e.g. foundation), and what cdk-nag found."""

    templates: dict[str, Template]
    settings: dict[str, dict[str, Any]]
    files: dict[str, Path]
    findings: dict[str, list[str]]

    def resources(self, stack: str, kind: str) -> dict[str, Template]:
        """The resources of type `kind` in `stack`, by logical id."""
        found = self.templates[stack]["Resources"].items()
        return {name: resource for name, resource in found if resource["Type"] == kind}

    def properties(self, stack: str, kind: str) -> list[Template]:
        """The properties of the resources of type `kind` in `stack`."""
        return [resource.get("Properties", {}) for resource in self.resources(stack, kind).values()]


def context() -> dict[str, Any]:
    """The context of cdk.json: the feature flags under which the CLI runs the app."""
    values: dict[str, Any] = json.loads((REPOSITORY / "cdk.json").read_text("utf-8"))["context"]
    return values


def new_app() -> App:
    """An app with the repository's feature flags and nothing of the machine."""
    return App(context=context(), analytics_reporting=False)


def synthesize(config: PlatformConfig, *, check: bool = False) -> Synthesized:
    """Synthesizes one environment; with `check`, AwsSolutions runs on it."""
    app = new_app()
    stage = PlatformStage(app, config=config)
    assembly = app.synth().get_nested_assembly(f"assembly-{stage.node.id}")
    prefix = f"sagestead-{config.environment.name}-"
    files = {
        stack.stack_name.removeprefix(prefix): Path(assembly.directory) / stack.template_file
        for stack in assembly.stacks
    }
    templates = {name: json.loads(file.read_text("utf-8")) for name, file in files.items()}
    settings = {
        stack.stack_name.removeprefix(prefix): {"terminationProtection": stack.termination_protection}
        for stack in assembly.stacks
    }
    findings = _findings(app) if check else {}
    return Synthesized(templates=templates, settings=settings, files=files, findings=findings)


@cache
def synthesized(environment: str) -> Synthesized:
    """The repository's environment of that name, synthesized once per process and checked."""
    return synthesize(load(REPOSITORY, environment), check=True)


def template_of(build: Any) -> Template:
    """The template of a stack that holds only what `build(stack)` puts in it, in account 111122223333, us-east-1."""
    app = new_app()
    scope: Construct = Stage(app, "test")
    stack = Stack(scope, "Stack", env=Environment(account="111122223333", region="us-east-1"))
    build(stack)
    assembly = app.synth().get_nested_assembly("assembly-test")
    template: Template = assembly.stacks[0].template
    return template


def _findings(app: App) -> dict[str, list[str]]:
    from cdk_nag import AwsSolutionsChecks

    violations = AwsSolutionsChecks(app).validate_scope(app).violations
    return {each.rule_name: [str(found.construct_path) for found in each.violating_resources] for each in violations}
