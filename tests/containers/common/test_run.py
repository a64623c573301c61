from __future__ import annotations

import sys
from pathlib import Path

import pytest
from contract import run


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    for name in ("PROCESSING_JOB_NAME", "TRAINING_JOB_NAME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _fail() -> None:
    raise ValueError("column 'seats' is missing")


def test_a_job_that_succeeds_leaves_no_reason(base: Path) -> None:
    run.main(lambda: None)
    assert not (base / "output").exists()


def test_a_failed_training_job_writes_its_reason_to_output_failure(base: Path) -> None:
    with pytest.raises(SystemExit) as left:
        run.main(_fail)
    assert left.value.code == 1
    assert (base / "output" / "failure").read_text() == "ValueError: column 'seats' is missing"


def test_a_failed_processing_job_writes_its_reason_to_output_message(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCESSING_JOB_NAME", "job-1")
    with pytest.raises(SystemExit):
        run.main(_fail)
    assert (base / "output" / "message").read_text() == "ValueError: column 'seats' is missing"


def test_a_long_reason_is_cut_to_what_sagemaker_keeps(base: Path) -> None:
    run.write_reason("x" * 5000)
    assert len((base / "output" / "failure").read_text()) == 1024


def test_a_job_that_exits_keeps_its_code_and_says_why(base: Path) -> None:
    with pytest.raises(SystemExit) as left:
        run.main(lambda: sys.exit("wrong usage"))
    assert left.value.code == "wrong usage"
    assert (base / "output" / "failure").read_text() == "exit: wrong usage"


def test_a_job_that_exits_with_zero_has_not_failed(base: Path) -> None:
    with pytest.raises(SystemExit):
        run.main(lambda: sys.exit(0))
    assert not (base / "output").exists()
