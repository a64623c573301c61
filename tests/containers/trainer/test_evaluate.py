from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from trainer import evaluate, train

from .conftest import rows


@pytest.fixture
def job(training_job: Callable[..., Path]) -> Path:
    """A processing job with a trained model's archive and test rows."""
    base = training_job()
    train.main()
    folder = base / "processing" / "input"
    (folder / "test").mkdir(parents=True)
    (folder / "test" / "test.csv").write_text(rows(200, seed=9))
    (folder / "model").mkdir()
    with tarfile.open(folder / "model" / "model.tar.gz", "w:gz") as tar:
        tar.add(base / "model", arcname=".")
    return base


def test_the_report_has_the_shape_that_the_quality_gate_reads(job: Path) -> None:
    evaluate.main()
    report = json.loads((job / "processing" / "output" / "evaluation" / "evaluation.json").read_text())
    assert report["dataset"]["item_count"] == 200
    quality = report["binary_classification_metrics"]
    assert 0.8 < quality["auc"]["value"] <= 1
    assert sum(sum(row.values()) for row in quality["confusion_matrix"].values()) == 200


def test_the_metrics_are_printed(job: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate.main()
    assert "test-auc=0." in capsys.readouterr().out


def test_an_archive_without_a_model_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz"):
        pass
    with pytest.raises(ValueError, match=r"lacks model\.ubj, model\.json"):
        evaluate.unpack(archive, tmp_path / "unpacked")


def test_a_file_that_is_not_an_archive_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "model.tar.gz"
    archive.write_text("not a tar file")
    with pytest.raises(ValueError, match="not a safe model archive"):
        evaluate.unpack(archive, tmp_path / "unpacked")


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt"])
def test_a_member_never_lands_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(ValueError, match=r"not a safe model archive|lacks"):
        evaluate.unpack(archive, tmp_path / "a" / "unpacked")
    assert not list(tmp_path.glob("outside.txt")) + list(tmp_path.glob("a/outside.txt"))
    assert not Path("/outside.txt").exists()
