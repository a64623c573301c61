"""The server's settings."""

from __future__ import annotations

import os

import pytest
from inference.settings import Settings

CPUS = len(os.sched_getaffinity(0))


def test_without_settings_it_listens_as_sagemaker_expects_with_a_worker_per_cpu() -> None:
    assert Settings.from_environment({}) == Settings("0.0.0.0", 8080, CPUS, 1)


def test_the_environment_decides() -> None:
    environment = {
        "SAGEMAKER_BIND_HOST": "127.0.0.1",
        "SAGEMAKER_BIND_TO_PORT": "9000",
        "SAGEMAKER_MODEL_SERVER_WORKERS": "3",
        "OMP_NUM_THREADS": "2",
    }
    assert Settings.from_environment(environment) == Settings("127.0.0.1", 9000, 3, 2)


def test_one_worker_uses_all_cpus() -> None:
    assert Settings.from_environment({"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}).threads == CPUS


@pytest.mark.parametrize(
    ("name", "value"),
    [("SAGEMAKER_BIND_TO_PORT", "http"), ("SAGEMAKER_BIND_TO_PORT", "70000"), ("SAGEMAKER_MODEL_SERVER_WORKERS", "0")],
)
def test_a_wrong_number_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name}='{value}' must be a whole number from 1 to"):
        Settings.from_environment({name: value})
