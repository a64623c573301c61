"""`baseline`: the statistics of a training data set and the constraints that they suggest."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path

from contract import paths

from analyzer import documents, statistics
from analyzer.constraints import MonitoringConfig, suggest
from analyzer.settings import thresholds
from analyzer.table import Table

_logger = logging.getLogger(__name__)


def run(environment: Mapping[str, str]) -> None:
    """Read the CSV files of the input `baseline` and write statistics.json and constraints.json.

    The variables `dataset_source` and `output_path` (the names of Model Monitor's container contract) may name other
    folders; `comparison_threshold` and the like set the suggested `monitoring_config`.
    Raises: ValueError if there is no CSV file or no row.
    """
    source = Path(environment.get("dataset_source") or paths.processing_dir("input", "baseline"))
    output = Path(environment.get("output_path") or paths.processing_dir("output"))
    write_baseline(source, output, MonitoringConfig().merged(thresholds(environment)))


def write_baseline(source: Path, output: Path, config: MonitoringConfig) -> None:
    """Write the statistics and constraints of all CSV files under `source` into `output`."""
    files = sorted(source.rglob("*.csv"))
    if not files:
        raise ValueError(f"{source} has no CSV file (*.csv)")
    with tempfile.TemporaryDirectory() as work_dir, Table(files, Path(work_dir)) as table:
        computed = statistics.compute(table)
    if computed.item_count == 0:
        raise ValueError(f"{source} has a header but no row; a baseline needs data")
    documents.write(output / "statistics.json", computed.to_json(), indent=None)
    documents.write(output / "constraints.json", suggest(computed, config).to_json())
    _logger.info("baseline of %d rows and %d columns written", computed.item_count, len(computed.columns))
