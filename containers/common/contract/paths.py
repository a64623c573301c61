"""Where SageMaker puts a job's files and reads its results, under one base directory."""

from __future__ import annotations

import os
from pathlib import Path

BASE_DIR_VARIABLE = "SAGEMAKER_BASE_DIR"


def base_dir() -> Path:
    """The root of the contract: `/opt/ml`, or `SAGEMAKER_BASE_DIR` where the process is not in a container."""
    return Path(os.environ.get(BASE_DIR_VARIABLE) or "/opt/ml")


def input_dir(channel: str) -> Path:
    """The files of one training channel."""
    return base_dir() / "input" / "data" / channel


def training_config(name: str) -> Path:
    """A configuration file of a training job, such as `hyperparameters.json`."""
    return base_dir() / "input" / "config" / name


def processing_config(name: str) -> Path:
    """A configuration file of a processing job, such as `processingjobconfig.json`."""
    return base_dir() / "config" / name


def processing_dir(*parts: str) -> Path:
    """A local path of a processing job's inputs and outputs, such as `processing/output/train`."""
    return base_dir().joinpath("processing", *parts)


def model_dir() -> Path:
    """Where training leaves the model and where serving finds it unpacked."""
    return base_dir() / "model"


def output_data_dir() -> Path:
    """What training leaves beside the model (uploaded as output.tar.gz)."""
    return base_dir() / "output" / "data"


def output_failure() -> Path:
    """The file from which SageMaker takes a failed training job's FailureReason."""
    return base_dir() / "output" / "failure"


def output_message() -> Path:
    """The file from which SageMaker takes a processing job's ExitMessage."""
    return base_dir() / "output" / "message"


def is_processing_job() -> bool:
    """Whether this process runs as a processing job: only those get a `config/processingjobconfig.json`."""
    return "PROCESSING_JOB_NAME" in os.environ or processing_config("processingjobconfig.json").is_file()
