"""Flow logs of the VPC in an encrypted log group of their own."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config.environment import FlowLogsConfig, ProtectionConfig
from infra.place import place_of
from infra.storage.key import Key
from infra.storage.protection import removal_policy


class FlowLogs(Construct):
    """Records the VPC's traffic. The network comes first, so the log group and its key are its own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: FlowLogsConfig,
        vpc_id: str,
        key: Key,
        protection: ProtectionConfig,
    ) -> None:
        super().__init__(scope, construct_id)
        key.allow_log_groups()
        group = logs.CfnLogGroup(self, "LogGroup", kms_key_id=key.key.key_arn, retention_in_days=config.retention_days)
        group.apply_removal_policy(removal_policy(protection))
        ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_type="VPC",
            resource_id=vpc_id,
            traffic_type=config.traffic,
            log_destination_type="cloud-watch-logs",
            log_group_name=group.ref,
            deliver_logs_permission_arn=self._role(group).role_arn,
            max_aggregation_interval=60,
        )

    def _role(self, group: logs.CfnLogGroup) -> iam.Role:
        account = place_of(self).account
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "vpc-flow-logs.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": account}}
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[group.attr_arn],
            )
        )
        return role
