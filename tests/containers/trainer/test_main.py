from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from trainer import __main__ as entry

CONTAINERS = Path(__file__).parents[3] / "containers"


def test_the_argument_chooses_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setitem(entry.COMMANDS, "train", lambda: called.append("train"))
    monkeypatch.setattr(sys, "argv", ["trainer", "train"])
    entry.main()
    assert called == ["train"]


@pytest.mark.parametrize("arguments", [["serve"], []])
def test_another_command_is_refused_with_the_allowed_ones(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["trainer", *arguments])
    with pytest.raises(SystemExit, match="allowed: train, evaluate"):
        entry.main()


def test_a_failing_script_ends_with_code_1_and_leaves_its_reason(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "prepare.py").write_text("raise ValueError('no raw data')")
    environment = os.environ | {
        "PYTHONPATH": f"{CONTAINERS / 'trainer'}:{CONTAINERS / 'common'}",
        "SAGEMAKER_BASE_DIR": str(tmp_path),
        "PROCESSING_JOB_NAME": "job-1",
    }
    command = [sys.executable, "-m", "trainer.run_script", str(tmp_path / "code")]
    done = subprocess.run(command, env=environment, check=False, capture_output=True)
    assert done.returncode == 1
    assert (tmp_path / "output" / "message").read_text() == "ValueError: no raw data"
