"""Roles that AWS services assume, and what is said often in their policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from infra.place import place_of


class ServiceRole(Construct):
    """A role that one AWS service assumes on behalf of this account only, with its statements and nothing else.

    What uses the role must depend on `policy`, lest it start without.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        service: str,
        description: str,
        statements: Sequence[iam.PolicyStatement] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(self, "Role", assumed_by=own_account(self, service), description=description)
        self.role_arn = self.role.role_arn
        self.policy = iam.Policy(self, "Policy", roles=[self.role])
        self.add(*statements)

    def add(self, *statements: iam.PolicyStatement) -> None:
        """Allows more."""
        self.policy.add_statements(*statements)

    def pass_itself_to(self, service: str) -> None:
        """Lets the role hand itself to `service`, e.g. to the jobs that a pipeline starts under its own role."""
        self.add(pass_role(self.role_arn, service))


def own_account(scope: IConstruct, service: str) -> iam.IPrincipal:
    """The service principal, when it acts for this account: another account cannot make it use the role."""
    conditions = {"StringEquals": {"aws:SourceAccount": place_of(scope).account}}
    return iam.ServicePrincipal(service, conditions=conditions)


def allow(
    actions: Sequence[str], *resources: str, conditions: Mapping[str, object] | None = None
) -> iam.PolicyStatement:
    """A statement that allows `actions` on `resources`."""
    return iam.PolicyStatement(actions=[*actions], resources=[*resources], conditions=conditions)


def pass_role(role_arn: str, service: str) -> iam.PolicyStatement:
    """Allows to hand the role to `service`."""
    return allow(["iam:PassRole"], role_arn, conditions={"StringEquals": {"iam:PassedToService": service}})


def arn(scope: IConstruct, service: str, resource: str, name: str) -> str:
    """ARN of a resource of this account and region, in the form `<resource>/<name>`."""
    return f"{arn_prefix(scope, service)}:{resource}/{name}"


def colon_arn(scope: IConstruct, service: str, resource: str, name: str) -> str:
    """ARN of a resource of this account and region, in the form `<resource>:<name>`."""
    return f"{arn_prefix(scope, service)}:{resource}:{name}"


def arn_prefix(scope: IConstruct, service: str) -> str:
    """What all ARNs of a service in this account and region begin with, without the colon at its end."""
    place = place_of(scope)
    return f"arn:{place.partition}:{service}:{place.region}:{place.account}"
