"""A security group per role."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.naming import construct_id as id_of

CLIENT_ROLES = ("jobs", "endpoints", "lambdas")
_DESCRIPTIONS = {
    "jobs": "Training and processing jobs",
    "endpoints": "Model endpoints",
    "lambdas": "Lambda functions",
}
_HTTPS = 443


class SecurityGroups(Construct):
    """Roles jobs, endpoints and lambdas, which only call, and interface_endpoints, which only answers them.

    A caller reaches the interface endpoints' subnets and S3's prefix list, nothing else; nothing reaches a caller.
    The callers' rule names addresses, the endpoints' rule names the callers' groups: were both groups, the rules would
    have to be resources of their own to break the circle, for the same traffic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        interface_endpoint_cidrs: Sequence[str],
        s3_prefix_list_id: str,
    ) -> None:
        super().__init__(scope, construct_id)
        egress = [_egress("VPC endpoints of AWS services", cidr_ip=cidr) for cidr in interface_endpoint_cidrs]
        egress.append(_egress("S3", prefix_list_id=s3_prefix_list_id))
        self._ids = {role: self._client(role, vpc_id, egress) for role in CLIENT_ROLES}
        self._ids["interface_endpoints"] = self._server(vpc_id)

    def id(self, role: str) -> str:
        """Id of the group of `role`: jobs, endpoints, lambdas or interface_endpoints."""
        return self._ids[role]

    def _client(self, role: str, vpc_id: str, egress: Sequence[ec2.CfnSecurityGroup.EgressProperty]) -> str:
        return ec2.CfnSecurityGroup(
            self,
            id_of(role),
            vpc_id=vpc_id,
            group_description=_DESCRIPTIONS[role],
            security_group_egress=egress,
        ).attr_group_id

    def _server(self, vpc_id: str) -> str:
        return ec2.CfnSecurityGroup(
            self,
            "InterfaceEndpoints",
            vpc_id=vpc_id,
            group_description="VPC endpoints of AWS services",
            security_group_ingress=[
                _ingress(_DESCRIPTIONS[role], source_security_group_id=self._ids[role]) for role in CLIENT_ROLES
            ],
            # A group without an egress rule gets one that allows everything: this one leads nowhere.
            security_group_egress=[_egress("Answers only", cidr_ip="127.0.0.1/32")],
        ).attr_group_id


def _egress(
    description: str, *, cidr_ip: str | None = None, prefix_list_id: str | None = None
) -> ec2.CfnSecurityGroup.EgressProperty:
    return ec2.CfnSecurityGroup.EgressProperty(
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        cidr_ip=cidr_ip,
        destination_prefix_list_id=prefix_list_id,
        description=description,
    )


def _ingress(description: str, *, source_security_group_id: str) -> ec2.CfnSecurityGroup.IngressProperty:
    return ec2.CfnSecurityGroup.IngressProperty(
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        source_security_group_id=source_security_group_id,
        description=description,
    )
