from __future__ import annotations

import copy
import os

import boto3
import pytest
from jsonschema import ValidationError

from infra.pipeline.offline_session import SDK_CONFIG, NoClient, offline, offline_session


def test_the_sdk_accepts_the_configuration_that_builds_do_not_validate() -> None:
    from sagemaker.core.config.config_manager import SageMakerConfig

    SageMakerConfig.validate_sagemaker_config(SDK_CONFIG)
    with pytest.raises(ValidationError):  # so it does look
        SageMakerConfig.validate_sagemaker_config({**SDK_CONFIG, "SchemaVersion": "no version"})


def test_a_client_made_offline_can_be_held_but_not_used() -> None:
    with offline():
        client = boto3.Session().client("sagemaker", region_name="eu-central-1")
    assert isinstance(copy.copy(client), NoClient)
    with pytest.raises(NotImplementedError, match=r"built offline, without sagemaker\.create_pipeline"):
        client.create_pipeline(PipelineName="x")


def test_boto3_and_the_environment_are_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    before = dict(os.environ)
    with offline():
        assert "AWS_PROFILE" not in os.environ
    assert dict(os.environ) == before
    monkeypatch.delenv("AWS_PROFILE")
    assert not isinstance(boto3.Session(region_name="us-east-1").client("sts"), NoClient)


@pytest.mark.parametrize("call", ["default_bucket", "upload_data", "upload_string_as_file_body"])
def test_the_session_uploads_nothing_and_has_no_bucket_of_its_own(call: str) -> None:
    with offline():
        session = offline_session("eu-central-1")
        with pytest.raises(NotImplementedError, match="a pipeline definition"):
            getattr(session, call)()
    assert session.boto_region_name == "eu-central-1"
