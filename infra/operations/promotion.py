"""The way of an approved model package to its endpoint."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.iam import allow, arn, pass_role
from infra.naming import environment_name
from infra.operations.event_worker import RETRY_SECONDS, EventWorker
from infra.operations.promotion_role import BOOTSTRAP_VERSION, PromotionRole
from infra.operations.served_model import ServedModel
from infra.operations.worker_function import FunctionPlace

SPARE_ATTEMPTS = 5


class Promotion(Construct):
    """`promote_model` sets the `ModelPackageArn` of the package's serving stack; CloudFormation does the rest."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: str,
        models: Sequence[ServedModel],
        place: FunctionPlace,
        data_key: kms.IKey,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment, self._models = environment, models
        role = PromotionRole(self, "CloudFormation", environment=environment, models=models, key=data_key)
        worker = EventWorker(
            self,
            "PromoteModel",
            name="promote_model",
            full_name=f"{environment_name(environment)}-promote-model",
            description="Deploys an approved model package through its serving stack",
            pattern=self._pattern(),
            variables={
                "SERVING_STACKS": json.dumps({model.package_group: model.serving_stack for model in models}),
                "CLOUDFORMATION_ROLE_ARN": role.role_arn,
            },
            statements=self._statements(role.role_arn),
            attempts=self._attempts(),
            place=place,
            alarm_topic=alarm_topic,
        )
        worker.node.add_dependency(role.policy)
        for resource in self._stacks():
            worker.accept_wildcard(resource, "CloudFormation puts a random id into a stack's ARN")
        for resource in self._packages():
            worker.accept_wildcard(resource, "SageMaker numbers the versions of a model package group")

    def _pattern(self) -> dict[str, object]:
        return {
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Model Package State Change"],
            "detail": {
                "ModelPackageGroupName": [model.package_group for model in self._models],
                "ModelApprovalStatus": ["Approved"],
            },
        }

    def _statements(self, role_arn: str) -> list[iam.PolicyStatement]:
        under_role = {"StringEquals": {"cloudformation:RoleArn": role_arn}}
        return [
            allow(["cloudformation:DescribeStacks"], *self._stacks()),
            allow(["cloudformation:UpdateStack"], *self._stacks(), conditions=under_role),
            allow(["sagemaker:DescribeModelPackage"], *self._packages()),
            allow(["ssm:GetParameters"], arn(self, "ssm", "parameter", BOOTSTRAP_VERSION)),
            pass_role(role_arn, "cloudformation.amazonaws.com"),
        ]

    def _attempts(self) -> int:
        """Enough to wait for the longest deployment: while one is under way, the next has to."""
        longest = max(model.config.serving.deployment.maximum_execution_seconds for model in self._models)
        return math.ceil(longest / RETRY_SECONDS) + SPARE_ATTEMPTS

    def _stacks(self) -> list[str]:
        return [arn(self, "cloudformation", "stack", f"{model.serving_stack}/*") for model in self._models]

    def _packages(self) -> list[str]:
        return [arn(self, "sagemaker", "model-package", f"{model.package_group}/*") for model in self._models]
