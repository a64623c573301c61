"""Execution roles: they must exist and trust SageMaker, and what a job does it does as its role."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import unquote

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local.cloud.kernel import clients, scope
from local.cloud.kernel.errors import validation_error

PRINCIPAL = "sagemaker.amazonaws.com"
# One session, because each loads the services' models anew; making clients of it is not thread-safe, hence the lock.
_session = boto3.session.Session()
_lock = threading.Lock()


def require(role_arn: str) -> None:
    """Refuse a role that SageMaker could not assume.

    Raises:
        ApiError: ValidationException, in SageMaker's words, if it does not exist or does not trust SageMaker.
    """
    try:
        role = clients.client("iam").get_role(RoleName=role_arn.rpartition("/")[2])["Role"]
    except ClientError:
        role = None
    if role is None or role["Arn"] != role_arn or PRINCIPAL not in _text(role.get("AssumeRolePolicyDocument")):
        raise validation_error(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{PRINCIPAL}' to assume the role."
        )


def _text(document: Any) -> str:
    return unquote(document) if isinstance(document, str) else json.dumps(document)


class Role:
    """An assumed execution role: its credentials, and boto3 clients that act under them."""

    def __init__(self, role_arn: str, session_name: str) -> None:
        """Assume it.

        Raises:
            ClientError: if STS refuses.
        """
        self.arn = role_arn
        self.environment = clients.role_credentials(role_arn, session_name)
        self._clients: dict[str, Any] = {}

    def client(self, service: str, *, read_timeout_seconds: int = 60) -> Any:
        """A client of this cloud acting as the role, in the current region."""
        if service not in self._clients:
            config = Config(
                retries={"max_attempts": 2}, read_timeout=read_timeout_seconds, s3={"addressing_style": "path"}
            )
            with _lock:
                self._clients[service] = _session.client(
                    service,
                    region_name=scope.current().region,
                    endpoint_url=clients.endpoint_url(),
                    aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
                    aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
                    aws_session_token=self.environment["AWS_SESSION_TOKEN"],
                    config=config,
                )
        return self._clients[service]
