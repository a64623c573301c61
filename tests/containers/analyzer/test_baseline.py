"""The command `baseline`, as a processing job runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from analyzer import baseline

CONTAINERS = Path(__file__).parents[3] / "containers"


def run(base_dir: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "SAGEMAKER_BASE_DIR": str(base_dir),
        "PROCESSING_JOB_NAME": "job",
        "PYTHONPATH": f"{CONTAINERS / 'analyzer'}{os.pathsep}{CONTAINERS / 'common'}",
    }
    command = [sys.executable, "-m", "analyzer", "baseline"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_job_writes_statistics_and_constraints_of_real_flights(flights: dict[int, Path], tmp_path: Path) -> None:
    source = tmp_path / "processing/input/baseline"
    source.mkdir(parents=True)
    (source / "baseline.csv").write_bytes(flights[1].read_bytes())
    job = run(tmp_path)
    assert job.returncode == 0, job.stdout + job.stderr
    statistics = json.loads((tmp_path / "processing/output/statistics.json").read_text())
    constraints = json.loads((tmp_path / "processing/output/constraints.json").read_text())
    types = {entry["name"]: entry["inferred_type"] for entry in constraints["features"]}
    assert statistics["dataset"]["item_count"] == 5_000
    assert types == {
        "carrier": "String", "origin": "String", "dest": "String",
        "distance": "Integral", "hour": "Integral", "arr_delay": "Integral",
    }  # fmt: skip
    assert constraints["features"][1]["string_constraints"]["domains"] == ["EWR", "JFK", "LGA"]
    assert 0.9 < constraints["features"][5]["completeness"] < 1


def test_a_job_without_data_fails_and_says_why(tmp_path: Path) -> None:
    job = run(tmp_path)
    assert job.returncode == 1
    assert "has no CSV file" in (tmp_path / "output/message").read_text()


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n")
    with pytest.raises(ValueError, match="a header but no row"):
        baseline.run({"dataset_source": str(tmp_path), "output_path": str(tmp_path / "out")})


def test_the_environment_sets_the_suggested_thresholds(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a\n1\n")
    environment = {"dataset_source": str(tmp_path), "output_path": str(tmp_path / "out"), "comparison_threshold": "0.5"}
    baseline.run(environment)
    config = json.loads((tmp_path / "out/constraints.json").read_text())["monitoring_config"]
    assert config["distribution_constraints"]["comparison_threshold"] == 0.5
