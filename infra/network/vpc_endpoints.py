"""The VPC endpoints: the only ways out of the VPC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.naming import construct_id as id_of
from infra.network.service_endpoints import S3_ACTIONS, ServiceEndpoint
from infra.place import place_of


class VpcEndpoints(Construct):
    """An interface endpoint per needed service and the gateway endpoint of S3, for this account's own calls only."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        services: Sequence[ServiceEndpoint],
        subnet_ids: Sequence[str],
        security_group_id: str,
        s3_route_table_ids: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        prefix = f"com.amazonaws.{place_of(self).region}"
        for row in services:
            ec2.CfnVPCEndpoint(
                self,
                id_of(row.service.replace(".", "-")),
                vpc_id=vpc_id,
                service_name=f"{prefix}.{row.service}",
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=list(subnet_ids),
                security_group_ids=[security_group_id],
                policy_document=self._policy(row.actions),
            )
        ec2.CfnVPCEndpoint(
            self,
            "S3",
            vpc_id=vpc_id,
            service_name=f"{prefix}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=list(s3_route_table_ids),
            policy_document=self._policy(S3_ACTIONS, own_resources_only=True),
        )

    def _policy(self, actions: Sequence[str], *, own_resources_only: bool = False) -> dict[str, Any]:
        """A policy for callers of this account; `own_resources_only` also keeps data from leaving to other accounts."""
        account = place_of(self).account
        condition = {"aws:PrincipalAccount": account}
        if own_resources_only:
            condition["aws:ResourceAccount"] = account
        return {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": list(actions),
                    "Resource": "*",
                    "Condition": {"StringEquals": condition},
                }
            ],
        }
