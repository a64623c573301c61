"""What outlives the cloud's process: endpoints, captured records, feature records, scalable targets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from tests.local.cloud.hosting.conftest import Hosting
from tests.local.conftest import CONTAINERS, ROOT, LocalCloud, free_port, wait_until_open

pytestmark = pytest.mark.cloud


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], tuple[LocalCloud, subprocess.Popen[bytes]]]]:
    """Starts a cloud on the same port and state, again and again."""
    port, log = free_port(), tmp_path / "cloud.log"
    environment = {**os.environ, "SAGESTEAD_CONTAINERS": os.pathsep.join(map(str, CONTAINERS))}
    command = [sys.executable, "-m", "local.cloud", "--port", str(port), "--state", str(tmp_path / "state")]
    processes: list[subprocess.Popen[bytes]] = []

    def run() -> tuple[LocalCloud, subprocess.Popen[bytes]]:
        with log.open("ab") as sink:
            processes.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=sink))
        wait_until_open(port, processes[-1], log)
        return LocalCloud(port, tmp_path / "state"), processes[-1]

    yield run
    for process in processes:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


def capture(hosting: Hosting) -> dict[str, Any]:
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{hosting.bucket}/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }


def test_endpoints_end_with_the_cloud_and_come_back_with_it_and_no_captured_record_is_lost(start: Any) -> None:
    cloud, process = start()
    hosting = Hosting(cloud)
    name = hosting.endpoint(hosting.config(("champion", "v1", 1.0, 2), DataCaptureConfig=capture(hosting)))
    pids = {hosting.invoke(name)["pid"] for _ in range(20)}
    process.terminate()
    process.wait(20)
    assert not any(psutil.pid_exists(pid) for pid in pids)

    again, _ = start()
    hosting.wait(
        lambda: again.client("sagemaker").describe_endpoint(EndpointName=name)["EndpointStatus"],
        lambda status: status == "InService",
    )
    assert hosting.invoke(name)["pid"] not in pids

    def captured() -> int:
        listed = hosting.s3.list_objects_v2(Bucket=hosting.bucket, Prefix="captured/").get("Contents", [])
        bodies = [hosting.s3.get_object(Bucket=hosting.bucket, Key=item["Key"])["Body"].read() for item in listed]
        return sum(body.count(b"\n") for body in bodies)

    assert hosting.wait(captured, lambda count: count >= 21) == 21


def test_a_deployment_that_the_stop_interrupted_is_undone(start: Any) -> None:
    cloud, process = start()
    hosting = Hosting(cloud)
    old = hosting.config(("champion", "v1", 1.0, 1))
    name = hosting.endpoint(old)
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    hosting.sagemaker.update_endpoint(
        EndpointName=name,
        EndpointConfigName=hosting.config(("champion", "v2", 1.0, 1)),
        DeploymentConfig={
            "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 600}
        },
    )
    hosting.wait(lambda: hosting.invoke(name)["version"], lambda version: version == "v2")
    process.terminate()
    process.wait(20)

    start()

    def answers() -> str:
        try:
            return str(hosting.invoke(name)["version"])
        except ClientError:
            return ""

    assert hosting.wait(answers, bool) == "v1"
    found = hosting.settled(name)
    assert found["EndpointConfigName"] == old
    assert "when the local cloud stopped" in found["FailureReason"]


def test_processes_that_a_killed_cloud_left_behind_are_ended_by_the_next_one(start: Any) -> None:
    cloud, process = start()
    hosting = Hosting(cloud)
    pid = hosting.invoke(hosting.endpoint(hosting.config(("champion", "v1", 1.0, 1))))["pid"]
    process.kill()
    process.wait(20)
    assert psutil.pid_exists(pid)
    start()
    hosting.wait(lambda: psutil.pid_exists(pid), lambda exists: not exists)
