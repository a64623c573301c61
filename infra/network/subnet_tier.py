"""One tier of isolated subnets with its route table and network ACL."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.network.network_acl import AclRule, NetworkAcl


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
        self.cidrs = tuple(cidrs)
        self.route_table_id = ec2.CfnRouteTable(self, "RouteTable", vpc_id=vpc_id).ref
        acl = NetworkAcl(self, "Acl", vpc_id=vpc_id, rules=acl_rules)
        self.subnet_ids = [
            self._subnet(f"Zone{position}", vpc_id, zone, cidr, acl.network_acl_id)
            for position, (zone, cidr) in enumerate(zip(availability_zones, cidrs, strict=True), start=1)
        ]

    def _subnet(self, name: str, vpc_id: str, zone: str, cidr: str, network_acl_id: str) -> str:
        subnet = ec2.CfnSubnet(
            self,
            name,
            vpc_id=vpc_id,
            # The zone's letter behind the stack's region: a template holds no zone of another region.
            availability_zone=f"{Aws.REGION}{zone.removeprefix(Stack.of(self).region)}",
            cidr_block=cidr,
            map_public_ip_on_launch=False,
        )
        ec2.CfnSubnetRouteTableAssociation(
            self, f"{name}Routes", subnet_id=subnet.ref, route_table_id=self.route_table_id
        )
        ec2.CfnSubnetNetworkAclAssociation(self, f"{name}Acl", subnet_id=subnet.ref, network_acl_id=network_acl_id)
        return subnet.ref
