from __future__ import annotations

import sys
from pathlib import Path

import pytest
from trainer import run_script


def test_the_only_script_runs_as_main_with_the_remaining_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "0f3a9c.py").write_text("import sys\nprint(__name__, sys.argv[1:])\n")
    monkeypatch.setattr(sys, "argv", ["run_script", str(tmp_path), "--days", "7"])
    run_script.main()
    assert capsys.readouterr().out == "__main__ ['--days', '7']\n"


def test_a_folder_without_a_script_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(ValueError, match=r"exactly one \.py file; found: none"):
        run_script.find_script(tmp_path)


def test_a_folder_with_two_scripts_is_refused_with_their_names(tmp_path: Path) -> None:
    for name in ("b.py", "a.py"):
        (tmp_path / name).write_text("")
    with pytest.raises(ValueError, match=r"found: a\.py, b\.py"):
        run_script.find_script(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="does not exist"):
        run_script.find_script(tmp_path / "gone")


def test_without_a_folder_the_usage_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["run_script"])
    with pytest.raises(SystemExit, match="usage"):
        run_script.main()
