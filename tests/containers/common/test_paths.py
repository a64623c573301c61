from __future__ import annotations

from pathlib import Path

import pytest
from contract import paths


def test_the_base_directory_is_opt_ml_in_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAGEMAKER_BASE_DIR", raising=False)
    assert paths.base_dir() == Path("/opt/ml")


def test_every_path_lies_where_sagemaker_documents_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", "/base")
    assert [
        paths.input_dir("train"),
        paths.training_config("hyperparameters.json"),
        paths.processing_config("resourceconfig.json"),
        paths.processing_dir("output", "train"),
        paths.model_dir(),
        paths.output_data_dir(),
        paths.output_failure(),
        paths.output_message(),
    ] == [
        Path("/base/input/data/train"),
        Path("/base/input/config/hyperparameters.json"),
        Path("/base/config/resourceconfig.json"),
        Path("/base/processing/output/train"),
        Path("/base/model"),
        Path("/base/output/data"),
        Path("/base/output/failure"),
        Path("/base/output/message"),
    ]


def test_a_processing_job_is_known_by_its_configuration_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    monkeypatch.delenv("PROCESSING_JOB_NAME", raising=False)
    assert not paths.is_processing_job()
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "processingjobconfig.json").write_text("{}")
    assert paths.is_processing_job()
