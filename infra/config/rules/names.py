"""Rules over the names that the platform composes: each fits what AWS takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra import naming
from infra.config.rules.finding import Finding, at
from infra.config.rules.model import ModelScope

_MODEL_STACKS = ("pipeline", "serving", "monitoring")


@dataclass(frozen=True)
class Limit:
    """The longest name and the characters that AWS takes for one kind of resource."""

    kind: str
    compose: Callable[[str, str], str]
    longest: int
    pattern: str = r"[a-zA-Z0-9](-*[a-zA-Z0-9])*"

    def refusal(self, environment: str, name: str) -> str | None:
        composed = self.compose(environment, name)
        if len(composed) > self.longest:
            return f"the {self.kind} name {composed} has {len(composed)} characters of at most {self.longest}"
        fits = re.fullmatch(self.pattern, composed)
        return None if fits else f"the {self.kind} name {composed} has characters that AWS does not take"


def _longest_stack(environment: str, model: str) -> str:
    return max((naming.stack_name(environment, part, model) for part in _MODEL_STACKS), key=len)


# Source: botocore's service models (EndpointName, PipelineName, FeatureGroupName, EntityName; Scheduler's Name) and
# the CloudFormation API reference (StackName).
LIMITS = (
    Limit("endpoint", naming.endpoint_name, 63),
    Limit("pipeline", naming.pipeline_name, 256),
    Limit("monitor pipeline", naming.monitor_name, 256),
    Limit("monitor schedule", naming.monitor_name, 64, r"[0-9a-zA-Z-_.]+"),
    Limit("feature group", naming.feature_group_name, 64, r"[a-zA-Z0-9]([_-]*[a-zA-Z0-9])*"),
    Limit("model package group", naming.package_group_name, 63),
    Limit("stack", _longest_stack, 128, r"[a-zA-Z][-a-zA-Z0-9]*"),
)


def check_model_names(scope: ModelScope) -> Iterator[Finding]:
    """The resources of a model have names that AWS takes."""
    environment = scope.environment.value(str, "name")
    model = scope.model.value(str, "name")
    found = [refusal for refusal in (limit.refusal(environment, model) for limit in LIMITS) if refusal is not None]
    if found:
        longest = min(limit.longest - len(limit.compose(environment, "")) for limit in LIMITS)
        yield Finding((at("name"),), "; ".join(found), f"a model name of at most {longest} characters")


RULES = (check_model_names,)
