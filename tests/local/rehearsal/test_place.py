"""Folders, ports and the environment of the CDK CLI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.rehearsal.place import ROOT, Place


def test_a_place_is_known_by_its_port_and_its_folders(tmp_path: Path) -> None:
    place = Place(port=5000, state=tmp_path)
    assert place.endpoint_url == "http://127.0.0.1:5000"
    assert place.report_port == 5001
    assert place.cloud_assembly == tmp_path / "cdk.out"


def test_nothing_of_the_callers_aws_settings_reaches_the_cdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    variables = Place(port=5000, state=tmp_path).environment_variables()
    assert "mine" not in variables.values()
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5000"
    assert (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]) == ("000000000000", "test")
    assert variables["AWS_CONFIG_FILE"] == variables["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_the_cdk_finds_this_projects_python_and_keeps_its_files_in_the_state_folder(tmp_path: Path) -> None:
    variables = Place(state=tmp_path).environment_variables()
    assert variables["PATH"].startswith(f"{ROOT / '.venv' / 'bin'}{os.pathsep}")
    assert variables["CDK_HOME"] == str(tmp_path / "cdk-home")
    assert variables["CDK_DISABLE_CLI_TELEMETRY"] == "true"


def test_a_client_talks_to_the_local_cloud_only(tmp_path: Path) -> None:
    client = Place(port=5000, state=tmp_path).client("sagemaker")
    assert client.meta.endpoint_url == "http://127.0.0.1:5000"
    assert client.meta.region_name == "us-east-1"
    assert client._request_signer._credentials.access_key == "000000000000"
