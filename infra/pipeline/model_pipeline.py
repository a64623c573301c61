"""Everything around one model's training pipeline: its code, its role, its schedule."""

from __future__ import annotations

from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.container_role import ContainerRole
from infra.iam import allow, arn
from infra.images import Images
from infra.monitoring.pipeline_failure import PipelineFailure
from infra.naming import feature_group_name, package_group_name, pipeline_name
from infra.network.network import Network
from infra.pipeline.code_asset import CodeAsset
from infra.pipeline.definition_inputs import TrainingInputs
from infra.pipeline.job_environment import job_environment
from infra.pipeline.schedule import SCHEDULED_TIME, PipelineSchedule
from infra.pipeline.training_pipeline import TrainingPipeline
from infra.storage.buckets import Buckets
from infra.storage.keys import Keys


class ModelPipeline(Construct):
    """From raw data to a registered package. It reads raw data; it writes artifacts, features and packages."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        model: ModelConfig,
        network: Network,
        buckets: Buckets,
        keys: Keys,
        alarm_topic: sns.ITopic,
        images: Images,
        feature_group_arn: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config, self._model, self._network = config, model, network
        self._buckets, self._keys, self._images = buckets, keys, images
        self.pipeline_name = pipeline_name(config.name, model.name)
        code = CodeAsset(self, "Code", folder=model.folder, script=model.pipeline.prepare.script)
        role = self._role(feature_group_arn)
        code.grant_read(role)
        pipeline = TrainingPipeline(self, "Pipeline", model=model, inputs=self._inputs(role.role_arn, code.uri))
        pipeline.node.add_dependency(role.policy)
        PipelineFailure(self, "Failure", pipeline_name=self.pipeline_name, runbook="pipeline-failed", topic=alarm_topic)
        if model.pipeline.schedule is not None:
            PipelineSchedule(
                self,
                "Schedule",
                expression=model.pipeline.schedule,
                pipeline_name=self.pipeline_name,
                # A new version each time, so that no step takes the last run's result from the cache.
                parameters={"DataVersion": SCHEDULED_TIME},
                key=keys.notifications,
                alarm_topic=alarm_topic,
            ).node.add_dependency(pipeline)

    def _role(self, feature_group_arn: str) -> ContainerRole:
        role = ContainerRole(
            self,
            "Role",
            description=f"Runs the pipeline {self.pipeline_name} and its jobs",
            repositories=[self._images.repository(name) for name in ("trainer", "analyzer", "inference")],
            subnet_ids=self._network.job_subnet_ids,
            security_group_id=self._network.security_group_id("jobs"),
            key=self._keys.data,
        )
        role.run_jobs(["processing-job", "training-job"])
        role.read(self._buckets.raw, self._model.pipeline.raw_prefix)
        role.read(self._buckets.artifacts, self._model.name)
        role.write(self._buckets.artifacts, self._model.name)
        role.write(self._buckets.features, self._model.name)
        role.add(allow(["sagemaker:DescribeFeatureGroup", "sagemaker:PutRecord"], feature_group_arn))
        self._allow_registration(role)
        return role

    def _allow_registration(self, role: ContainerRole) -> None:
        group = package_group_name(self._config.name, self._model.name)
        packages = arn(self, "sagemaker", "model-package", f"{group}/*")
        role.add(
            allow(
                ["sagemaker:AddTags", "sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"],
                arn(self, "sagemaker", "model-package-group", group),
                packages,
            )
        )
        role.accept_wildcard(packages, "SageMaker numbers the versions of a model package group")

    def _inputs(self, role_arn: str, script_uri: str) -> TrainingInputs:
        config, model = self._config, self._model
        return TrainingInputs(
            pipeline_name=self.pipeline_name,
            jobs=job_environment(
                self, config=config, model=model, network=self._network, keys=self._keys, role_arn=role_arn
            ),
            trainer_image=self._images.image_uri("trainer"),
            analyzer_image=self._images.image_uri("analyzer"),
            inference_image=self._images.image_uri("inference"),
            raw_uri=self._buckets.raw.s3_url_for_object(model.pipeline.raw_prefix),
            script_uri=script_uri,
            output_uri=self._buckets.artifacts.s3_url_for_object(model.name),
            feature_group_name=feature_group_name(config.name, model.name),
            package_group_name=package_group_name(config.name, model.name),
        )
