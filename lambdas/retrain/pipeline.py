"""The SageMaker pipeline that trains a model."""

from __future__ import annotations

from typing import Any

from lambdas.retrain.logic import AlarmChange, Execution


def read_executions(sagemaker: Any, pipeline: str) -> list[Execution]:
    """Return the pipeline's executions, the 100 youngest at most, the youngest first."""
    response = sagemaker.list_pipeline_executions(
        PipelineName=pipeline, SortBy="CreationTime", SortOrder="Descending", MaxResults=100
    )
    return [
        Execution(summary["PipelineExecutionArn"], summary["PipelineExecutionStatus"], summary["StartTime"])
        for summary in response["PipelineExecutionSummaries"]
    ]


def start_execution(sagemaker: Any, pipeline: str, change: AlarmChange) -> str:
    """Start the pipeline on the data as of the alarm; return the execution's ARN, the same for the same change."""
    response = sagemaker.start_pipeline_execution(
        PipelineName=pipeline,
        PipelineParameters=[{"Name": "DataVersion", "Value": change.data_version}],
        PipelineExecutionDescription=change.description,
        ClientRequestToken=change.token,
    )
    return str(response["PipelineExecutionArn"])
