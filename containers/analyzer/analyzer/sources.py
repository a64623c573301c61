"""What the monitor reads from AWS: the live model's baseline and the captured requests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from analyzer.window import Window


@dataclass(frozen=True)
class LiveModel:
    """The model package behind an endpoint, with its baseline and the variants that serve requests."""

    package_arn: str
    variants: tuple[str, ...]
    statistics_uri: str
    constraints_uri: str


def live_model(sagemaker: Any, endpoint_name: str) -> LiveModel | None:
    """The model that the endpoint serves now (of several variants, that of the largest weight); None without endpoint.

    Raises: ValueError if the model is of no package or the package has no data-quality baseline.
    """
    try:
        endpoint = sagemaker.describe_endpoint(EndpointName=endpoint_name)
    except ClientError as error:
        if "Could not find" in error.response["Error"]["Message"]:
            return None
        raise
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    variants = config["ProductionVariants"]
    main = max(variants, key=lambda variant: float(variant.get("InitialVariantWeight", 1.0)))
    name = _package(sagemaker.describe_model(ModelName=main["ModelName"]), main["ModelName"])
    package = sagemaker.describe_model_package(ModelPackageName=name)
    package_arn = str(package["ModelPackageArn"])
    baseline = package.get("DriftCheckBaselines", {}).get("ModelDataQuality", {})
    try:
        uris = baseline["Statistics"]["S3Uri"], baseline["Constraints"]["S3Uri"]
    except KeyError:
        raise ValueError(f"{package_arn} has no DriftCheckBaselines.ModelDataQuality to compare with") from None
    return LiveModel(package_arn, tuple(variant["VariantName"] for variant in variants), *uris)


def _package(model: dict[str, Any], name: str) -> str:
    containers = [model.get("PrimaryContainer") or {}, *(model.get("Containers") or [])]
    package = next((container["ModelPackageName"] for container in containers if "ModelPackageName" in container), None)
    if package is None:
        raise ValueError(f"model {name} was not made from a model package; only packages have a baseline")
    return str(package)


def read_json(s3: Any, uri: str) -> dict[str, Any]:
    """The JSON object at an S3 URI.

    Raises: ValueError naming the URI if it is not an s3:// URI or holds no JSON object.
    """
    bucket, key = split_uri(uri)
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    try:
        document = json.loads(body)
    except ValueError as error:
        raise ValueError(f"{uri} is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{uri} must hold a JSON object, not {type(document).__name__}")
    return document


def capture_keys(s3: Any, capture_uri: str, endpoint: str, variants: Sequence[str], window: Window) -> Iterator[str]:
    """The keys of the capture files of the hours that the window touches, in order of variant and time."""
    bucket, prefix = split_uri(capture_uri)
    folder = f"{prefix.rstrip('/')}/{endpoint}" if prefix else endpoint
    pages = s3.get_paginator("list_objects_v2")
    for variant in variants:
        for hour in window.hours():
            for page in pages.paginate(Bucket=bucket, Prefix=f"{folder}/{variant}/{hour:%Y/%m/%d/%H}/"):
                yield from (entry["Key"] for entry in page.get("Contents", []) if entry["Key"].endswith(".jsonl"))


def download(s3: Any, bucket: str, key: str, file: Path) -> None:
    """Copy an object into a file, piece by piece."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        shutil.copyfileobj(s3.get_object(Bucket=bucket, Key=key)["Body"], stream)


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key (or prefix, without leading slash) of an S3 URI.

    Raises: ValueError naming what is not an S3 URI.
    """
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket:
        raise ValueError(f"{uri!r} is not an S3 URI (s3://bucket/key)")
    return bucket, key.lstrip("/")
