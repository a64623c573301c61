"""How a new version takes over an endpoint."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sagemaker as sagemaker

from infra.config.serving import DeploymentConfig
from infra.monitoring.alarm import Alarm


def canary_deployment(
    config: DeploymentConfig, rollback_alarms: Sequence[Alarm]
) -> sagemaker.CfnEndpoint.DeploymentConfigProperty:
    """Blue/green: a canary takes a share of the traffic, then all of it goes; each alarm takes it back meanwhile."""
    return sagemaker.CfnEndpoint.DeploymentConfigProperty(
        blue_green_update_policy=sagemaker.CfnEndpoint.BlueGreenUpdatePolicyProperty(
            traffic_routing_configuration=sagemaker.CfnEndpoint.TrafficRoutingConfigProperty(
                type="CANARY",
                canary_size=sagemaker.CfnEndpoint.CapacitySizeProperty(
                    type="CAPACITY_PERCENT", value=config.canary_percentage
                ),
                wait_interval_in_seconds=config.canary_wait_seconds,
            ),
            termination_wait_in_seconds=config.termination_wait_seconds,
            maximum_execution_timeout_in_seconds=config.maximum_execution_seconds,
        ),
        auto_rollback_configuration=sagemaker.CfnEndpoint.AutoRollbackConfigProperty(
            alarms=[
                # By reference, so that the alarms exist before the endpoint.
                sagemaker.CfnEndpoint.AlarmProperty(alarm_name=alarm.resource.ref)
                for alarm in rollback_alarms
            ]
        ),
    )
