"""A network ACL with explicit rules in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.checks import acknowledge

_TCP = 6
_HTTPS = (443, 443)
# ACLs are stateless: answers come back to a port that the caller's kernel chose.
_EPHEMERAL = (1024, 65535)
_ANYWHERE = "0.0.0.0/0"
_REASON = "Explicit ACLs are part of the design: a second, stateless guard that no security group can widen"


@dataclass(frozen=True, kw_only=True)
class AclRule:
    """Allows TCP of one direction between the tier and `cidr`, on ports from the first to the last."""

    outbound: bool
    cidr: str
    ports: tuple[int, int]


def client_rules() -> tuple[AclRule, ...]:
    """Rules of a tier that only calls: HTTPS out, answers in.

    S3's addresses behind the gateway endpoint are public ones and an ACL cannot name a prefix list, so the address is
    open; the route table has no way but to the VPC and that endpoint, and security groups name both.
    Source: VPC user guide, "Gateway endpoints for Amazon S3".
    """
    return (
        AclRule(outbound=True, cidr=_ANYWHERE, ports=_HTTPS),
        AclRule(outbound=False, cidr=_ANYWHERE, ports=_EPHEMERAL),
    )


def server_rules(vpc_cidr: str) -> tuple[AclRule, ...]:
    """Rules of a tier that only answers: HTTPS in from the VPC, answers out to it."""
    return (
        AclRule(outbound=False, cidr=vpc_cidr, ports=_HTTPS),
        AclRule(outbound=True, cidr=vpc_cidr, ports=_EPHEMERAL),
    )


class NetworkAcl(Construct):
    """An ACL that denies what its rules do not allow."""

    def __init__(self, scope: Construct, construct_id: str, *, vpc_id: str, rules: Sequence[AclRule]) -> None:
        super().__init__(scope, construct_id)
        acl = ec2.CfnNetworkAcl(self, "Acl", vpc_id=vpc_id)
        acknowledge(acl, "AwsSolutions-VPC3", _REASON)
        self.network_acl_id = acl.ref
        for number, rule in enumerate(rules, start=1):
            self._entry(number * 100, rule)

    def _entry(self, number: int, rule: AclRule) -> None:
        first, last = rule.ports
        entry = ec2.CfnNetworkAclEntry(
            self,
            f"{'Outbound' if rule.outbound else 'Inbound'}{number}",
            network_acl_id=self.network_acl_id,
            rule_number=number,
            rule_action="allow",
            protocol=_TCP,
            egress=rule.outbound,
            cidr_block=rule.cidr,
            port_range=ec2.CfnNetworkAclEntry.PortRangeProperty(from_=first, to=last),
        )
        acknowledge(entry, "AwsSolutions-VPC3", _REASON)
