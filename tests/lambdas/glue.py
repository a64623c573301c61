"""The platform's glue on a local cloud, deployed with boto3 alone: functions, queues, rules, and what they act upon."""

from __future__ import annotations

import io
import json
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from infra.lambda_code import build_lambda_asset

ROOT = Path(__file__).resolve().parents[2]
RECEIVES = 3
VISIBILITY_SECONDS = 4
"""Shorter than on AWS, where it must exceed the function's timeout: nobody waits minutes for a dead letter."""
SERVING = {
    "Parameters": {"ModelPackageArn": {"Type": "String", "Default": ""}, "Colour": {"Type": "String"}},
    "Conditions": {"HasModel": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ModelPackageArn"}, ""]}]}},
    "Resources": {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Served": {
            "Type": "AWS::SSM::Parameter",
            "Condition": "HasModel",
            "Properties": {"Type": "String", "Value": {"Ref": "ModelPackageArn"}},
        },
    },
    "Outputs": {"Signal": {"Value": {"Ref": "Handle"}}},
}
SLOW = {
    "Type": "AWS::CloudFormation::WaitCondition",
    "Condition": "HasModel",
    "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "60", "Count": 1},
}
"""Makes the first deployment last until it is told that it is done, as an endpoint's lasts until it answers."""


def new(what: str) -> str:
    """A name that nobody has."""
    return f"{what}-{uuid.uuid4().hex[:8]}"


@cache
def client(cloud: Any, service: str) -> Any:
    """A client, made once: that takes a while."""
    return cloud.client(service)


def until(what: str, probe: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask again and again until there is something."""
    deadline = time.monotonic() + seconds
    while not (found := probe()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.2)
    return found


def role(cloud: Any, service: str) -> str:
    """The ARN of a new role that the service may assume."""
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(client(cloud, "iam").create_role(RoleName=new(service), AssumeRolePolicyDocument=trust)["Role"]["Arn"])


def asset(folder: Path) -> bytes:
    """The functions' code as the CDK uploads it."""
    code, sink = build_lambda_asset(ROOT, folder), io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(code.rglob("*")):
            archive.write(file, file.relative_to(code))
    return sink.getvalue()


@dataclass
class Queue:
    """A queue of a function, or its dead letters, or a copy of the events that it gets."""

    sqs: Any
    url: str

    @classmethod
    def make(cls, cloud: Any, **attributes: str) -> Queue:
        """A new queue."""
        sqs = client(cloud, "sqs")
        return cls(sqs, sqs.create_queue(QueueName=new("glue"), Attributes=attributes)["QueueUrl"])

    def attribute(self, name: str) -> str:
        """One attribute."""
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return str(found[name])

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.attribute("QueueArn")

    def depth(self) -> int:
        """Messages that wait or are being handled."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return sum(int(self.attribute(name)) for name in names)

    def send(self, body: str) -> None:
        """Deliver a message, as EventBridge does."""
        self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def receive(self) -> list[str]:
        """Take up to ten messages out."""
        messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]


class Worker:
    """A function behind its queue, as `infra.operations` deploys it, with a copy of every event it gets."""

    def __init__(
        self, cloud: Any, code: bytes, *, handler: str, variables: Mapping[str, str], pattern: dict[str, Any]
    ) -> None:
        self.cloud, self.name = cloud, new("worker")
        self.dead_letters, self.copies = Queue.make(cloud), Queue.make(cloud)
        redrive = {"deadLetterTargetArn": self.dead_letters.arn, "maxReceiveCount": RECEIVES}
        self.queue = Queue.make(cloud, RedrivePolicy=json.dumps(redrive), VisibilityTimeout=str(VISIBILITY_SECONDS))
        self._function(code, handler, variables)
        events = client(cloud, "events")
        events.put_rule(Name=self.name, EventPattern=json.dumps(pattern))
        targets = [{"Id": "Queue", "Arn": self.queue.arn}, {"Id": "Copy", "Arn": self.copies.arn}]
        events.put_targets(Rule=self.name, Targets=targets)
        self._seen: list[dict[str, Any]] = []

    def _function(self, code: bytes, handler: str, variables: Mapping[str, str]) -> None:
        function = client(self.cloud, "lambda")
        function.create_function(
            FunctionName=self.name,
            Runtime="python3.11",
            Handler=handler,
            Role=role(self.cloud, "lambda"),
            Code={"ZipFile": code},
            Timeout=30,
            MemorySize=256,
            Environment={"Variables": {"POWERTOOLS_LOG_LEVEL": "DEBUG", **variables}},
        )
        function.create_event_source_mapping(
            EventSourceArn=self.queue.arn,
            FunctionName=self.name,
            BatchSize=1,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )

    def event(self, text: str) -> str:
        """The body of the first event that mentions the text."""

        def probe() -> str | None:
            self._seen += [json.loads(body) for body in self.copies.receive()]
            found = [event for event in self._seen if text in json.dumps(event)]
            return json.dumps(found[0]) if found else None

        return str(until(f"an event about {text}", probe))

    def settled(self) -> None:
        """Wait until every message is handled or dead."""
        until("the queue to drain", lambda: self.queue.depth() == 0)

    def logged(self, *texts: str) -> list[dict[str, Any]]:
        """The function's log records that mention all the texts, once there is one."""

        def probe() -> list[dict[str, Any]]:
            events = client(self.cloud, "logs").filter_log_events(logGroupName=f"/aws/lambda/{self.name}")["events"]
            lines = [line for event in events for line in event["message"].splitlines()]
            return [json.loads(line) for line in lines if line.startswith("{") and all(text in line for text in texts)]

        return list(until(f"a log record with {texts}", probe))


class Serving:
    """A model package group and the stack that serves its packages."""

    def __init__(self, cloud: Any, *, slow: bool = False) -> None:
        self.sagemaker, self.cloudformation = client(cloud, "sagemaker"), client(cloud, "cloudformation")
        self.group, self.stack = new("group"), new("serving")
        self.sagemaker.create_model_package_group(ModelPackageGroupName=self.group)
        colour = [{"ParameterKey": "Colour", "ParameterValue": "green"}]
        template = {**SERVING, "Resources": {**SERVING["Resources"], **({"Slow": SLOW} if slow else {})}}
        self.cloudformation.create_stack(StackName=self.stack, TemplateBody=json.dumps(template), Parameters=colour)

    def register(self) -> str:
        """A new package, pending approval; its ARN."""
        container = {
            "Image": "000000000000.dkr.ecr.us-east-1.amazonaws.com/x/echo:local",
            "ModelDataUrl": "s3://b/m.tar.gz",
        }
        types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
        answer = self.sagemaker.create_model_package(
            ModelPackageGroupName=self.group,
            InferenceSpecification={"Containers": [container], **types},
            ModelApprovalStatus="PendingManualApproval",
        )
        return str(answer["ModelPackageArn"])

    def decide(self, package: str, status: str) -> None:
        """Approve or reject, through the API."""
        self.sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus=status)

    def parameters(self) -> dict[str, str]:
        """The stack's parameters."""
        found = self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]
        return {item["ParameterKey"]: item["ParameterValue"] for item in found["Parameters"]}

    def wait_for(self, package: str) -> None:
        """Wait until the stack is updated to serve the package."""

        def probe() -> bool:
            stack = self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]
            return stack["StackStatus"] == "UPDATE_COMPLETE" and self.parameters()["ModelPackageArn"] == package

        until(f"{self.stack} to serve {package}", probe)

    def finish(self) -> None:
        """Let a slow deployment end."""
        outputs = self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]["Outputs"]
        signal = json.dumps({"Status": "SUCCESS", "Reason": "done", "UniqueId": "1", "Data": "-"}).encode()
        request = urllib.request.Request(outputs[0]["OutputValue"], signal, {"Content-Type": ""}, method="PUT")
        urllib.request.urlopen(request).close()

    def updates(self) -> int:
        """How often the stack was updated."""
        events = self.cloudformation.describe_stack_events(StackName=self.stack)["StackEvents"]
        own = [event["ResourceStatus"] for event in events if event["LogicalResourceId"] == self.stack]
        return own.count("UPDATE_COMPLETE")


