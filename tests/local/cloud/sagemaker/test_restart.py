"""What a restart of the local cloud leaves of the work that was in progress."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

pytestmark = pytest.mark.cloud


def test_work_in_progress_has_failed_after_a_restart_and_leaves_no_process(
    local_cloud: Any, lab: Any, tmp_path: Path
) -> None:
    sock, command = free_port(), [sys.executable, "-m", "local.cloud"]
    options = ["--port", str(sock), "--state", str(tmp_path)]
    root = Path(__file__).resolve().parents[4]
    environment = {**os.environ, "SAGESTEAD_CONTAINERS": str(root / "tests/local/containers")}

    def run() -> subprocess.Popen[bytes]:
        with (tmp_path / "cloud.log").open("ab") as log:
            return subprocess.Popen([*command, *options], cwd=root, env=environment, stdout=log, stderr=log)

    cloud = SimpleNamespace(client=type(local_cloud)(sock, tmp_path).client, port=sock)
    process = run()
    try:
        reached(cloud)
        own = type(lab)(cloud)
        seconds = f"{1000 + int(time.time() * 1000) % 100000}"
        training, processing = own.train({"sleep": seconds}), own.process("sleep", seconds)
        execution = start_pipeline(own, seconds)
        deadline = time.monotonic() + 30
        while len(running(seconds)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.terminate()
        process.wait(30)
        assert running(seconds) == []
        process = run()
        reached(cloud)
        sagemaker = cloud.client("sagemaker")
        job = sagemaker.describe_training_job(TrainingJobName=training)
        assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
        assert "the local cloud was stopped while the job was running" in job["FailureReason"]
        job = sagemaker.describe_processing_job(ProcessingJobName=processing)
        assert job["ProcessingJobStatus"] == "Failed"
        found = sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution)
        assert found["PipelineExecutionStatus"] == "Failed"
        assert "the local cloud was stopped" in found["FailureReason"]
        (step,) = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"]
        assert step["StepStatus"] == "Failed"
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def reached(cloud: Any) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            cloud.client("sts").get_caller_identity()
            return
        except EndpointConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def running(seconds: str) -> list[str]:
    """The sleeping children of the processing jobs."""
    return subprocess.run(["pgrep", "-f", f"^sleep {seconds}$"], capture_output=True, text=True).stdout.split()


def start_pipeline(lab: Any, seconds: str) -> str:
    arguments = {
        "AppSpecification": {"ImageUri": lab.image, "ContainerArguments": ["sleep", seconds]},
        "ProcessingResources": {"ClusterConfig": lab.instance},
        "RoleArn": lab.role,
    }
    definition = {"Version": "2020-12-01", "Steps": [{"Name": "S", "Type": "Processing", "Arguments": arguments}]}
    name = lab.new("pipeline")
    lab.sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=json.dumps(definition), RoleArn=lab.role)
    return str(lab.sagemaker.start_pipeline_execution(PipelineName=name)["PipelineExecutionArn"])
