"""A function that handles the events of one pattern, none of which is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.checks import acknowledge
from infra.operations.worker_function import FunctionPlace, WorkerFunction
from infra.operations.worker_queue import WorkerQueue

TIMEOUT = Duration.seconds(30)
# Six times the function's timeout. Source: Lambda developer guide, "Using Lambda with Amazon SQS".
RETRY_SECONDS = 180


class EventWorker(Construct):
    """Rule, queue, function: an event that fails is tried again every three minutes, then kept and alarmed."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        full_name: str,
        description: str,
        pattern: Mapping[str, Any],
        variables: Mapping[str, str],
        statements: Sequence[iam.PolicyStatement],
        attempts: int,
        place: FunctionPlace,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        queue = WorkerQueue(
            self,
            "Events",
            name=full_name,
            pattern=pattern,
            visibility_timeout=Duration.seconds(RETRY_SECONDS),
            attempts=attempts,
            key=place.queue_key,
            alarm_topic=alarm_topic,
        )
        self._function = WorkerFunction(
            self,
            "Worker",
            name=name,
            description=description,
            place=place,
            queue=queue.queue,
            timeout=TIMEOUT,
            variables=variables,
            statements=statements,
        )

    def accept_wildcard(self, resource: str, reason: str) -> None:
        """Acknowledges that AwsSolutions finds a wildcard in `resource`."""
        acknowledge(self._function.policy, f"AwsSolutions-IAM5[Resource::{resource}]", reason)
