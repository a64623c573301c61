"""The way from a drift alarm to a new training."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.iam import allow, arn
from infra.naming import environment_name
from infra.operations.event_worker import EventWorker
from infra.operations.served_model import ServedModel
from infra.operations.worker_function import FunctionPlace

ATTEMPTS = 5


class Retraining(Construct):
    """`retrain` starts the pipeline of the model whose drift alarm fires, not more often than its cooldown allows."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: str,
        models: Sequence[ServedModel],
        place: FunctionPlace,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        pipelines = [arn(self, "sagemaker", "pipeline", model.pipeline) for model in models]
        EventWorker(
            self,
            "Retrain",
            name="retrain",
            full_name=f"{environment_name(environment)}-retrain",
            description="Starts the training pipeline of a model whose requests have drifted",
            pattern={
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {
                    "alarmName": [model.drift_alarm for model in models],
                    "state": {"value": ["ALARM"]},
                },
            },
            variables={"PIPELINES": json.dumps({model.drift_alarm: _target(model) for model in models})},
            statements=[allow(["sagemaker:ListPipelineExecutions", "sagemaker:StartPipelineExecution"], *pipelines)],
            attempts=ATTEMPTS,
            place=place,
            alarm_topic=alarm_topic,
        )


def _target(model: ServedModel) -> dict[str, object]:
    return {"pipeline": model.pipeline, "cooldown_minutes": model.config.retraining.cooldown_minutes}
