"""A session of the SageMaker Python SDK that builds pipeline definitions and never calls AWS."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

# What would make the SDK or boto3 look at the machine or the network is overridden while it is imported and used;
# what is None is taken out. The SDK makes a client when it is imported, for which it wants a region.
OFFLINE_VARIABLES = {
    "AWS_ACCESS_KEY_ID": "offline",
    "AWS_SECRET_ACCESS_KEY": "offline",
    "AWS_SESSION_TOKEN": None,
    "AWS_PROFILE": None,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "SAGEMAKER_VALIDATE_ROLE": "false",
}
SDK_CONFIG = {
    "SchemaVersion": "1.0",
    "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
}


@contextmanager
def offline() -> Iterator[None]:
    """Keep the SDK off the network, off the machine's AWS settings, quiet and quick; undone afterwards."""
    before = {name: os.environ.get(name) for name in OFFLINE_VARIABLES}
    disabled = logging.root.manager.disable
    _set(OFFLINE_VARIABLES)
    logging.disable(logging.WARNING)  # it warns of each job name that it leaves to the pipeline service
    try:
        with warnings.catch_warnings(action="ignore"), _no_clients(), _config_not_validated():
            yield
    finally:
        logging.disable(disabled)
        _set(before)


@cache
def offline_session(region: str) -> Any:
    """A `PipelineSession` for `region`; call it, and build with it, inside `offline()`.

    What would need AWS (uploads, a default bucket) raises: all code is in CDK assets, all locations are explicit.
    """
    import boto3

    # Not credentials: what stands in for them keeps boto3 from searching the machine for real ones.
    boto_session = boto3.Session(aws_access_key_id="offline", aws_secret_access_key="offline", region_name=region)  # noqa: S106
    return _session_class()(boto_session=boto_session, sagemaker_config=SDK_CONFIG)


class NoClient:
    """Where the SDK keeps a boto3 client: it can be held, not used."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotImplementedError(f"a pipeline definition is built offline, without {self._service}.{name}")


@contextmanager
def _no_clients() -> Iterator[None]:
    """Gives the SDK a `NoClient` for each client and resource it asks boto3 for: it makes some twenty, uses none.

    So nothing can call AWS, and seconds of loading service models and endpoint rules are saved.
    """
    import boto3

    def refuse(_session: Any, service: str, *_: Any, **__: Any) -> NoClient:
        return NoClient(service)

    with patch.multiple(boto3.Session, client=refuse, resource=refuse):
        yield


@contextmanager
def _config_not_validated() -> Iterator[None]:
    """Spares some sixty validations of `SDK_CONFIG` a build, which would take 9 of 10 seconds; a test validates it.

    Not needed any more once the SDK (3.27 does not) remembers that it has checked its configuration.
    """
    from sagemaker.core.config.config_manager import SageMakerConfig

    with patch.object(SageMakerConfig, "validate_sagemaker_config", staticmethod(lambda _config=None: None)):
        yield


@cache
def _session_class() -> type[Any]:
    # The SDK takes seconds to import, so only what builds a definition pays for it.
    from sagemaker.core.workflow.pipeline_context import PipelineSession

    class OfflineSession(PipelineSession):  # type: ignore[misc, unused-ignore]
        """A pipeline session that resolves nothing and uploads nothing."""

        def expand_role(self, role: str) -> str:
            return role

        def default_bucket(self) -> str:
            raise NotImplementedError("a pipeline definition names its buckets itself")

        def upload_data(self, *args: Any, **kwargs: Any) -> str:
            raise NotImplementedError("a pipeline definition refers to CDK assets, it uploads nothing")

        def upload_string_as_file_body(self, *args: Any, **kwargs: Any) -> str:
            raise NotImplementedError("a pipeline definition refers to CDK assets, it uploads nothing")

    return OfflineSession


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
