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
        with warnings.catch_warnings(action="ignore"), _config_validated_once():
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


@contextmanager
def _config_validated_once() -> Iterator[None]:
    """Checks `SDK_CONFIG` here instead of on each of some sixty look-ups a build, which would take 9 of 10 seconds.

    Not needed any more once the SDK (3.27 does not) remembers that it has checked its configuration.
    """
    with patch.object(_config_class(), "validate_sagemaker_config", staticmethod(lambda _config=None: None)):
        yield


@cache
def _config_class() -> type[Any]:
    from sagemaker.core.config.config_manager import SageMakerConfig

    SageMakerConfig.validate_sagemaker_config(SDK_CONFIG)
    return SageMakerConfig  # type: ignore[no-any-return, unused-ignore]


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
