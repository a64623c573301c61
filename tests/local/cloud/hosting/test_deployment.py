"""Blue/green deployments and scaling under traffic, driven with boto3."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def canary(wait: int, termination: int = 0, alarms: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "CANARY",
                "WaitIntervalInSeconds": wait,
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 20},
            },
            "TerminationWaitInSeconds": termination,
            "MaximumExecutionTimeoutInSeconds": 600,
        },
        **({"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarms]}} if alarms else {}),
    }


@contextmanager
def traffic(hosting: Any, name: str) -> Iterator[tuple[list[str], list[str]]]:
    """Requests from four threads; answers the versions that answered and the errors, in order."""
    versions: list[str] = []
    errors: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                versions.append(hosting.invoke(name)["version"])
            except ClientError as error:
                errors.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    yield versions, errors
    stop.set()
    for thread in threads:
        thread.join()


def test_a_canary_gets_its_share_then_everything_and_no_request_fails(hosting: Any) -> None:
    name = hosting.endpoint(hosting.config(("champion", "v1", 1.0, 1)))
    wanted = hosting.config(("champion", "v2", 1.0, 1))
    with traffic(hosting, name) as (versions, errors):
        hosting.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=wanted, DeploymentConfig=canary(3, 1))
        hosting.wait(lambda: versions[-50:], lambda seen: "v2" in seen)
        baking = hosting.sagemaker.describe_endpoint(EndpointName=name)["PendingDeploymentSummary"]
        start = len(versions)
        time.sleep(1)
        during = Counter(versions[start:])
        done = hosting.settled(name)
    assert errors == []
    assert 0.15 < during["v2"] / during.total() < 0.25
    assert baking["EndpointConfigName"] == wanted
    assert baking["ProductionVariants"][0]["VariantStatus"][0]["Status"] == "Baking"
    assert "canary capacity of 1 instance" in baking["ProductionVariants"][0]["VariantStatus"][0]["StatusMessage"]
    assert done["EndpointConfigName"] == wanted
    assert "PendingDeploymentSummary" not in done
    assert done["LastDeploymentConfig"] == canary(3, 1)
    assert set(versions[-8:]) == {"v2"}


def test_an_alarm_during_baking_rolls_back(hosting: Any) -> None:
    cloudwatch = hosting.cloud.client("cloudwatch")
    old = hosting.config(("champion", "v1", 1.0, 1))
    name = hosting.endpoint(old)
    alarm = f"errors-{name}"
    cloudwatch.put_metric_alarm(
        AlarmName=alarm,
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=[{"Name": "EndpointName", "Value": name}, {"Name": "VariantName", "Value": "champion"}],
        Statistic="Sum",
        Period=10,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    hosting.sagemaker.update_endpoint(
        EndpointName=name,
        EndpointConfigName=hosting.config(("champion", "broken", 1.0, 1)),
        DeploymentConfig=canary(60, alarms=(alarm,)),
    )
    with traffic(hosting, name) as (_, errors):
        done = hosting.settled(name)
    assert done["EndpointConfigName"] == old
    assert alarm in done["FailureReason"]
    assert len(errors) > 0
    assert {hosting.invoke(name)["version"] for _ in range(10)} == {"v1"}


def test_a_new_fleet_that_does_not_start_leaves_the_old_one_in_service(hosting: Any, endpoint: str) -> None:
    before = hosting.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    hosting.sagemaker.update_endpoint(
        EndpointName=endpoint, EndpointConfigName=hosting.config(("champion", "refuses", 1.0, 1))
    )
    done = hosting.settled(endpoint)
    assert (done["EndpointStatus"], done["EndpointConfigName"]) == ("InService", before)
    assert "this model refuses to load" in done["FailureReason"]
    assert hosting.invoke(endpoint)["version"] == "v1"


def test_a_linear_deployment_goes_step_by_step(hosting: Any, endpoint: str) -> None:
    config = {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "LINEAR",
                "WaitIntervalInSeconds": 1,
                "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 34},
            },
        },
    }
    began = time.monotonic()
    hosting.sagemaker.update_endpoint(
        EndpointName=endpoint,
        EndpointConfigName=hosting.config(("champion", "v3", 1.0, 1)),
        DeploymentConfig=config,
    )
    hosting.settled(endpoint)
    assert time.monotonic() - began > 2
    assert hosting.invoke(endpoint)["version"] == "v3"


def test_counts_and_weights_change_in_place_and_are_retained_on_request(hosting: Any) -> None:
    name = hosting.endpoint(hosting.config(("champion", "v1", 1.0, 1)))
    wanted = [{"VariantName": "champion", "DesiredInstanceCount": 2, "DesiredWeight": 5.0}]
    with traffic(hosting, name) as (_, errors):
        hosting.sagemaker.update_endpoint_weights_and_capacities(EndpointName=name, DesiredWeightsAndCapacities=wanted)
        scaled = hosting.settled(name)["ProductionVariants"][0]
        hosting.sagemaker.update_endpoint(
            EndpointName=name,
            EndpointConfigName=hosting.config(("champion", "v2", 1.0, 1)),
            RetainAllVariantProperties=True,
            ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
        )
        retained = hosting.settled(name)["ProductionVariants"][0]
        hosting.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=name, DesiredWeightsAndCapacities=[{"VariantName": "champion", "DesiredInstanceCount": 1}]
        )
        shrunk = hosting.settled(name)["ProductionVariants"][0]
    assert errors == []
    assert (scaled["CurrentInstanceCount"], scaled["CurrentWeight"]) == (2, 5.0)
    assert (retained["CurrentInstanceCount"], retained["CurrentWeight"]) == (2, 1.0)
    assert shrunk["CurrentInstanceCount"] == 1


def test_an_endpoint_takes_one_change_at_a_time(hosting: Any, endpoint: str) -> None:
    wanted = hosting.config(("champion", "v1", 1.0, 1))
    hosting.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=wanted, DeploymentConfig=canary(1))
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        hosting.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=wanted)
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        hosting.sagemaker.delete_endpoint(EndpointName=endpoint)
    hosting.settled(endpoint)


@pytest.mark.parametrize(
    ("routing", "problem"),
    [
        ({"Type": "CANARY", "WaitIntervalInSeconds": 1}, "CanarySize is required"),
        (
            {"Type": "CANARY", "WaitIntervalInSeconds": 1, "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 60}},
            "at most 50 percent",
        ),
        (
            {"Type": "LINEAR", "WaitIntervalInSeconds": 1, "LinearStepSize": {"Type": "INSTANCE_COUNT", "Value": 9}},
            "at most 50 percent",
        ),
        (
            {"Type": "CANARY", "WaitIntervalInSeconds": 700, "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1}},
            "MaximumExecutionTimeoutInSeconds",
        ),
    ],
)
def test_a_policy_that_cannot_work_is_refused_at_once(
    hosting: Any, endpoint: str, routing: dict[str, Any], problem: str
) -> None:
    policy = {"TrafficRoutingConfiguration": routing, "MaximumExecutionTimeoutInSeconds": 600}
    config = hosting.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    with pytest.raises(ClientError, match=problem):
        hosting.sagemaker.update_endpoint(
            EndpointName=endpoint,
            EndpointConfigName=config,
            DeploymentConfig={"BlueGreenUpdatePolicy": policy},
        )


def test_rolling_updates_are_refused_by_name(hosting: Any, endpoint: str) -> None:
    config = hosting.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    rolling = {"MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1}, "WaitIntervalInSeconds": 1}
    with pytest.raises(ClientError, match="does not support rolling updates"):
        hosting.sagemaker.update_endpoint(
            EndpointName=endpoint, EndpointConfigName=config, DeploymentConfig={"RollingUpdatePolicy": rolling}
        )
