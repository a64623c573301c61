"""What the data-quality monitor found in each window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from local.report.facts import Distribution, FeatureDrift, Violation, Window
from local.report.sources.reading import Cloud, Reader, json_object, moment, number


def read(cloud: Cloud, monitored: Iterable[dict[str, Any]], reader: Reader) -> tuple[Window, ...]:
    """The windows that the rehearsal recorded as {label, execution_arn, start, end}, with their reports."""
    windows = []
    for entry in monitored:
        empty = Window(
            label=entry.get("label", ""),
            execution_arn=entry.get("execution_arn", ""),
            start=moment(entry.get("start")),
            end=moment(entry.get("end")),
        )
        windows.append(reader.attempt(f"monitor report of {empty.label}", partial(_reported, cloud, empty), empty))
    return tuple(windows)


def _reported(cloud: Cloud, window: Window) -> Window:
    return filled(window, json_object(cloud("s3"), f"{_folder(cloud, window.execution_arn)}/report.json"))


def _folder(cloud: Cloud, execution: str) -> str:
    """The S3 URI that the monitor's processing job wrote its reports to."""
    sagemaker = cloud("sagemaker")
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"]
    jobs = [step["Metadata"]["ProcessingJob"]["Arn"] for step in steps if "ProcessingJob" in step["Metadata"]]
    if not jobs:
        raise ValueError(f"{execution} ran no processing job")
    job = sagemaker.describe_processing_job(ProcessingJobName=jobs[0].rpartition("/")[2])
    return str(job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]).rstrip("/")


def filled(window: Window, report: dict[str, Any]) -> Window:
    """The window with what the analyzer's report.json says of it."""
    violations = tuple(
        Violation(found["feature_name"], found["constraint_check_type"], found.get("description", ""))
        for found in report.get("violations", [])
    )
    return replace(
        window,
        package_arn=report.get("model_package_arn"),
        records=report.get("records_read"),
        rejected=report.get("records_rejected"),
        features=tuple(_feature(entry) for entry in report.get("features", [])),
        violations=violations,
    )


def _feature(entry: dict[str, Any]) -> FeatureDrift:
    return FeatureDrift(
        name=entry["name"],
        type=entry.get("type", ""),
        distance=number(entry.get("drift")),
        threshold=number(entry.get("threshold")),
        violated=bool(entry.get("violated")),
        checks=tuple(entry.get("checks", ())),
        baseline=_distribution(entry.get("baseline")),
        current=_distribution(entry.get("current")),
    )


def _distribution(found: dict[str, Any] | None) -> Distribution | None:
    if not found or not found.get("shares"):
        return None
    shares = tuple(float(share) for share in found["shares"])
    edges, categories = tuple(map(float, found.get("edges", ()))), tuple(found.get("categories", ()))
    if len(edges) != len(shares) + 1 and len(categories) != len(shares):
        raise ValueError(f"{len(shares)} shares fit neither {len(edges)} edges nor {len(categories)} categories")
    return Distribution(shares, edges, categories)
