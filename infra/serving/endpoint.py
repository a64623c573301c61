"""A real-time endpoint that serves one model package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra.config.serving import ServingConfig
from infra.monitoring.alarm import Alarm
from infra.pipeline.definition_inputs import LOG_LEVEL_VARIABLE
from infra.serving.data_capture import data_capture
from infra.serving.deployment import canary_deployment

VARIANT = "champion"


@dataclass(frozen=True)
class EndpointPlace:
    """Where an endpoint runs: its network, its role, its key, and where what it captures goes."""

    role_arn: str
    key_arn: str
    subnet_ids: Sequence[str]
    security_group_id: str
    capture_uri: str


class Endpoint(Construct):
    """Model, endpoint configuration and endpoint with one variant, `champion`.

    Only the endpoint has a name of its own: CloudFormation replaces a model or configuration that changes, and moves
    the endpoint to it with a canary.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ServingConfig,
        endpoint_name: str,
        model_package_arn: str,
        place: EndpointPlace,
        log_level: str,
        rollback_alarms: Sequence[Alarm],
    ) -> None:
        super().__init__(scope, construct_id)
        self._config, self._place = config, place
        model = self._model(model_package_arn, log_level)
        endpoint_config = self._endpoint_config(model)
        sagemaker.CfnEndpoint(
            self,
            "Endpoint",
            endpoint_name=endpoint_name,
            endpoint_config_name=endpoint_config.attr_endpoint_config_name,
            deployment_config=canary_deployment(config.deployment, rollback_alarms),
            # Keeps the number of instances that autoscaling has chosen, but lets the capture settings change.
            retain_all_variant_properties=True,
            exclude_retained_variant_properties=[
                sagemaker.CfnEndpoint.VariantPropertyProperty(variant_property_type="DataCaptureConfig")
            ],
        )

    def _model(self, model_package_arn: str, log_level: str) -> sagemaker.CfnModel:
        place = self._place
        return sagemaker.CfnModel(
            self,
            "Model",
            execution_role_arn=place.role_arn,
            containers=[
                sagemaker.CfnModel.ContainerDefinitionProperty(
                    model_package_name=model_package_arn, environment={LOG_LEVEL_VARIABLE: log_level}
                )
            ],
            enable_network_isolation=True,
            vpc_config=sagemaker.CfnModel.VpcConfigProperty(
                security_group_ids=[place.security_group_id], subnets=[*place.subnet_ids]
            ),
        )

    def _endpoint_config(self, model: sagemaker.CfnModel) -> sagemaker.CfnEndpointConfig:
        config, place = self._config, self._place
        return sagemaker.CfnEndpointConfig(
            self,
            "EndpointConfig",
            kms_key_id=place.key_arn,
            production_variants=[
                sagemaker.CfnEndpointConfig.ProductionVariantProperty(
                    variant_name=VARIANT,
                    model_name=model.attr_model_name,
                    instance_type=config.instance_type,
                    initial_instance_count=config.autoscaling.min_instances,
                    initial_variant_weight=1,
                )
            ],
            data_capture_config=data_capture(
                percentage=config.data_capture_percentage,
                destination_uri=place.capture_uri,
                key_arn=place.key_arn,
            ),
        )
