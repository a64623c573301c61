"""References to what the steps of a training pipeline write."""

from __future__ import annotations

from functools import cache
from typing import Any


def output_uri(step: Any, name: str) -> Any:
    """Reference to the S3 URI of an output of a processing step."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


@cache
def evaluation_file() -> Any:
    """The evaluation report, for references into it."""
    from sagemaker.core.workflow.properties import PropertyFile

    return PropertyFile(name="evaluation", output_name="evaluation", path="evaluation.json")


def file_in(uri: Any, name: str) -> Any:
    """The S3 URI of a file below another URI, which may be a reference."""
    from sagemaker.core.workflow.functions import Join

    return Join(on="/", values=[uri, name])
