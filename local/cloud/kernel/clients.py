"""boto3 clients of the local cloud itself, for the work that a service does in another one."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

from local.cloud.kernel import scope


def endpoint_url() -> str:
    """Where this cloud listens."""
    return f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"


def client(service: str) -> Any:
    """A client acting as the current account's root, in the current region. Not for use in the event loop."""
    here = scope.current()
    return _client(service, here.account, here.region)


@lru_cache(maxsize=256)
def _client(service: str, account: str, region: str) -> Any:
    config = Config(retries={"max_attempts": 2}, max_pool_connections=32, s3={"addressing_style": "path"})
    return boto3.session.Session().client(
        service,
        region_name=region,
        endpoint_url=endpoint_url(),
        aws_access_key_id=account,
        aws_secret_access_key="test",  # noqa: S106 - the emulator's fixed word, not a secret
        config=config,
    )


def role_credentials(role_arn: str, session_name: str) -> dict[str, str]:
    """Environment variables with temporary credentials of that role, as a job in SageMaker finds them."""
    answer = client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session_name[:64])["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": answer["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": answer["SecretAccessKey"],
        "AWS_SESSION_TOKEN": answer["SessionToken"],
    }
