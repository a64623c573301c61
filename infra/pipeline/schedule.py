"""A schedule that starts a SageMaker pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.iam import ServiceRole, allow, arn
from infra.operations.dead_letter_queue import DeadLetterQueue
from infra.place import place_of

# EventBridge Scheduler puts the time that was scheduled, in ISO 8601, in its place.
SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
MAXIMUM_AGE_SECONDS = 900
RETRIES = 3


class PipelineSchedule(Construct):
    """Starts one pipeline on a schedule in UTC; a start that fails for 15 minutes lands in an alarmed queue.

    The target is the universal one, since the Scheduler fills `SCHEDULED_TIME` in nowhere but in a target's input.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        expression: str,
        pipeline_name: str,
        parameters: Mapping[str, str],
        key: kms.IKey,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        dead_letters = DeadLetterQueue(
            self,
            "DeadLetters",
            name=f"{pipeline_name}-schedule",
            purpose=f"Starts of the pipeline {pipeline_name} that the schedule could not make",
            key=key,
            alarm_topic=alarm_topic,
        )
        role = ServiceRole(
            self,
            "Role",
            service="scheduler.amazonaws.com",
            description=f"Starts the pipeline {pipeline_name}",
            statements=[
                allow(["sagemaker:StartPipelineExecution"], arn(self, "sagemaker", "pipeline", pipeline_name)),
                *dead_letters.send_statements(),
            ],
        )
        scheduler.CfnSchedule(
            self,
            "Schedule",
            schedule_expression=expression,
            schedule_expression_timezone="UTC",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=f"arn:{place_of(self).partition}:scheduler:::aws-sdk:sagemaker:startPipelineExecution",
                role_arn=role.role_arn,
                input=_request(pipeline_name, parameters),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=dead_letters.queue.queue_arn),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=MAXIMUM_AGE_SECONDS, maximum_retry_attempts=RETRIES
                ),
            ),
        ).node.add_dependency(role.policy)


def _request(pipeline_name: str, parameters: Mapping[str, str]) -> str:
    """The StartPipelineExecution request; retries of one start share its token, so that it starts once."""
    return json.dumps(
        {
            "PipelineName": pipeline_name,
            "PipelineParameters": [{"Name": name, "Value": value} for name, value in parameters.items()],
            "ClientRequestToken": "started-by-eventbridge-scheduler-<aws.scheduler.execution-id>",
        }
    )
