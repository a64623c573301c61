from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from infra import lambda_code
from infra.lambda_code import build_lambda_asset

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one function."""
    package = tmp_path / "project" / "lambdas" / "hello"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "handler.py").write_text("import jmespath\n")
    (package / "notes.txt").write_text("not code")
    return tmp_path / "project"


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_the_asset_holds_our_code_and_its_dependencies_and_nothing_compiled(root: Path, tmp_path: Path) -> None:
    files = contents(build_lambda_asset(root, tmp_path / "out"))
    assert {"lambdas/hello/handler.py", "aws_lambda_powertools/__init__.py", "jmespath/__init__.py"} <= files.keys()
    assert "typing_extensions.py" in files
    assert not [name for name in files if name.endswith((".pyc", ".so", ".txt.bak", "notes.txt"))]
    assert not [name for name in files if name.split("/")[-1] in {"RECORD", "INSTALLER", "direct_url.json"}]


def test_each_dependency_brings_its_licence(root: Path, tmp_path: Path) -> None:
    files = contents(build_lambda_asset(root, tmp_path / "out"))
    for name in lambda_code.DISTRIBUTIONS:
        folder = f"{name}-{metadata.version(name)}.dist-info/"
        assert any(file.startswith(folder) and file.endswith("LICENSE") for file in files), name


def test_the_same_code_gives_the_same_bytes_at_another_place(root: Path, tmp_path: Path) -> None:
    first = build_lambda_asset(root, tmp_path / "out-1")
    second = build_lambda_asset(root, tmp_path / "out-2")
    assert first.name == second.name
    assert contents(first) == contents(second)


def test_an_unchanged_asset_is_not_written_again(root: Path, tmp_path: Path) -> None:
    first = build_lambda_asset(root, tmp_path / "out")
    marker = first / "marker"
    marker.touch()
    assert build_lambda_asset(root, tmp_path / "out") == first
    assert marker.exists()


def test_a_changed_line_gives_another_asset_and_leaves_the_first_alone(root: Path, tmp_path: Path) -> None:
    first = build_lambda_asset(root, tmp_path / "out")
    (root / "lambdas" / "hello" / "handler.py").write_text("import json\n")
    second = build_lambda_asset(root, tmp_path / "out")
    assert first != second
    assert (first / "lambdas" / "hello" / "handler.py").read_text() == "import jmespath\n"
    assert (second / "lambdas" / "hello" / "handler.py").read_text() == "import json\n"


def test_a_new_version_of_a_dependency_gives_another_asset(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_lambda_asset(root, tmp_path / "out")
    monkeypatch.setattr(metadata, "version", lambda name: "99.0")
    assert build_lambda_asset(root, tmp_path / "out") != first


def test_only_the_youngest_builds_are_kept_and_no_staging_remains(root: Path, tmp_path: Path) -> None:
    builds = []
    for number in range(5):
        (root / "lambdas" / "hello" / "handler.py").write_text(f"NUMBER = {number}\n")
        builds.append(build_lambda_asset(root, tmp_path / "out"))
        # A file system's clock may be too coarse to order builds that follow at once.
        os.utime(builds[-1], (number, number))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in builds[-3:]}


def test_another_process_that_was_faster_is_no_error(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def overtaken(self: Path, target: Path) -> Any:
        target.mkdir()
        (target / "theirs").touch()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", overtaken)
    asset = build_lambda_asset(root, tmp_path / "out")
    assert (asset / "theirs").exists()
    assert [path.name for path in (tmp_path / "out").iterdir()] == [asset.name]


def test_a_rename_that_fails_for_another_reason_is_an_error(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> Any:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="disk full"):
        build_lambda_asset(root, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_dependency_with_compiled_code_is_refused(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lambda_code, "DISTRIBUTIONS", ("numpy",))
    with pytest.raises(ValueError, match="numpy holds compiled code"):
        build_lambda_asset(root, tmp_path / "out")


def test_a_project_without_functions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="lambdas"):
        build_lambda_asset(tmp_path, tmp_path / "out")


def test_the_handlers_import_from_the_asset_alone(tmp_path: Path) -> None:
    """With the asset, boto3 and the standard library on the path, as in Lambda, and nothing else of this project."""
    asset = build_lambda_asset(ROOT, tmp_path / "out")
    site = Path(str(metadata.distribution("boto3").locate_file("")))
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for name in ("boto3", "botocore", "s3transfer", "urllib3", "dateutil", "six.py"):
        (runtime / name).symlink_to(site / name)
    code = (
        "import aws_lambda_powertools, jmespath, lambdas.promote_model.handler as p, lambdas.retrain.handler as r\n"
        "print(aws_lambda_powertools.__file__, jmespath.__file__, callable(p.handler) and callable(r.handler))"
    )
    result = subprocess.run(
        [sys.executable, "-S", "-B", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": f"{asset}:{runtime}", "AWS_DEFAULT_REGION": "us-east-1"},
    )
    assert result.returncode == 0, result.stderr
    powertools, jmespath, callables = result.stdout.split()
    assert powertools.startswith(str(asset))
    assert jmespath.startswith(str(asset))
    assert callables == "True"
