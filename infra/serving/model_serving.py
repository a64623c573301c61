"""Everything that serves one model, once there is an approved version of it."""

from __future__ import annotations

from aws_cdk import CfnCondition, CfnParameter, CfnResource, Fn
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig
from infra.container_role import ContainerRole
from infra.images import Images
from infra.naming import endpoint_name
from infra.network.network import Network
from infra.serving.autoscaling import VariantAutoscaling
from infra.serving.endpoint import VARIANT, Endpoint, EndpointPlace
from infra.serving.endpoint_alarms import EndpointAlarms
from infra.serving.metrics import EndpointMetrics
from infra.storage.buckets import Buckets
from infra.storage.keys import Keys


class ModelServing(Construct):
    """The endpoint of a model with its alarms and its autoscaling, all absent while `model_package` is empty.

    The first deployment of an environment has no model yet; approving one sets the parameter.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        model: ModelConfig,
        model_package: CfnParameter,
        network: Network,
        buckets: Buckets,
        keys: Keys,
        alarm_topic: sns.ITopic,
        images: Images,
    ) -> None:
        super().__init__(scope, construct_id)
        self.endpoint_name = endpoint_name(config.name, model.name)
        self.metrics = EndpointMetrics(self.endpoint_name, VARIANT)
        role = _role(self, model, network, buckets, keys, images)
        self.role_arn = role.role_arn
        alarms = EndpointAlarms(
            self,
            "Alarms",
            config=model.serving,
            endpoint_name=self.endpoint_name,
            metrics=self.metrics,
            topic=alarm_topic,
        )
        endpoint = Endpoint(
            self,
            "Endpoint",
            config=model.serving,
            endpoint_name=self.endpoint_name,
            model_package_arn=model_package.value_as_string,
            place=EndpointPlace(
                role_arn=role.role_arn,
                key_arn=keys.data.key_arn,
                subnet_ids=network.endpoint_subnet_ids,
                security_group_id=network.security_group_id("endpoints"),
                capture_uri=buckets.capture.s3_url_for_object(model.name),
            ),
            log_level=config.logs.level,
            rollback_alarms=alarms.rollback,
        )
        scaling = VariantAutoscaling(
            self,
            "Autoscaling",
            config=model.serving.autoscaling,
            endpoint_name=self.endpoint_name,
            variant_name=VARIANT,
        )
        endpoint.node.add_dependency(role.policy)
        scaling.node.add_dependency(endpoint)
        has_model = CfnCondition(self, "HasModel", expression=Fn.condition_not(Fn.condition_equals(model_package, "")))
        has_model.override_logical_id("HasModel")
        _only_if(has_model, alarms, endpoint, scaling)


def _role(
    scope: Construct, model: ModelConfig, network: Network, buckets: Buckets, keys: Keys, images: Images
) -> ContainerRole:
    """May read the model's archives and write what the endpoint captures."""
    role = ContainerRole(
        scope,
        "Role",
        description=f"Serves {model.name}",
        repositories=[images.repository("inference")],
        subnet_ids=network.endpoint_subnet_ids,
        security_group_id=network.security_group_id("endpoints"),
        key=keys.data,
    )
    role.read(buckets.artifacts, f"{model.name}/models")
    role.write(buckets.capture, model.name)
    return role


def _only_if(condition: CfnCondition, *constructs: IConstruct) -> None:
    for construct in constructs:
        for child in construct.node.find_all():
            if isinstance(child, CfnResource):
                child.cfn_options.condition = condition
