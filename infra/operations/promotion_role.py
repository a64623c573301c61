"""The role under which CloudFormation deploys an approved model package."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.checks import acknowledge
from infra.iam import ServiceRole, allow, arn, colon_arn, pass_role
from infra.naming import stack_name
from infra.operations.served_model import ServedModel
from infra.place import place_of

# Of the CDK's bootstrap stack with its default qualifier; each template has a parameter that reads it.
BOOTSTRAP_VERSION = "cdk-bootstrap/hnb659fds/version"
_REFERENCED = ("network", "foundation", "registry")
_TAGS = ("sagemaker:AddTags", "sagemaker:DeleteTags", "sagemaker:ListTags")
_ALARM_ACTIONS = (
    "cloudwatch:DeleteAlarms",
    "cloudwatch:ListTagsForResource",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:TagResource",
    "cloudwatch:UntagResource",
)
_SCALE = (
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeregisterScalableTarget",
    "application-autoscaling:ListTagsForResource",
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:RegisterScalableTarget",
    "application-autoscaling:TagResource",
)
_READ_ALL = (
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "cloudwatch:DescribeAlarms",
)
_SCALING_PRINCIPAL = "sagemaker.application-autoscaling.amazonaws.com"
_SCALING_ROLE = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"


class PromotionRole(Construct):
    """May change what a serving stack makes of its parameter (model, endpoint, scaling, alarms), and nothing else."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: str,
        models: Sequence[ServedModel],
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._role = ServiceRole(
            self, "Role", service="cloudformation.amazonaws.com", description="Deploys approved model packages"
        )
        self.role_arn = self._role.role_arn
        self.policy = self._role.policy
        self._allow_references(environment)
        self._allow_made_up_names()
        for model in models:
            self._allow_endpoint(model)
        for role_arn in dict.fromkeys(model.role_arn for model in models):
            self._role.add(pass_role(role_arn, "sagemaker.amazonaws.com"))
        self._allow_scaling(models)
        # SageMaker encrypts the endpoint's volumes under a grant that whoever makes the configuration gives it.
        for_volume = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
        self._role.add(
            allow(["kms:DescribeKey"], key.key_arn),
            allow(["kms:CreateGrant"], key.key_arn, conditions=for_volume),
        )

    def _allow_references(self, environment: str) -> None:
        """Fn::GetStackOutput reads the stacks below under the role of the update; the template, the bootstrap version.

        Source: CloudFormation template reference, "Fn::GetStackOutput", RoleArn.
        """
        self._role.add(allow(["ssm:GetParameters"], arn(self, "ssm", "parameter", BOOTSTRAP_VERSION)))
        for part in _REFERENCED:
            stacks = arn(self, "cloudformation", "stack", f"{stack_name(environment, part)}/*")
            self._role.add(allow(["cloudformation:DescribeStacks"], stacks))
            self._accept(stacks, "CloudFormation puts a random id into a stack's ARN")

    def _allow_made_up_names(self) -> None:
        for kind, noun in (("model", "Model"), ("endpoint-config", "EndpointConfig")):
            resource = arn(self, "sagemaker", kind, "*")
            verbs = [f"sagemaker:{verb}{noun}" for verb in ("Create", "Delete", "Describe")]
            self._role.add(allow([*verbs, *_TAGS], resource))
            self._accept(resource, "CloudFormation names the models and endpoint configurations that it replaces")

    def _allow_endpoint(self, model: ServedModel) -> None:
        endpoint = arn(self, "sagemaker", "endpoint", model.endpoint)
        packages = arn(self, "sagemaker", "model-package", f"{model.package_group}/*")
        alarms = colon_arn(self, "cloudwatch", "alarm", f"{model.endpoint}-*")
        verbs = ("CreateEndpoint", "DeleteEndpoint", "DescribeEndpoint", "UpdateEndpoint")
        update = ["sagemaker:UpdateEndpointWeightsAndCapacities"]
        self._role.add(
            allow([*(f"sagemaker:{verb}" for verb in verbs), *update, *_TAGS], endpoint),
            allow(["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], self._endpoint_configs()),
            allow(["sagemaker:DescribeModelPackage"], packages),
            allow(_ALARM_ACTIONS, alarms),
        )
        self._accept(packages, "SageMaker numbers the versions of a model package group")
        self._accept(alarms, "The alarms of one endpoint, which share its name as prefix")

    def _allow_scaling(self, models: Sequence[ServedModel]) -> None:
        targets = arn(self, "application-autoscaling", "scalable-target", "*")
        self._role.add(allow(_SCALE, targets), allow(_READ_ALL, "*"), self._scaling_role())
        self._accept(targets, "Application Auto Scaling names its targets itself")
        self._accept("*", "The Service Authorization Reference gives these Describe actions no resource type")
        for model in models:
            # Application Auto Scaling makes a policy's alarms under the permissions of whoever makes the policy.
            tracking = colon_arn(self, "cloudwatch", "alarm", f"TargetTracking-endpoint/{model.endpoint}/*")
            self._role.add(allow(["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"], tracking))
            self._accept(tracking, "Application Auto Scaling names the alarms of its policies")

    def _scaling_role(self) -> iam.PolicyStatement:
        place = place_of(self)
        role = f"arn:{place.partition}:iam::{place.account}:role/aws-service-role/{_SCALING_PRINCIPAL}/{_SCALING_ROLE}"
        only = {"StringEquals": {"iam:AWSServiceName": _SCALING_PRINCIPAL}}
        return allow(["iam:CreateServiceLinkedRole"], role, conditions=only)

    def _endpoint_configs(self) -> str:
        return arn(self, "sagemaker", "endpoint-config", "*")

    def _accept(self, resource: str, reason: str) -> None:
        acknowledge(self.policy, f"AwsSolutions-IAM5[Resource::{resource}]", reason)
