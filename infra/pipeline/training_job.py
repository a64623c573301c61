"""A training job as step arguments of the SageMaker Python SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.config.model import JobConfig
from infra.pipeline.definition_inputs import LOG_LEVEL_VARIABLE, JobEnvironment


def training_arguments(
    session: Any,
    environment: JobEnvironment,
    *,
    job: JobConfig,
    image: str,
    hyperparameters: Mapping[str, Any],
    channels: Mapping[str, Any],
    output_uri: str,
    metrics: Mapping[str, str],
) -> Any:
    """Arguments of a training step: CSV channels by name, metrics as regular expressions over the log by name.

    The container is isolated from the network: SageMaker brings the data and takes the model.
    """
    from sagemaker.core.shapes import MetricDefinition
    from sagemaker.core.shapes import Tag as JobTag
    from sagemaker.core.training.configs import (
        Compute,
        InputData,
        Networking,
        OutputDataConfig,
        StoppingCondition,
    )
    from sagemaker.train import ModelTrainer

    trainer = ModelTrainer(
        sagemaker_session=session,
        role=environment.role_arn,
        base_job_name="train",
        training_image=image,
        compute=Compute(
            instance_type=job.instance_type,
            instance_count=1,
            volume_size_in_gb=job.volume_gib,
            volume_kms_key_id=environment.key_arn,
        ),
        networking=Networking(
            security_group_ids=list(environment.security_group_ids),
            subnets=list(environment.subnet_ids),
            enable_network_isolation=True,
            enable_inter_container_traffic_encryption=True,
        ),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=job.max_runtime_minutes * 60),
        output_data_config=OutputDataConfig(s3_output_path=output_uri, kms_key_id=environment.key_arn),
        environment={LOG_LEVEL_VARIABLE: environment.log_level},
        hyperparameters=dict(hyperparameters),
        tags=[JobTag(key=key, value=value) for key, value in environment.tags],
    ).with_metric_definitions([MetricDefinition(name=name, regex=expression) for name, expression in metrics.items()])
    return trainer.train(
        input_data_config=[
            InputData(channel_name=name, data_source=uri, content_type="text/csv") for name, uri in channels.items()
        ]
    )
