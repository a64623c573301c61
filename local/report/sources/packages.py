"""The model's versions in the registry, with their evaluations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local.report.facts import Package, RocCurve
from local.report.sources.reading import Cloud, Reader, json_object, moment, number, pages

METRICS = ("auc", "accuracy", "precision", "recall", "f1", "brier")


def read(cloud: Cloud, group: str, reader: Reader) -> tuple[Package, ...]:
    """The packages of the group, oldest version first."""
    sagemaker = cloud("sagemaker")
    listed = pages(sagemaker, "list_model_packages", "ModelPackageSummaryList", ModelPackageGroupName=group)
    found = [_package(cloud, sagemaker, summary, reader) for summary in listed]
    return tuple(sorted(found, key=lambda package: package.version or 0))


def _package(cloud: Cloud, sagemaker: Any, summary: dict[str, Any], reader: Reader) -> Package:
    arn, version = summary["ModelPackageArn"], summary.get("ModelPackageVersion")
    empty = Package(arn, version, summary.get("ModelApprovalStatus", "unknown"))

    def describe() -> Package:
        described = sagemaker.describe_model_package(ModelPackageName=arn)
        metadata = described.get("CustomerMetadataProperties", {})
        package = replace(
            empty,
            created=moment(described.get("CreationTime")),
            approval=described.get("ModelApprovalStatus", empty.approval),
            data_version=metadata.get("DataVersion"),
            training_days=metadata.get("TrainingDays"),
        )
        uri = described.get("ModelMetrics", {}).get("ModelQuality", {}).get("Statistics", {}).get("S3Uri")
        if not uri:
            return package
        what = f"evaluation of version {version}"
        return reader.attempt(what, lambda: evaluated(package, json_object(cloud("s3"), uri)), package)

    return reader.attempt(f"model package {arn}", describe, empty)


def evaluated(package: Package, evaluation: dict[str, Any]) -> Package:
    """The package with what an evaluation.json (SageMaker's model-quality format) says of it."""
    quality = evaluation.get("binary_classification_metrics", {})
    values = {name: number(quality.get(name, {}).get("value")) for name in METRICS}
    rows = number(evaluation.get("dataset", {}).get("item_count"))
    return replace(
        package,
        metrics=tuple((name, value) for name, value in values.items() if value is not None),
        test_rows=None if rows is None else int(rows),
        roc=_roc(quality.get("receiver_operating_characteristic_curve") or {}),
    )


def _roc(curve: dict[str, Any]) -> RocCurve | None:
    false_rates = tuple(map(float, curve.get("false_positive_rates", ())))
    true_rates = tuple(map(float, curve.get("true_positive_rates", ())))
    if len(false_rates) < 2 or len(false_rates) != len(true_rates):
        return None
    return RocCurve(false_rates, true_rates)
