"""`monitor`: compares the requests captured in a window with the live model's baseline."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from analyzer import documents, metrics, report, sources, statistics, violations
from analyzer.capture import CaptureReader, Counts
from analyzer.columns import Column, Statistics
from analyzer.constraints import Constraints
from analyzer.settings import Settings
from analyzer.sources import LiveModel
from analyzer.table import Table
from analyzer.violations import Drift, Violation

MONITOR = "data-quality"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clients:
    """The boto3 clients that the monitor uses."""

    s3: Any
    sagemaker: Any
    cloudwatch: Any

    @classmethod
    def default(cls) -> Clients:
        """Clients of the job's own role and region."""
        return cls(boto3.client("s3"), boto3.client("sagemaker"), boto3.client("cloudwatch"))


@dataclass(frozen=True)
class Result:
    """What an execution found."""

    counts: Counts
    statistics: Statistics
    drifts: tuple[Drift, ...] = ()
    violations: tuple[Violation, ...] = ()


def run(environment: Mapping[str, str], clients: Clients | None = None) -> Result:
    """Analyze one window, write the report files and publish the metrics.

    A window without requests, or an endpoint that does not exist yet, is no error: zero records are published.
    Raises: ValueError for wrong settings, a model without baseline, or baseline files in another schema.
    """
    settings = Settings.from_environment(environment)
    clients = clients or Clients.default()
    live = sources.live_model(clients.sagemaker, settings.endpoint_name)
    if live is None:
        result = Result(Counts(), Statistics(0, ()))
        documents.write(settings.output_dir / "report.json", _report(settings, None, result, []))
    else:
        result = _analyze(settings, clients, live)
    if settings.publish_metrics:
        _publish(settings, clients.cloudwatch, result)
    _log(settings, live, result)
    return result


def _analyze(settings: Settings, clients: Clients, live: LiveModel) -> Result:
    baseline = Statistics.from_json(sources.read_json(clients.s3, live.statistics_uri))
    constraints = Constraints.from_json(sources.read_json(clients.s3, live.constraints_uri))
    constraints = Constraints(constraints.features, constraints.config.merged(settings.thresholds))
    with tempfile.TemporaryDirectory() as work_dir:
        rows_file = Path(work_dir) / "rows.csv"
        counts = _read_capture(settings, clients.s3, live, constraints.names, rows_file)
        current = _statistics(rows_file, Path(work_dir), constraints, counts)
    drifts = violations.measure_drift(constraints, baseline, current)
    found = violations.check(constraints, current, drifts)
    found += violations.check_widths(constraints, counts.refused_widths)
    result = Result(counts, current, tuple(drifts), tuple(found))
    features = report.features(constraints, baseline, current, drifts, found)
    output = settings.output_dir
    documents.write(output / "statistics.json", current.to_json(), indent=None)
    documents.write(output / "constraints.json", constraints.to_json())
    documents.write(output / "constraint_violations.json", violations.to_json(found))
    documents.write(output / "report.json", _report(settings, live, result, features))
    return result


def _read_capture(settings: Settings, s3: Any, live: LiveModel, names: tuple[str, ...], rows_file: Path) -> Counts:
    bucket, _ = sources.split_uri(settings.capture_uri)
    keys = sources.capture_keys(s3, settings.capture_uri, settings.endpoint_name, live.variants, settings.window)
    copy = rows_file.with_name("capture.jsonl")
    rejected = settings.output_dir / "rejected" / "records.jsonl"
    with CaptureReader(names, settings.window, rows_file, rejected) as reader:
        for key in keys:
            sources.download(s3, bucket, key, copy)
            with copy.open("rb") as lines:
                reader.read(f"s3://{bucket}/{key}", lines)
    return reader.counts


def _statistics(rows_file: Path, work_dir: Path, constraints: Constraints, counts: Counts) -> Statistics:
    """The statistics of the columns that requests really had: without those never given, with those not expected."""
    if counts.rows == 0:
        return Statistics(0, ())
    expected = {feature.name: feature.inferred_type for feature in constraints.features}
    with Table([rows_file], work_dir) as table:
        computed = statistics.compute(table, expected)
    given = tuple(column for column in computed.columns if counts.unnamed or counts.named[column.name])
    extra = tuple(
        Column(name, "Unknown", counts.extra[name], counts.rows - counts.extra[name])
        for name in sorted(counts.named.keys() - expected.keys())
    )
    return Statistics(computed.item_count, given + extra)


def _report(
    settings: Settings, live: LiveModel | None, result: Result, features: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "window": settings.window.to_json(),
        "endpoint": settings.endpoint_name,
        "model": settings.model_name,
        "monitor": MONITOR,
        "model_package_arn": None if live is None else live.package_arn,
        "records_read": result.counts.read,
        "records_rejected": result.counts.rejected,
        "records_outside_window": result.counts.outside,
        "rows": result.counts.rows,
        "violations": violations.to_json(result.violations)["violations"],
        "features": features,
    }


def _publish(settings: Settings, cloudwatch: Any, result: Result) -> None:
    counts = metrics.platform_metrics(
        violations=len(result.violations),
        records=result.counts.read,
        rejected=result.counts.rejected,
        model=settings.model_name,
        monitor=MONITOR,
    )
    metrics.publish(cloudwatch, metrics.PLATFORM_NAMESPACE, counts)
    of_features = metrics.feature_metrics(
        result.statistics,
        result.drifts,
        endpoint=settings.endpoint_name,
        schedule=settings.schedule_name,
        time=settings.window.end,
    )
    metrics.publish(cloudwatch, metrics.FEATURE_NAMESPACE, of_features)


def _log(settings: Settings, live: LiveModel | None, result: Result) -> None:
    if live is None:
        _logger.warning("endpoint %s does not exist (yet): nothing to monitor", settings.endpoint_name)
    _logger.info(
        "%d records read, %d rejected, %d outside the window, %d violations",
        result.counts.read,
        result.counts.rejected,
        result.counts.outside,
        len(result.violations),
    )
