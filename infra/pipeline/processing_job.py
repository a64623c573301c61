"""A processing job as step arguments of the SageMaker Python SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infra.config.model import JobConfig
from infra.pipeline.definition_inputs import LOG_LEVEL_VARIABLE, JobEnvironment

PROCESSING_DIR = "/opt/ml/processing"


def processing_arguments(
    session: Any,
    environment: JobEnvironment,
    *,
    job: JobConfig,
    image: str,
    entrypoint: Sequence[str],
    isolated: bool,
    arguments: Sequence[Any] = (),
    inputs: Mapping[str, Any],
    outputs: Mapping[str, tuple[Any, str]],
    variables: Mapping[str, Any] | None = None,
) -> Any:
    """Arguments of a processing step.

    Args:
        session: of `offline_session`.
        environment: what the pipeline's jobs share.
        job: instance and limits.
        image: URI of the container image.
        entrypoint: command that replaces the image's own.
        isolated: whether the container may call nothing over the network, not even AWS.
        arguments: appended to the command; plain text or pipeline variables.
        inputs: S3 URI by name; each is downloaded to /opt/ml/processing/input/<name>.
        outputs: S3 URI and local directory by name; uploaded when the job ends.
        variables: environment variables beyond those that every job has.
    """
    from sagemaker.core.network import NetworkConfig
    from sagemaker.core.processing import Processor

    processor = Processor(
        role=environment.role_arn,
        image_uri=image,
        instance_count=1,
        instance_type=job.instance_type,
        entrypoint=list(entrypoint),
        volume_size_in_gb=job.volume_gib,
        volume_kms_key=environment.key_arn,
        output_kms_key=environment.key_arn,
        max_runtime_in_seconds=job.max_runtime_minutes * 60,
        sagemaker_session=session,
        env={LOG_LEVEL_VARIABLE: environment.log_level, **(variables or {})},
        tags=[{"Key": key, "Value": value} for key, value in environment.tags],
        network_config=NetworkConfig(
            enable_network_isolation=isolated,
            security_group_ids=list(environment.security_group_ids),
            subnets=list(environment.subnet_ids),
            encrypt_inter_container_traffic=True,
        ),
    )
    return processor.run(
        inputs=[_input(name, uri) for name, uri in inputs.items()],
        outputs=[_output(name, uri, path) for name, (uri, path) in outputs.items()],
        arguments=list(arguments) or None,
    )


def _input(name: str, uri: Any) -> Any:
    from sagemaker.core.shapes import ProcessingInput, ProcessingS3Input

    return ProcessingInput(
        input_name=name,
        s3_input=ProcessingS3Input(
            s3_uri=uri,
            local_path=f"{PROCESSING_DIR}/input/{name}",
            s3_data_type="S3Prefix",
            s3_input_mode="File",
            s3_data_distribution_type="FullyReplicated",
            s3_compression_type="None",
        ),
    )


def _output(name: str, uri: Any, path: str) -> Any:
    from sagemaker.core.shapes import ProcessingOutput, ProcessingS3Output

    return ProcessingOutput(
        output_name=name,
        s3_output=ProcessingS3Output(s3_uri=uri, local_path=path, s3_upload_mode="EndOfJob"),
    )
