"""The role that a container acts under in SageMaker, in a job or behind an endpoint."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.checks import acknowledge, acknowledge_objects
from infra.iam import ServiceRole, allow, arn, colon_arn

# What SageMaker does under the role to attach a container to a VPC. Source: SageMaker AI developer guide, "Give
# SageMaker Training Jobs Access to Resources in Your Amazon VPC".
_DESCRIBE_NETWORK = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_USE_NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_WRITE_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
_NO_RESOURCE = (
    "The Service Authorization Reference gives these actions no resource type: ecr:GetAuthorizationToken, "
    "cloudwatch:PutMetricData (held to namespaces by a condition) and ec2:Describe*"
)
JOB_KINDS = {"processing-job": "ProcessingJob", "training-job": "TrainingJob"}


class ContainerRole(Construct):
    """May do what any container needs: pull its image, log, measure, join the VPC and use its encrypted volume.

    What uses the role must depend on `policy`, lest it start without. Data is granted on top, prefix by prefix, with
    `read` and `write`, and the starting of jobs with `run_jobs`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        repositories: Sequence[ecr.IRepository],
        subnet_ids: Sequence[str],
        security_group_id: str,
        key: kms.IKey,
        namespaces: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self._role = ServiceRole(self, "Execution", service="sagemaker.amazonaws.com", description=description)
        self.role_arn = self._role.role_arn
        self.policy = self._role.policy
        self._prefixes: set[tuple[s3.IBucket, str]] = set()
        self.add(*self._container(repositories, namespaces))
        self.add(*self._network(subnet_ids, security_group_id), *_encryption(key))
        self._accept("*", _NO_RESOURCE)

    def add(self, *statements: iam.PolicyStatement) -> None:
        """Allows more; a wildcard in it must be accepted with `accept_wildcard`."""
        self._role.add(*statements)

    def accept_wildcard(self, resource: str, reason: str) -> None:
        """Acknowledges that AwsSolutions finds a wildcard in `resource`."""
        self._accept(resource, reason)

    def read(self, bucket: s3.IBucket, prefix: str) -> None:
        """May list and read what lies below a prefix (without slashes at its ends)."""
        objects = bucket.arn_for_objects(f"{prefix}/*")
        below = {"StringLike": {"s3:prefix": [prefix, f"{prefix}/*"]}}
        self.add(
            allow(["s3:ListBucket"], bucket.bucket_arn, conditions=below),
            allow(["s3:GetObject"], objects),
        )
        self._accept_objects(bucket, prefix)

    def write(self, bucket: s3.IBucket, prefix: str) -> None:
        """May write below a prefix (without slashes at its ends)."""
        objects = bucket.arn_for_objects(f"{prefix}/*")
        self.add(
            allow(["s3:GetBucketLocation"], bucket.bucket_arn),
            allow(["s3:AbortMultipartUpload", "s3:PutObject"], objects),
        )
        self._accept_objects(bucket, prefix)

    def run_jobs(self, kinds: Sequence[str]) -> None:
        """May start jobs of these kinds (keys of `JOB_KINDS`) under its own name, as SageMaker Pipelines does."""
        self._role.pass_itself_to("sagemaker.amazonaws.com")
        for kind in kinds:
            # SageMaker Pipelines names its jobs pipelines-<execution>-<step>-<random>.
            jobs = arn(self, "sagemaker", kind, "pipelines-*")
            verbs = [f"sagemaker:{verb}{JOB_KINDS[kind]}" for verb in ("Create", "Describe", "Stop")]
            self.add(allow([*verbs, "sagemaker:AddTags"], jobs))
            self._accept(jobs, "The pipeline service names the jobs of each execution")

    def _container(
        self, repositories: Sequence[ecr.IRepository], namespaces: Sequence[str]
    ) -> list[iam.PolicyStatement]:
        log_groups = colon_arn(self, "logs", "log-group", "/aws/sagemaker/*")
        self._accept(log_groups, "SageMaker names the log streams, and the group of each kind of job")
        measured = {"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", *namespaces]}}
        return [
            allow(_PULL, *dict.fromkeys(repository.repository_arn for repository in repositories)),
            allow(["ecr:GetAuthorizationToken"], "*"),
            allow(_WRITE_LOGS, log_groups),
            allow(["cloudwatch:PutMetricData"], "*", conditions=measured),
        ]

    def _network(self, subnet_ids: Sequence[str], security_group_id: str) -> list[iam.PolicyStatement]:
        interfaces = arn(self, "ec2", "network-interface", "*")
        self._accept(interfaces, "EC2 names the network interface of each job when it makes it")
        places = [arn(self, "ec2", "subnet", subnet_id) for subnet_id in subnet_ids]
        group = arn(self, "ec2", "security-group", security_group_id)
        return [allow(_USE_NETWORK, interfaces, *places, group), allow(_DESCRIBE_NETWORK, "*")]

    def _accept_objects(self, bucket: s3.IBucket, prefix: str) -> None:
        if (bucket, prefix) not in self._prefixes:
            self._prefixes.add((bucket, prefix))
            reason = "What lies below the prefix belongs to this model, and its names are made at run time"
            acknowledge_objects(self.policy, bucket, f"{prefix}/*", reason)

    def _accept(self, resource: str, reason: str) -> None:
        acknowledge(self.policy, f"AwsSolutions-IAM5[Resource::{resource}]", reason)


def _encryption(key: kms.IKey) -> list[iam.PolicyStatement]:
    """For objects, and for the volume, which EC2 encrypts under a grant that SageMaker makes."""
    for_volume = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return [
        allow(["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"], key.key_arn),
        allow(["kms:CreateGrant"], key.key_arn, conditions=for_volume),
    ]
