"""The command `monitor` against S3 and CloudWatch (moto) and a registry that answers as SageMaker does."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from analyzer import baseline, monitor, sources
from analyzer.constraints import MonitoringConfig
from analyzer.monitor import Clients
from botocore.exceptions import ClientError
from moto import mock_aws

from .test_capture import record

ENDPOINT = "sagestead-local-flight-delay"
PACKAGE = "arn:aws:sagemaker:us-east-1:000000000000:model-package/sagestead-local-flight-delay/1"
END = datetime.now(UTC).replace(minute=10, second=0, microsecond=0)
START = END - timedelta(hours=1)


class Registry:
    """The four answers of the SageMaker API that lead from an endpoint to its baseline."""

    def __init__(self) -> None:
        self.endpoints = {ENDPOINT: "config-1"}
        self.model: dict[str, Any] = {"PrimaryContainer": {"ModelPackageName": PACKAGE}}
        uri = "s3://artifacts/baseline/"
        self.baselines: dict[str, Any] = {
            "ModelDataQuality": {
                "Statistics": {"ContentType": "application/json", "S3Uri": f"{uri}statistics.json"},
                "Constraints": {"ContentType": "application/json", "S3Uri": f"{uri}constraints.json"},
            }
        }

    def describe_endpoint(self, *, EndpointName: str) -> dict[str, Any]:  # noqa: N803
        if EndpointName not in self.endpoints:
            error = {"Code": "ValidationException", "Message": f'Could not find endpoint "{EndpointName}".'}
            raise ClientError({"Error": error}, "DescribeEndpoint")
        return {"EndpointConfigName": self.endpoints[EndpointName]}

    def describe_endpoint_config(self, *, EndpointConfigName: str) -> dict[str, Any]:  # noqa: N803
        assert EndpointConfigName == "config-1"
        return {
            "ProductionVariants": [
                {"VariantName": "other", "ModelName": "old", "InitialVariantWeight": 0.1},
                {"VariantName": "champion", "ModelName": "new", "InitialVariantWeight": 0.9},
            ]
        }

    def describe_model(self, *, ModelName: str) -> dict[str, Any]:  # noqa: N803
        assert ModelName == "new"
        return self.model

    def describe_model_package(self, *, ModelPackageName: str) -> dict[str, Any]:  # noqa: N803
        assert ModelPackageName == PACKAGE
        return {"ModelPackageArn": PACKAGE, "DriftCheckBaselines": self.baselines}


class World:
    """Buckets, an endpoint with a baseline of real January flights, and the monitor's environment."""

    def __init__(self, flights: dict[int, Path], folder: Path) -> None:
        self.flights, self.output = flights, folder / "output"
        self.registry, self.s3 = Registry(), boto3.client("s3")
        self.cloudwatch = boto3.client("cloudwatch")
        for bucket in ("artifacts", "capture"):
            self.s3.create_bucket(Bucket=bucket)
        source = folder / "january"
        source.mkdir()
        (source / "data.csv").write_bytes(flights[1].read_bytes())
        baseline.write_baseline(source, folder / "baseline", MonitoringConfig())
        for name in ("statistics.json", "constraints.json"):
            self.s3.upload_file(str(folder / "baseline" / name), "artifacts", f"baseline/{name}")
        self.environment = {
            "endpoint_name": ENDPOINT,
            "capture_uri": "s3://capture/data/",
            "window_end": END.isoformat(),
            "window_minutes": "60",
            "schedule_name": "schedule",
            "model_name": "flight-delay",
            "output_path": str(self.output),
            "comparison_threshold": "0.2",
        }

    def rows(self, month: int, count: int = 500) -> list[list[str]]:
        with self.flights[month].open(newline="") as stream:
            return list(csv.reader(stream))[1::7][:count]

    def capture(self, lines: Sequence[str], time: datetime = START, name: str = "a", variant: str = "champion") -> None:
        key = f"data/{ENDPOINT}/{variant}/{time:%Y/%m/%d/%H}/{name}.jsonl"
        self.s3.put_object(Bucket="capture", Key=key, Body="".join(f"{line}\n" for line in lines).encode())

    def requests(self, rows: Sequence[Sequence[str]], time: datetime = START) -> list[str]:
        return [record(",".join(row), time=time.isoformat()) for row in rows]

    def run(self, **environment: str) -> monitor.Result:
        return monitor.run(self.environment | environment, Clients(self.s3, self.registry, self.cloudwatch))

    def document(self, name: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.output / name).read_text(), parse_constant=pytest.fail)
        return read

    def metric(self, namespace: str, name: str) -> float | None:
        listed = self.cloudwatch.list_metrics(Namespace=namespace, MetricName=name)["Metrics"]
        if not listed:
            return None
        statistics = self.cloudwatch.get_metric_statistics(
            **listed[0],
            StartTime=END - timedelta(hours=2),
            EndTime=END + timedelta(hours=2),
            Period=86_400,
            Statistics=["Sum"],
        )
        return float(statistics["Datapoints"][0]["Sum"])


@pytest.fixture
def world(flights: dict[int, Path], tmp_path: Path) -> Iterator[World]:
    with mock_aws():
        yield World(flights, tmp_path)


def test_requests_like_the_baseline_violate_nothing(world: World) -> None:
    world.capture(world.requests(world.rows(1)))
    world.run()
    assert world.document("constraint_violations.json") == {"violations": []}
    assert world.document("statistics.json")["dataset"]["item_count"] == 500
    report = world.document("report.json")
    assert (report["records_read"], report["records_rejected"]) == (500, 0)
    assert report["model_package_arn"] == PACKAGE
    assert report["endpoint"] == ENDPOINT
    assert [entry["name"] for entry in report["features"]] == [
        "carrier", "origin", "dest", "distance", "hour", "arr_delay",
    ]  # fmt: skip


