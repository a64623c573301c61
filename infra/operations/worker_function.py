"""A Lambda function in the VPC that handles the messages of a queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.checks import acknowledge
from infra.config.environment import LogsConfig, ProtectionConfig
from infra.iam import ServiceRole, allow
from infra.storage.protection import removal_policy

RUNTIME = "python3.11"
MEMORY_MIB = 256
# Two messages at a time. Not a reserved concurrency: a new account's quota of 10 leaves none to reserve.
MAXIMUM_CONCURRENCY = 2
# What Lambda does under the role to join a VPC. Source: Lambda developer guide, "Required IAM permissions".
_JOIN_VPC = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


@dataclass(frozen=True)
class FunctionPlace:
    """What the functions of an environment share: code, network, logs and keys."""

    code: s3_assets.Asset
    subnet_ids: Sequence[str]
    security_group_id: str
    logs: LogsConfig
    protection: ProtectionConfig
    log_key: kms.IKey
    queue_key: kms.IKey


class WorkerFunction(Construct):
    """Handles one message at a time, with a role and a log group of its own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        place: FunctionPlace,
        queue: sqs.IQueue,
        timeout: Duration,
        variables: Mapping[str, str],
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, construct_id)
        self._place = place
        group = self._log_group()
        role = self._role(name, group, queue)
        role.add(*statements)
        self.policy = role.policy
        function = lambda_.CfnFunction(
            self,
            "Function",
            description=description,
            runtime=RUNTIME,
            handler=f"lambdas.{name}.handler.handler",
            code=lambda_.CfnFunction.CodeProperty(s3_bucket=place.code.s3_bucket_name, s3_key=place.code.s3_object_key),
            role=role.role_arn,
            timeout=timeout.to_seconds(),
            memory_size=MEMORY_MIB,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={"POWERTOOLS_LOG_LEVEL": place.logs.level, **variables}
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=group.ref, log_format="JSON"),
            vpc_config=lambda_.CfnFunction.VpcConfigProperty(
                subnet_ids=[*place.subnet_ids], security_group_ids=[place.security_group_id]
            ),
        )
        function.node.add_dependency(role.policy)
        acknowledge(function, "AwsSolutions-L1", "The platform's code and its tests are of Python 3.11 throughout")
        lambda_.CfnEventSourceMapping(
            self,
            "Messages",
            function_name=function.ref,
            event_source_arn=queue.queue_arn,
            batch_size=1,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(maximum_concurrency=MAXIMUM_CONCURRENCY),
        )

    def _log_group(self) -> logs.CfnLogGroup:
        place = self._place
        group = logs.CfnLogGroup(
            self,
            "LogGroup",
            retention_in_days=place.logs.retention_days,
            kms_key_id=place.log_key.key_arn,
        )
        group.apply_removal_policy(removal_policy(place.protection))
        return group

    def _role(self, name: str, group: logs.CfnLogGroup, queue: sqs.IQueue) -> ServiceRole:
        role = ServiceRole(
            self,
            "Role",
            service="lambda.amazonaws.com",
            description=f"Runs {name}",
            statements=[
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], group.attr_arn),
                allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], queue.queue_arn),
                allow(["kms:Decrypt"], self._place.queue_key.key_arn),
                allow(_JOIN_VPC, "*"),
            ],
        )
        acknowledge(
            role.policy,
            "AwsSolutions-IAM5[Resource::*]",
            "Lambda asks for these EC2 actions on all resources when it checks the role of a function in a VPC; "
            "the Service Authorization Reference gives ec2:Describe* no resource type",
        )
        return role
