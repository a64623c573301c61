"""The Markdown files: their links lead somewhere, and the commands that they name exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.generator.templates import ENVIRONMENTS, ROOT, stacks

_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)(?P<target>[^)\s]+)\)")
_TARGET = re.compile(r"^(?P<name>[a-z][\w-]*):(?!=)", re.MULTILINE)
_MAKE = re.compile(r"(?:`|^\s*)make (?P<words>[^`#\n]+)", re.MULTILINE)
_FOLDERS = "infra|stacks|lambdas|containers|local|models|config|tests|docs|bench"
_PATH = re.compile(rf"(?<![\w./<>:-])(?:{_FOLDERS})/[\w./-]*")
_MODULE = re.compile(r"(?:\.venv/bin/python|python) -m (?P<module>[\w.]+)")


def documents() -> list[Path]:
    """Every Markdown file in git or about to be."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    return [ROOT / name for name in names if (ROOT / name).exists()]


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", documents(), ids=ids)
def test_relative_links_lead_to_files(document: Path) -> None:
    targets = [found["target"].partition("#")[0] for found in _LINK.finditer(document.read_text("utf-8"))]
    broken = [target for target in targets if target and not (document.parent / target).exists()]
    assert not broken


@pytest.mark.parametrize("document", documents(), ids=ids)
def test_make_commands_exist(document: Path) -> None:
    known = {found["name"] for found in _TARGET.finditer((ROOT / "Makefile").read_text("utf-8"))}
    named = {
        word
        for found in _MAKE.finditer(document.read_text("utf-8"))
        for word in found["words"].split()
        if "=" not in word
    }
    assert not {word for word in named if re.fullmatch(r"[a-z-]+", word)} - known


@pytest.mark.parametrize("document", documents(), ids=ids)
def test_paths_of_the_repository_exist(document: Path) -> None:
    text = document.read_text("utf-8").replace("models/churn_risk/", "")  # the model that a reader adds
    named = {found[0].rstrip(".") for found in _PATH.finditer(text)}
    assert not {path for path in named if not (ROOT / path).exists()}


@pytest.mark.parametrize("document", documents(), ids=ids)
def test_modules_that_are_to_be_run_exist(document: Path) -> None:
    named = {found["module"] for found in _MODULE.finditer(document.read_text("utf-8"))}
    ours = {name for name in named if name.partition(".")[0] in {"docs", "infra", "local", "bench", "tests"}}
    missing = [
        name
        for name in ours
        if not (ROOT / f"{name.replace('.', '/')}.py").exists()
        and not (ROOT / name.replace(".", "/") / "__main__.py").exists()
    ]
    assert not missing


def test_every_runbook_is_named_by_an_alarm_or_a_rule_of_each_environment() -> None:
    written = {file.stem for file in (ROOT / "docs" / "runbooks").glob("*.md")}
    for environment in ENVIRONMENTS:
        text = "".join(str(stack.template) for stack in stacks(environment))
        assert set(re.findall(r"docs/runbooks/([\w-]+)\.md", text)) == written


def test_every_runbook_and_every_decision_is_linked_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    files = [*(ROOT / "docs" / "runbooks").glob("*.md"), *(ROOT / "docs" / "decisions").glob("*.md")]
    assert not [file.name for file in files if f"({file.parent.name}/{file.name})" not in text]


def test_the_readme_shows_a_mistake_as_it_is_told(tmp_path: Path) -> None:
    """The lines of the example, without the lists that it shortens, are what the checker says today."""
    from tests.support.configs import mutated

    mutated(tmp_path, "config/dev.yaml", "account", "!raw 111111111111")
    mutated(tmp_path, "config/dev.yaml", "region", "eu-central-9")
    mutated(tmp_path, "config/dev.yaml", "network.flow_logs.retention_days", 31)
    mutated(tmp_path, "config/dev.yaml", "logs.retention_days", 31)
    mutated(tmp_path, "config/dev.yaml", "models.flight-delay.serving.autoscaling.min_instances", 4)
    code = "import sys; from pathlib import Path; from infra.config.loader import load; load(Path(sys.argv[1]), 'dev')"
    command = [sys.executable, "-c", code, str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True).stderr
    shown = re.search(r"```\n(5 problems.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown is not None
    missing = [line for line in shown[1].splitlines() if line.removesuffix(", ...") not in said]
    assert not missing


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "images").glob("*.svg")), ids=lambda path: path.name)
def test_pictures_are_described_and_need_nothing_from_elsewhere(picture: Path) -> None:
    root = ElementTree.parse(picture).getroot()
    kinds = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert {"title", "desc"} <= set(kinds)
    assert not {"script", "image", "foreignObject"} & set(kinds)
    text = picture.read_text("utf-8")
    assert "prefers-color-scheme: dark" in text
    assert "@import" not in text
    assert "url(http" not in text
