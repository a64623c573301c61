"""What an endpoint records of its traffic."""

from __future__ import annotations

from aws_cdk import aws_sagemaker as sagemaker

CSV_TYPES = ("text/csv",)
JSON_TYPES = ("application/json",)


def data_capture(
    *, percentage: int, destination_uri: str, key_arn: str
) -> sagemaker.CfnEndpointConfig.DataCaptureConfigProperty:
    """Requests and answers of a share of the traffic, as JSON lines below the destination."""
    return sagemaker.CfnEndpointConfig.DataCaptureConfigProperty(
        enable_capture=percentage > 0,
        initial_sampling_percentage=percentage,
        destination_s3_uri=destination_uri,
        kms_key_id=key_arn,
        capture_options=[
            sagemaker.CfnEndpointConfig.CaptureOptionProperty(capture_mode=mode) for mode in ("Input", "Output")
        ],
        # Without these, bodies are written in base64 and no monitor can read them.
        capture_content_type_header=sagemaker.CfnEndpointConfig.CaptureContentTypeHeaderProperty(
            csv_content_types=[*CSV_TYPES], json_content_types=[*JSON_TYPES]
        ),
    )
