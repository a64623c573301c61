"""The settings of promote_model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lambdas.common.errors import SettingsError
from lambdas.common.settings import require_json_object


@dataclass(frozen=True)
class PromoteModelSettings:
    """Which stack serves the packages of which group, and the role CloudFormation updates it with."""

    serving_stacks: Mapping[str, str]
    cloudformation_role_arn: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> PromoteModelSettings:
        """Read `SERVING_STACKS` (JSON: stack names by model package group) and `CLOUDFORMATION_ROLE_ARN`.

        Without a role, CloudFormation acts under the one that the stack was last deployed with.

        Raises:
            SettingsError: `SERVING_STACKS` is missing, not JSON, empty, or names a stack by anything but a string.
        """
        stacks = require_json_object(environment, "SERVING_STACKS")
        for group, stack in stacks.items():
            if not isinstance(stack, str) or not stack:
                raise SettingsError(f"SERVING_STACKS: {group!r} must be a stack name, got {stack!r}")
        return cls(stacks, environment.get("CLOUDFORMATION_ROLE_ARN") or None)

    def stack_of(self, group: str) -> str:
        """Return the name of the stack that serves the packages of a group.

        Raises:
            SettingsError: the group has no stack, so the rule lets through what the function knows nothing of.
        """
        if group not in self.serving_stacks:
            raise SettingsError(
                f"SERVING_STACKS has no stack for the model package group {group!r}, "
                f"only for {sorted(self.serving_stacks)}"
            )
        return self.serving_stacks[group]
