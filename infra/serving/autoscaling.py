"""The autoscaling of an endpoint's variant."""

from __future__ import annotations

from aws_cdk import aws_applicationautoscaling as scaling
from constructs import Construct

from infra.config.serving import AutoscalingConfig

_DIMENSION = "sagemaker:variant:DesiredInstanceCount"


class VariantAutoscaling(Construct):
    """Target tracking on the invocations per instance and minute."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: AutoscalingConfig,
        endpoint_name: str,
        variant_name: str,
    ) -> None:
        super().__init__(scope, construct_id)
        target = scaling.CfnScalableTarget(
            self,
            "Target",
            service_namespace="sagemaker",
            scalable_dimension=_DIMENSION,
            resource_id=f"endpoint/{endpoint_name}/variant/{variant_name}",
            min_capacity=config.min_instances,
            max_capacity=config.max_instances,
        )
        scaling.CfnScalingPolicy(
            self,
            "Policy",
            policy_name=f"{endpoint_name}-invocations",
            policy_type="TargetTrackingScaling",
            scaling_target_id=target.ref,
            target_tracking_scaling_policy_configuration=scaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
                predefined_metric_specification=scaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
                    predefined_metric_type="SageMakerVariantInvocationsPerInstance"
                ),
                target_value=config.target_invocations_per_instance,
                scale_in_cooldown=config.scale_in_cooldown_seconds,
                scale_out_cooldown=config.scale_out_cooldown_seconds,
            ),
        )
