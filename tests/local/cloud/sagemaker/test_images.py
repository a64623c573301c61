"""Image URIs and the Dockerfiles behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.cloud.sagemaker import images


def dockerfile(root: Path, text: str, name: str = "tool") -> None:
    (root / name).mkdir(parents=True)
    (root / name / "Dockerfile").write_text(text)


@pytest.fixture(autouse=True)
def searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(images.SEARCH_PATH_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "uri",
    [
        "000000000000.dkr.ecr.us-east-1.amazonaws.com/sagestead-local/tool:local",
        "000000000000.dkr.ecr.us-east-1.amazonaws.com/tool@sha256:0123456789abcdef",
        "localhost:5000/tool",
        "tool",
    ],
)
def test_the_last_element_of_the_repository_names_the_folder(uri: str, tmp_path: Path) -> None:
    dockerfile(tmp_path, 'ENTRYPOINT ["python", "-m", "tool"]')
    image = images.find(uri)
    assert (image.name, image.folder, image.entrypoint) == ("tool", tmp_path / "tool", ["python", "-m", "tool"])


def test_an_unknown_image_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(images.ImageNotFoundError, match=f"no image a/b:1 .*{tmp_path}/b/Dockerfile"):
        images.find("a/b:1")


def test_the_repository_s_own_containers_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(images.SEARCH_PATH_VARIABLE)
    assert images.search_path() == [Path(__file__).resolve().parents[4] / "containers"]


def test_comments_continuations_and_both_forms_of_a_command_are_read(tmp_path: Path) -> None:
    dockerfile(
        tmp_path,
        "# CMD no\nFROM python\nENV A=1 \\\n    B='two words'\nENV C three words\nENV D=${A}x\ncmd echo $A\n"
        'ENTRYPOINT [ "run", \\\n  "it" ]\n',
    )
    image = images.find("tool")
    assert image.environment == {"A": "1", "B": "two words", "C": "three words", "D": "1x"}
    assert image.command == ["/bin/sh", "-c", "echo $A"]
    assert image.entrypoint == ["run", "it"]


def test_only_the_last_stage_counts(tmp_path: Path) -> None:
    dockerfile(tmp_path, 'FROM a AS build\nENV A=1\nENTRYPOINT ["build"]\nFROM b\nCMD ["serve"]\n')
    image = images.find("tool")
    assert (image.environment, image.entrypoint, image.command) == ({}, [], ["serve"])


def test_paths_inside_the_image_are_left_out(tmp_path: Path) -> None:
    dockerfile(tmp_path, "ENV PATH=/opt/bin:$PATH PYTHONPATH=/opt HOME=/root KEEP=1")
    image = images.find("tool")
    assert image.environment == {"KEEP": "1"}
    assert image.python_path == f"{tmp_path}/tool:{tmp_path}/common"
