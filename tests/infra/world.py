"""What the constructs of a model stand on, in small: a network of two subnets, buckets, keys, a topic, images."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from infra.config.loader import load
from infra.config.model import ModelConfig
from tests.support.synthesis import REPOSITORY, Template

MODEL = "flight-delay"
GROUPS = {"jobs": "sg-0000000a", "endpoints": "sg-0000000b", "lambdas": "sg-0000000c"}
PURPOSES = ("raw", "features", "artifacts", "capture", "logs")


class World:
    """The keyword arguments that the constructs of a model take, in the given stack."""

    def __init__(self, stack: Stack, **changes: Any) -> None:
        platform = load(REPOSITORY, "dev")
        self.config = platform.environment
        self.model = changed(platform.models[0], **changes)
        self.network: Any = SimpleNamespace(
            job_subnet_ids=["subnet-0000000a", "subnet-0000000b"],
            endpoint_subnet_ids=["subnet-0000000c", "subnet-0000000d"],
            lambda_subnet_ids=["subnet-0000000e", "subnet-0000000f"],
            security_group_id=GROUPS.__getitem__,
        )
        self.buckets: Any = SimpleNamespace(**{purpose: s3.Bucket(stack, purpose.capitalize()) for purpose in PURPOSES})
        self.keys: Any = SimpleNamespace(
            **{use: kms.Key(stack, f"{use}-key") for use in ("data", "logs", "notifications")}
        )
        self.alarm_topic = sns.Topic(stack, "Topic")
        repositories = {name: ecr.Repository(stack, name) for name in ("trainer", "analyzer", "inference")}
        self.images: Any = SimpleNamespace(
            image_uri=lambda name: f"{repositories[name].repository_uri}:v1",
            repository=lambda name: repositories[name],
        )

    def common(self) -> dict[str, Any]:
        """The arguments that all of them take."""
        names = ("config", "model", "network", "buckets", "keys", "alarm_topic", "images")
        return {name: getattr(self, name) for name in names}


def changed(model: ModelConfig, **changes: Any) -> ModelConfig:
    """A copy of the configuration with other values: `pipeline__schedule=...` is `pipeline.schedule`."""
    for path, value in changes.items():
        model = _changed(model, path.split("__"), value)
    return model


def resources(template: Template, kind: str) -> list[dict[str, Any]]:
    """The properties of all resources of a type."""
    return [each.get("Properties", {}) for each in template["Resources"].values() if each["Type"] == kind]


def only(template: Template, kind: str) -> dict[str, Any]:
    """The properties of the only resource of a type."""
    (found,) = resources(template, kind)
    return found


def statements(template: Template, action: str) -> list[dict[str, Any]]:
    """The statements of all policies that allow an action."""
    policies = resources(template, "AWS::IAM::Policy")
    found = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    return [each for each in found if action in _list(each["Action"])]


def resources_of(statement: dict[str, Any]) -> list[str]:
    """The resources of a statement as flat text."""
    return [text(each) for each in _list(statement["Resource"])]


def text(value: Any) -> str:
    """A value of a template as flat text: references become their names."""
    if isinstance(value, dict):
        (value,) = value.values()
        return text(value[1] if isinstance(value, list) and value[0] == "" else value)
    return "".join(text(part) for part in value) if isinstance(value, list) else str(value)


def _changed(config: Any, path: list[str], value: Any) -> Any:
    head, *rest = path
    inner = _changed(getattr(config, head), rest, value) if rest else value
    return config.model_copy(update={head: inner})


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