def test_drifted_requests_are_found_reported_and_published(world: World) -> None:
    world.capture(world.requests([[*row[:4], str((int(row[4]) + 9) % 24), row[5]] for row in world.rows(6)]))
    world.run()
    violations = world.document("constraint_violations.json")["violations"]
    assert [v["feature_name"] for v in violations if v["constraint_check_type"] == "baseline_drift_check"] == ["hour"]
    assert world.metric("Sagestead/Monitoring", "Violations") == len(violations)
    assert world.metric("Sagestead/Monitoring", "Records") == 500
    assert (world.metric("aws/sagemaker/Endpoints/data-metrics", "feature_baseline_drift_hour") or 0) > 0.2


def test_the_constraints_written_are_those_that_were_used(world: World) -> None:
    world.capture(world.requests(world.rows(1, 5)))
    world.run(comparison_method="Simple")
    limits = world.document("constraints.json")["monitoring_config"]["distribution_constraints"]
    assert (limits["comparison_threshold"], limits["comparison_method"]) == (0.2, "Simple")


def test_only_the_records_of_the_window_are_read_from_its_hours_and_variants(world: World) -> None:
    row = world.rows(1, 1)
    world.capture(world.requests(row, START) + world.requests(row, START - timedelta(seconds=1)), START)
    world.capture(world.requests(row, END - timedelta(seconds=1)) + world.requests(row, END), END)
    world.capture(world.requests(row, START), START - timedelta(hours=1))
    world.capture(world.requests(row, START), START, variant="other")
    world.capture(world.requests(row, START), START, variant="shadow")
    counts = world.run().counts
    assert (counts.read, counts.outside, counts.rejected) == (3, 2, 0)


def test_an_hour_without_requests_publishes_zero_records(world: World) -> None:
    world.run()
    assert world.document("statistics.json") == {"version": 0, "dataset": {"item_count": 0}, "features": []}
    assert world.document("constraint_violations.json") == {"violations": []}
    assert world.metric("Sagestead/Monitoring", "Records") == 0
    assert world.metric("Sagestead/Monitoring", "Violations") == 0


def test_an_endpoint_that_does_not_exist_yet_publishes_zero_records(world: World) -> None:
    world.registry.endpoints.clear()
    world.run()
    assert world.document("report.json")["model_package_arn"] is None
    assert world.metric("Sagestead/Monitoring", "Records") == 0


def test_metrics_can_be_disabled(world: World) -> None:
    world.capture(world.requests(world.rows(1, 5)))
    world.run(publish_cloudwatch_metrics="Disabled")
    assert world.metric("Sagestead/Monitoring", "Records") is None


def test_rejected_records_are_set_aside_with_their_reason(world: World) -> None:
    world.capture([*world.requests(world.rows(1, 3)), "broken", record("UA,EWR", time=START.isoformat())])
    world.run()
    lines = (world.output / "rejected/records.jsonl").read_text().splitlines()
    assert [json.loads(line)["reason"].split(":")[0] for line in lines] == [
        "the record is not valid JSON",
        "a row has 2 values, the baseline has 6 features",
    ]
    assert world.metric("Sagestead/Monitoring", "RejectedRecords") == 2


def test_requests_of_another_width_alone_are_still_a_violation(world: World) -> None:
    world.capture([record("UA,EWR", time=START.isoformat())])
    world.run()
    violations = world.document("constraint_violations.json")["violations"]
    assert [violation["constraint_check_type"] for violation in violations] == ["missing_column_check"]


def test_names_that_requests_never_give_and_names_that_the_baseline_lacks_are_violations(world: World) -> None:
    body = json.dumps(
        {"instances": [{"carrier": "UA", "origin": "EWR", "dest": "IAH", "distance": 1400, "hour": 5, "gate": "B"}]}
    )
    world.capture([record(body, "JSON", "application/json", START.isoformat())])
    world.run()
    found = {
        v["feature_name"]: v["constraint_check_type"]
        for v in world.document("constraint_violations.json")["violations"]
    }
    assert found == {"arr_delay": "missing_column_check", "gate": "extra_column_check"}


def test_a_model_without_package_is_refused(world: World) -> None:
    world.registry.model = {"PrimaryContainer": {"Image": "x"}}
    with pytest.raises(ValueError, match="was not made from a model package"):
        world.run()


def test_a_package_without_baseline_is_refused(world: World) -> None:
    world.registry.baselines = {}
    with pytest.raises(ValueError, match=f"{PACKAGE} has no DriftCheckBaselines"):
        world.run()


@pytest.mark.parametrize(("body", "reason"), [(b"{", "not valid JSON"), (b"[]", "must hold a JSON object")])
def test_a_broken_baseline_is_named(world: World, body: bytes, reason: str) -> None:
    world.s3.put_object(Bucket="artifacts", Key="baseline/statistics.json", Body=body)
    with pytest.raises(ValueError, match=f"s3://artifacts/baseline/statistics.json.* {reason}"):
        world.run()


def test_another_error_of_the_api_is_not_hidden(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**_: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DescribeEndpoint")

    monkeypatch.setattr(world.registry, "describe_endpoint", denied)
    with pytest.raises(ClientError, match="AccessDenied"):
        world.run()


@pytest.mark.parametrize("uri", ["https://bucket/key", "s3:///key", "bucket/key"])
def test_what_is_no_s3_uri_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="is not an S3 URI"):
        sources.split_uri(uri)


def test_a_key_may_hold_any_character() -> None:
    assert sources.split_uri("s3://bucket/a?b#c/d") == ("bucket", "a?b#c/d")
