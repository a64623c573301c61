"""Everything that watches one model."""

from __future__ import annotations

from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.container_role import ContainerRole
from infra.iam import allow, arn
from infra.images import Images
from infra.monitoring.dashboard import ModelDashboard
from infra.monitoring.data_quality_monitor import DataQualityMonitor
from infra.monitoring.drift_metrics import FEATURES_NAMESPACE, MONITOR, VERDICTS_NAMESPACE
from infra.monitoring.monitor_definition import MonitorInputs
from infra.naming import endpoint_name, monitor_name, package_group_name
from infra.network.network import Network
from infra.pipeline.job_environment import job_environment
from infra.serving.metrics import EndpointMetrics
from infra.storage.buckets import Buckets
from infra.storage.keys import Keys


class ModelMonitoring(Construct):
    """A model's data-quality monitor and its dashboard."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        model: ModelConfig,
        endpoint_metrics: EndpointMetrics,
        network: Network,
        buckets: Buckets,
        keys: Keys,
        alarm_topic: sns.ITopic,
        images: Images,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config, self._model, self._network = config, model, network
        self._buckets, self._keys, self._images = buckets, keys, images
        role = self._role()
        monitor = DataQualityMonitor(
            self,
            "DataQuality",
            config=model.monitoring.data_quality,
            inputs=self._inputs(role.role_arn),
            role=role,
            keys=keys,
            alarm_topic=alarm_topic,
        )
        ModelDashboard(
            self,
            "Dashboard",
            name=endpoint_name(config.name, model.name),
            model=model,
            endpoint=endpoint_metrics,
            drift=monitor.metrics,
        )

    def _report_prefix(self) -> str:
        return f"reports/{self._model.name}/{MONITOR}"

    def _role(self) -> ContainerRole:
        role = ContainerRole(
            self,
            "Role",
            description=f"Monitors {self._model.name}",
            repositories=[self._images.repository("analyzer")],
            subnet_ids=self._network.job_subnet_ids,
            security_group_id=self._network.security_group_id("jobs"),
            key=self._keys.data,
            namespaces=[FEATURES_NAMESPACE, VERDICTS_NAMESPACE],
        )
        role.run_jobs(["processing-job"])
        role.read(self._buckets.capture, self._model.name)
        role.read(self._buckets.artifacts, f"{self._model.name}/executions")
        role.write(self._buckets.capture, self._report_prefix())
        self._allow_asking_for_the_live_model(role)
        return role

    def _allow_asking_for_the_live_model(self, role: ContainerRole) -> None:
        configs, models = (arn(self, "sagemaker", kind, "*") for kind in ("endpoint-config", "model"))
        group = package_group_name(self._config.name, self._model.name)
        packages = arn(self, "sagemaker", "model-package", f"{group}/*")
        endpoint = arn(self, "sagemaker", "endpoint", endpoint_name(self._config.name, self._model.name))
        role.add(
            allow(["sagemaker:DescribeEndpoint"], endpoint),
            allow(["sagemaker:DescribeEndpointConfig"], configs),
            allow(["sagemaker:DescribeModel"], models),
            allow(["sagemaker:DescribeModelPackage"], packages),
        )
        role.accept_wildcard(packages, "SageMaker numbers the versions of a model package group")
        for resource in (configs, models):
            role.accept_wildcard(resource, "CloudFormation names the endpoint's configuration and model; read only")

    def _inputs(self, role_arn: str) -> MonitorInputs:
        config, model = self._config, self._model
        return MonitorInputs(
            monitor_name=monitor_name(config.name, model.name, MONITOR),
            model_name=model.name,
            endpoint_name=endpoint_name(config.name, model.name),
            jobs=job_environment(
                self, config=config, model=model, network=self._network, keys=self._keys, role_arn=role_arn
            ),
            image=self._images.image_uri("analyzer"),
            capture_uri=self._buckets.capture.s3_url_for_object(model.name),
            report_uri=self._buckets.capture.s3_url_for_object(self._report_prefix()),
        )
