"""Tells people when an execution of a pipeline fails."""

from __future__ import annotations

import json

from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.iam import arn


class PipelineFailure(Construct):
    """A rule that sends each failed execution of one pipeline to the alarm topic, with what to do."""

    def __init__(
        self, scope: Construct, construct_id: str, *, pipeline_name: str, runbook: str, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id)
        events.CfnRule(
            self,
            "Rule",
            description=f"Failed executions of the pipeline {pipeline_name}",
            event_pattern={
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                "detail": {
                    "pipelineArn": [arn(self, "sagemaker", "pipeline", pipeline_name)],
                    "currentPipelineExecutionStatus": ["Failed"],
                },
            },
            targets=[
                events.CfnRule.TargetProperty(
                    id="Topic", arn=topic.topic_arn, input_transformer=_message(pipeline_name, runbook)
                )
            ],
        )


def _message(pipeline_name: str, runbook: str) -> events.CfnRule.InputTransformerProperty:
    text = f"The pipeline {pipeline_name} failed: <execution>. Runbook: docs/runbooks/{runbook}.md"
    return events.CfnRule.InputTransformerProperty(
        input_paths_map={"execution": "$.detail.pipelineExecutionArn"}, input_template=json.dumps(text)
    )
