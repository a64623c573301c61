"""The table of IAM roles: who takes each, and what it may do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from docs.generator.markdown import table
from docs.generator.templates import Resource, Stack, stacks

_HASH = re.compile(r"[0-9A-F]{8}$")
_SHOWN = 8
"""Longer lists of one service's actions are cut: the snapshots have them whole."""


def roles() -> str:
    """Each role, the service that assumes it, its actions, and those that are not bound to named resources."""
    rows = []
    for stack in stacks():
        for name, role in stack.resources("AWS::IAM::Role"):
            statements = list(_statements(stack, name, role))
            bound = _actions(each for each in statements if each["Resource"] != "*")
            open_ = _actions(each for each in statements if each["Resource"] == "*")
            trusted = sorted(_principals(role))
            rows.append((f"`{stack.name}`", _title(name, role), ", ".join(trusted), bound, open_ or "nothing"))
    return table(("stack", "role", "assumed by", "may, on named resources", "may, on any resource"), rows)


def _title(name: str, role: Resource) -> str:
    described = role["Properties"].get("Description")
    return re.sub(r"sagestead-\w+-", "sagestead-<env>-", described) if described else f"`{_HASH.sub('', name)}`"


def _principals(role: Resource) -> Iterator[str]:
    for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
        services = statement["Principal"]["Service"]
        yield from [services] if isinstance(services, str) else services


def _statements(stack: Stack, name: str, role: Resource) -> Iterator[Resource]:
    for policy in role["Properties"].get("Policies", []):
        yield from policy["PolicyDocument"]["Statement"]
    for _, policy in stack.resources("AWS::IAM::Policy"):
        if {"Ref": name} in policy["Properties"]["Roles"]:
            yield from policy["Properties"]["PolicyDocument"]["Statement"]


def _actions(statements: Iterable[Resource]) -> str:
    by_service: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            service, _, verb = action.partition(":")
            by_service[service].add(verb)
    return "; ".join(f"**{service}** {_verbs(sorted(verbs))}" for service, verbs in sorted(by_service.items()))


def _verbs(verbs: list[str]) -> str:
    rest = len(verbs) - _SHOWN
    return ", ".join(verbs[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
