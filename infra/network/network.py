"""The isolated VPC with its tiers, security groups, endpoints and flow logs."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.config.environment import NetworkConfig, ProtectionConfig
from infra.naming import construct_id as id_of
from infra.network.capabilities import Capability
from infra.network.flow_logs import FlowLogs
from infra.network.network_acl import AclRule, client_rules, server_rules
from infra.network.prefix_lists import s3_prefix_list_id
from infra.network.security_groups import CLIENT_ROLES, SecurityGroups
from infra.network.service_endpoints import needed_endpoints
from infra.network.subnet_tier import SubnetTier
from infra.network.vpc_endpoints import VpcEndpoints
from infra.place import place_of
from infra.storage.key import Key


class Network(Construct):
    """A VPC without a gateway to the internet: its tiers reach AWS services through VPC endpoints and nothing else."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: NetworkConfig,
        capabilities: frozenset[Capability],
        protection: ProtectionConfig,
        flow_log_key: Key,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self.vpc_id = ec2.CfnVPC(
            self, "Vpc", cidr_block=config.vpc_cidr, enable_dns_hostnames=True, enable_dns_support=True
        ).ref
        clients = {role: self._tier(role, getattr(config.subnets, role), client_rules()) for role in CLIENT_ROLES}
        servers = self._tier("interface_endpoints", config.subnets.interface_endpoints, server_rules(config.vpc_cidr))
        self.job_subnet_ids = clients["jobs"].subnet_ids
        self.endpoint_subnet_ids = clients["endpoints"].subnet_ids
        self.lambda_subnet_ids = clients["lambdas"].subnet_ids
        self._groups = SecurityGroups(
            self,
            "SecurityGroups",
            vpc_id=self.vpc_id,
            interface_endpoint_cidrs=servers.cidrs,
            s3_prefix_list_id=s3_prefix_list_id(place_of(self).region),
        )
        VpcEndpoints(
            self,
            "VpcEndpoints",
            vpc_id=self.vpc_id,
            services=needed_endpoints(capabilities),
            subnet_ids=servers.subnet_ids,
            security_group_id=self.security_group_id("interface_endpoints"),
            s3_route_table_ids=[tier.route_table_id for tier in clients.values()],
        )
        FlowLogs(
            self,
            "FlowLogs",
            config=config.flow_logs,
            vpc_id=self.vpc_id,
            key=flow_log_key,
            protection=protection,
        )

    def security_group_id(self, role: str) -> str:
        """Id of the security group of `role`: jobs, endpoints, lambdas or interface_endpoints."""
        return self._groups.id(role)

    def _tier(self, role: str, cidrs: Sequence[str], acl_rules: Sequence[AclRule]) -> SubnetTier:
        return SubnetTier(
            self,
            id_of(role),
            vpc_id=self.vpc_id,
            availability_zones=self._config.availability_zones,
            cidrs=cidrs,
            acl_rules=acl_rules,
        )
