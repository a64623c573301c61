"""The tables of docs/architecture.md: stacks, references, alarms and the ways out of the VPC."""

from __future__ import annotations

import re
from collections import Counter

from docs.generator.markdown import table
from docs.generator.templates import ENVIRONMENTS, REFERENCE, ROOT, Resource, Stack, stacks
from infra.network.service_endpoints import SERVICE_ENDPOINTS

_RUNBOOK = re.compile(r"(?P<meaning>.*)\. Runbook: docs/(?P<path>runbooks/(?P<name>[\w-]+)\.md)")
_SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": "≥",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}


def purposes() -> str:
    """Each stack with its purpose and the number of its resources per environment."""
    counts = {
        (environment, stack.name): len(stack.template["Resources"])
        for environment in ENVIRONMENTS
        for stack in stacks(environment)
    }
    rows = [
        (f"`{stack.title}`", stack.template["Description"], *(counts[each, stack.name] for each in ENVIRONMENTS))
        for stack in stacks()
    ]
    totals = [sum(count for (each, _), count in counts.items() if each == wanted) for wanted in ENVIRONMENTS]
    return table(("stack", "purpose", *ENVIRONMENTS), [*rows, ("all", "", *totals)])


def resource_types() -> str:
    """What each stack of the reference environment consists of."""
    rows = []
    for stack in stacks():
        counted = Counter(resource["Type"].removeprefix("AWS::") for _, resource in stack.resources())
        parts = [f"{count} {kind}" if count > 1 else kind for kind, count in sorted(counted.items())]
        rows.append((f"`{stack.name}`", ", ".join(parts)))
    return table(("stack", f"resources in `{REFERENCE}`"), rows)


def references() -> str:
    """Which stacks read outputs of which."""
    rows = [(f"`{stack.name}`", ", ".join(f"`{name}`" for name in stack.refers_to) or "none") for stack in stacks()]
    return table(("stack", "reads outputs of"), rows)


def alarms() -> str:
    """Every alarm with what it means, when it goes off, and its runbook."""
    rows = [_alarm(stack, resource) for stack in stacks() for _, resource in stack.resources("AWS::CloudWatch::Alarm")]
    return table(("alarm", "meaning", "goes off", "runbook"), rows)


def _alarm(stack: Stack, resource: Resource) -> tuple[str, str, str, str]:
    properties = resource["Properties"]
    found = _RUNBOOK.fullmatch(properties["AlarmDescription"])
    if found is None:
        raise ValueError(f"{properties['AlarmName']}: its description names no runbook")
    name = properties["AlarmName"].replace(f"sagestead-{stack.environment}-", "sagestead-<env>-")
    meaning = found["meaning"].replace(f"sagestead-{stack.environment}-", "sagestead-<env>-")
    return f"`{name}`", meaning, _condition(properties), f"[{found['name']}]({found['path']})"


def _condition(properties: Resource) -> str:
    period = max(query["MetricStat"]["Period"] for query in properties["Metrics"] if "MetricStat" in query)
    sign, threshold = _SIGNS[properties["ComparisonOperator"]], properties["Threshold"]
    periods, needed = properties["EvaluationPeriods"], properties["DatapointsToAlarm"]
    return f"{sign} {threshold:g} in {needed} of {periods} periods of {period} s".replace("1e+06", "1000000")


def vpc_endpoints() -> str:
    """The endpoints of the reference environment, and which capability needs each."""
    needed = {row.service: row for row in SERVICE_ENDPOINTS}
    rows = []
    for stack in stacks():
        for _, resource in stack.resources("AWS::EC2::VPCEndpoint"):
            properties = resource["Properties"]
            service = re.sub(r"^com\.amazonaws\.[\w-]+\.", "", properties["ServiceName"])
            kind = properties["VpcEndpointType"]
            actions = properties["PolicyDocument"]["Statement"][0]["Action"]
            users = sorted(needed[service].needed_by) if service in needed else ["all of them"]
            rows.append((f"`{service}`", kind, ", ".join(users), ", ".join(f"`{action}`" for action in _list(actions))))
    return table(("service", "kind", "needed by", "its policy allows"), sorted(rows, key=lambda row: (row[1], row[0])))


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def decisions() -> str:
    """The decisions that are written down, by number, with their titles."""
    rows = []
    for file in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        number, _, title = file.read_text("utf-8").partition("\n")[0].removeprefix("# ").partition(". ")
        rows.append((f"[{number}](decisions/{file.name})", title))
    return table(("decision", "about"), rows)
