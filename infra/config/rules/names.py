"""Rules over the names that the platform composes: each fits what AWS takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra import naming
from infra.config.rules.finding import Finding, at
from infra.config.rules.model import ModelScope
from infra.config.view import View


@dataclass(frozen=True)
class _Limit:
    """The longest name and the characters that AWS takes for one kind of resource."""

    kind: str
    compose: Callable[[str, str], str]
    longest: int
    pattern: str = r"[a-zA-Z0-9](-*[a-zA-Z0-9])*"

    def refusal(self, environment: str, name: str) -> str | None:
        composed = self.compose(environment, name)
        if len(composed) > self.longest:
            return f"the {self.kind} name {composed} has {len(composed)} characters of at most {self.longest}"
        if not re.fullmatch(self.pattern, composed):
            return f"the {self.kind} name {composed} has characters that AWS does not take"
        return None


_MODEL_STACKS = ("pipeline", "serving", "monitoring")
_STACKS = ("network", "foundation", "registry", "features", "operations")
_CONTAINERS = ("trainer", "analyzer", "inference")
_REPOSITORY = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"
# Source: botocore's service models (EndpointName, PipelineName, FeatureGroupName, EntityName; Scheduler's Name;
# CloudFormation and ECR API references for StackName and RepositoryName).
_MODEL_LIMITS = (
    _Limit("endpoint", naming.endpoint_name, 63),
    _Limit("pipeline", naming.pipeline_name, 256),
    _Limit("monitor pipeline", naming.monitor_name, 256),
    _Limit("monitor schedule", naming.monitor_name, 64, r"[0-9a-zA-Z-_.]+"),
    _Limit("feature group", naming.feature_group_name, 64, r"[a-zA-Z0-9]([_-]*[a-zA-Z0-9])*"),
    _Limit("model package group", naming.package_group_name, 63),
)
_MAX_STACK = 128
_MAX_REPOSITORY = 256


def check_model_names(scope: ModelScope) -> Iterator[Finding]:
    """The resources of a model have names that AWS takes."""
    environment = scope.environment.value(str, "name")
    model = scope.model.value(str, "name")
    refusals = [limit.refusal(environment, model) for limit in _MODEL_LIMITS]
    stacks = [_stack_refusal(naming.stack_name(environment, part, model)) for part in _MODEL_STACKS]
    found = [refusal for refusal in refusals + stacks if refusal is not None]
    if found:
        spare = min(limit.longest - len(limit.compose(environment, "")) for limit in _MODEL_LIMITS)
        yield Finding((at("name"),), "; ".join(found), f"a model name of at most {spare} characters")


def check_environment_names(view: View) -> Iterator[Finding]:
    """The stacks and repositories of an environment have names that AWS takes."""
    environment = view.value(str, "name")
    refusals = [_stack_refusal(naming.stack_name(environment, part)) for part in _STACKS]
    repository = _Limit("repository", naming.repository_name, _MAX_REPOSITORY, _REPOSITORY)
    refusals += [repository.refusal(environment, container) for container in _CONTAINERS]
    for refusal in refusals:
        if refusal is not None:
            yield Finding((at("name"),), refusal, "a shorter name")


def _stack_refusal(name: str) -> str | None:
    limit = _Limit("stack", lambda _environment, stack: stack, _MAX_STACK, r"[a-zA-Z][-a-zA-Z0-9]*")
    return limit.refusal("", name)


MODEL_RULES = (check_model_names,)
ENVIRONMENT_RULES = (check_environment_names,)
