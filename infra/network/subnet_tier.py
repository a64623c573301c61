"""One tier of isolated subnets with its route table and network ACL."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.network.network_acl import AclRule, NetworkAcl
from infra.place import place_of

_REGION = Aws.REGION


class SubnetTier(Construct):
    """Subnets of one purpose, one per availability zone, that reach only what their ACL and route table allow."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        availability_zones: Sequence[str],
        cidrs: Sequence[str],
        acl_rules: Sequence[AclRule],
    ) -> None:
        super().__init__(scope, construct_id)
        self._region = place_of(self).region
        self.cidrs = tuple(cidrs)
        self.route_table_id = ec2.CfnRouteTable(self, "RouteTable", vpc_id=vpc_id).ref
        acl = NetworkAcl(self, "Acl", vpc_id=vpc_id, rules=acl_rules)
        self.subnet_ids = [
            self._subnet(f"Zone{position}", vpc_id, zone, cidr, acl.network_acl_id)
            for position, (zone, cidr) in enumerate(zip(availability_zones, cidrs, strict=True), start=1)
        ]

    def _subnet(self, name: str, vpc_id: str, zone: str, cidr: str, network_acl_id: str) -> str:
        subnet_id = ec2.CfnSubnet(
            self,
            name,
            vpc_id=vpc_id,
            # The zone's letter behind the stack's region: a template holds no zone of another region.
            availability_zone=f"{_REGION}{zone.removeprefix(self._region)}",
            cidr_block=cidr,
            map_public_ip_on_launch=False,
        ).ref
        ec2.CfnSubnetRouteTableAssociation(
            self, f"{name}Routes", subnet_id=subnet_id, route_table_id=self.route_table_id
        )
        ec2.CfnSubnetNetworkAclAssociation(self, f"{name}Acl", subnet_id=subnet_id, network_acl_id=network_acl_id)
        return subnet_id