class Watched:
    """A drift alarm and the pipeline that trains its model; executions end at once."""

    def __init__(self, cloud: Any) -> None:
        self.sagemaker, self.cloudwatch = client(cloud, "sagemaker"), client(cloud, "cloudwatch")
        self.alarm, self.pipeline = new("drift"), new("train")
        step = {"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": "there is no data here"}}
        parameters = [{"Name": "DataVersion", "Type": "String", "DefaultValue": "initial"}]
        definition = json.dumps({"Version": "2020-12-01", "Parameters": parameters, "Steps": [step]})
        arn = role(cloud, "sagemaker")
        self.sagemaker.create_pipeline(PipelineName=self.pipeline, PipelineDefinition=definition, RoleArn=arn)
        self.cloudwatch.put_metric_alarm(
            AlarmName=self.alarm,
            Namespace=self.alarm,
            MetricName="Violations",
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="ignore",
        )

    def measure(self, violations: float) -> None:
        """The monitor publishes what it found."""
        self.cloudwatch.put_metric_data(
            Namespace=self.alarm, MetricData=[{"MetricName": "Violations", "Value": violations}]
        )

    def set(self, state: str) -> None:
        """Move the alarm by hand, as its operator may."""
        self.cloudwatch.set_alarm_state(AlarmName=self.alarm, StateValue=state, StateReason="a test")

    def rests(self) -> bool:
        """Whether an execution was started, and none is under way."""
        listed = self.sagemaker.list_pipeline_executions(PipelineName=self.pipeline)["PipelineExecutionSummaries"]
        return bool(listed) and all(found["PipelineExecutionStatus"] == "Failed" for found in listed)

    def executions(self) -> list[dict[str, str]]:
        """The parameters of each execution, the oldest first."""
        listed = self.sagemaker.list_pipeline_executions(PipelineName=self.pipeline, SortOrder="Ascending")
        answers = [
            self.sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=found["PipelineExecutionArn"])
            for found in listed["PipelineExecutionSummaries"]
        ]
        return [{item["Name"]: item["Value"] for item in answer["PipelineParameters"]} for answer in answers]
