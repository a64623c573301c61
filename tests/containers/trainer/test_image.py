from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

CONTAINER = Path(__file__).parents[3] / "containers" / "trainer"
LOCK = (CONTAINER / "requirements.txt").read_text()
DIRECT = re.findall(r"^([\w-]+)==([\w.]+)$", (CONTAINER / "requirements.in").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("name", "pinned"), DIRECT)
def test_a_direct_dependency_is_locked_at_the_version_asked_for(name: str, pinned: str) -> None:
    assert f"\n{name}=={pinned} \\\n    --hash=sha256:" in LOCK


@pytest.mark.parametrize(("name", "pinned"), DIRECT)
def test_the_local_cloud_runs_the_trainer_with_the_image_s_versions(name: str, pinned: str) -> None:
    try:
        assert version(name) == pinned
    except PackageNotFoundError:
        # The image has no time zones of its own; the machine of the local cloud does.
        assert name == "tzdata"


def test_every_locked_package_has_hashes() -> None:
    packages = re.split(r"^(?=\w[\w-]*==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(packages) >= len(DIRECT)
    assert all("--hash=sha256:" in package for package in packages)


def test_the_image_starts_the_trainer_with_both_packages_on_its_path() -> None:
    dockerfile = (CONTAINER / "Dockerfile").read_text()
    assert 'ENTRYPOINT ["python", "-m", "trainer"]' in dockerfile
    assert "PYTHONPATH=/opt/program" in dockerfile
    assert "COPY common/contract /opt/program/contract\nCOPY trainer/trainer /opt/program/trainer" in dockerfile
    assert "--require-hashes" in dockerfile
