"""Processing jobs, as SageMaker's documentation describes them."""

from __future__ import annotations

import json
import subprocess
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def test_inputs_come_from_s3_and_outputs_go_back(lab: Any) -> None:
    lab.put("proc-in/sub/a.txt", "hello")
    name = lab.process(
        "copy",
        ProcessingInputs=[lab.input("data", lab.uri("proc-in"))],
        ProcessingOutputConfig=lab.output("proc-out"),
    )
    job = lab.processed(name)
    assert job["ProcessingJobStatus"] == "Completed"
    assert job["CreationTime"] <= job["ProcessingStartTime"] <= job["ProcessingEndTime"]
    assert lab.read(lab.uri("proc-out/a.txt")) == b"HELLO"


def test_without_arguments_the_image_s_command_runs_in_sagemaker_s_environment(lab: Any) -> None:
    name = lab.process(ProcessingOutputConfig=lab.output("report"), Environment={"WHERE": "/opt/ml/processing/x"})
    job = lab.processed(name)
    seen = json.loads(lab.read(lab.uri("report/report.json")))
    assert seen["argv"][1:] == ["report"]
    environment, config = seen["environment"], seen["config"]
    assert environment["PROCESSING_JOB_NAME"] == name
    assert environment["PROCESSING_JOB_ARN"] == job["ProcessingJobArn"]
    assert environment["WHERE"] == f"{environment['SAGEMAKER_BASE_DIR']}/processing/x"
    assert config["resourceconfig"] == {"current_host": "algo-1", "hosts": ["algo-1"]}
    assert config["processingjobconfig"]["ProcessingJobArn"] == job["ProcessingJobArn"]
    assert config["processingjobconfig"]["RoleArn"] == lab.role


def test_an_entrypoint_of_the_job_s_own_replaces_the_image_s(lab: Any) -> None:
    code = "import pathlib; pathlib.Path('/opt/ml/processing/output/own.txt').write_text('own')"
    name = lab.process(
        AppSpecification={"ImageUri": lab.image, "ContainerEntrypoint": ["python3", "-c", code]},
        ProcessingOutputConfig=lab.output("own"),
    )
    assert lab.processed(name)["ProcessingJobStatus"] == "Completed"
    assert lab.keys("own/") == ["own.txt"]


def test_a_failing_container_says_why_in_its_message_file(lab: Any) -> None:
    job = lab.processed(lab.process("fail", "no rows today", "3"))
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["ExitMessage"] == "no rows today"
    assert job["FailureReason"] == "AlgorithmError: no rows today, exit code: 3"


def test_without_a_message_the_logs_are_pointed_to(lab: Any) -> None:
    name = lab.process("unheard-of")
    reason = lab.processed(name)["FailureReason"]
    assert reason == "AlgorithmError: See job logs for more information, exit code: 1"
    assert "unknown command unheard-of" in lab.log_lines("/aws/sagemaker/ProcessingJobs", f"{name}/algo-1-")


def test_a_message_of_a_successful_job_is_kept(lab: Any) -> None:
    job = lab.processed(lab.process("write", "/opt/ml/output/message", "3 rows dropped"))
    assert (job["ProcessingJobStatus"], job["ExitMessage"]) == ("Completed", "3 rows dropped")


def test_missing_input_fails_the_job(lab: Any) -> None:
    name = lab.process("copy", ProcessingInputs=[lab.input("data", lab.uri("nothing-here"))])
    assert "NoSuchKey" in lab.processed(name)["FailureReason"]


@pytest.mark.parametrize(("mode", "uploaded"), [("EndOfJob", []), ("Continuous", ["partial.txt"])])
def test_a_stopped_job_takes_its_children_along(lab: Any, mode: str, uploaded: list[str]) -> None:
    seconds = f"{1000 + int(time.time() * 1000) % 100000}"
    name = lab.process("sleep", seconds, ProcessingOutputConfig=lab.output(f"stopped-{mode}", mode))
    deadline = time.monotonic() + 20
    while subprocess.run(["pgrep", "-f", f"^sleep {seconds}$"], capture_output=True).returncode:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    lab.sagemaker.stop_processing_job(ProcessingJobName=name)
    assert lab.processed(name)["ProcessingJobStatus"] == "Stopped"
    assert subprocess.run(["pgrep", "-f", f"^sleep {seconds}$"], capture_output=True).returncode == 1
    assert lab.keys(f"stopped-{mode}/") == uploaded
    lab.sagemaker.stop_processing_job(ProcessingJobName=name)  # as SageMaker: no error for a job that has ended


def test_what_a_job_leaves_running_ends_with_it(lab: Any) -> None:
    seconds = f"{1000 + int(time.time() * 1000) % 100000}"
    assert lab.processed(lab.process("leave", seconds))["ProcessingJobStatus"] == "Completed"
    assert subprocess.run(["pgrep", "-f", f"^sleep {seconds}$"], capture_output=True).returncode == 1


def test_a_job_that_runs_too_long_is_stopped(lab: Any) -> None:
    name = lab.process("sleep", "60", StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert lab.processed(name)["ProcessingJobStatus"] == "Stopped"


def test_the_end_is_told_as_an_event(lab: Any, events: Any) -> None:
    name = lab.process("fail", "because", "1", Tags=[{"Key": "team", "Value": "ml"}])
    lab.processed(name)
    first, last = events.about(name, "SageMaker Processing Job State Change", 2)
    assert first["detail"]["ProcessingJobStatus"] == "InProgress"
    assert last["detail"]["ProcessingJobStatus"] == "Failed"
    assert last["detail"]["FailureReason"] == "AlgorithmError: because, exit code: 1"
    assert last["detail"]["Tags"] == {"team": "ml"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {
                "ProcessingResources": {
                    "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1}
                }
            },
            "one instance",
        ),
        ({"ProcessingInputs": [{"InputName": "a", "DatasetDefinition": {}}]}, "S3Input only"),
        (
            {
                "ProcessingOutputConfig": {
                    "Outputs": [{"OutputName": "o", "FeatureStoreOutput": {"FeatureGroupName": "f"}}]
                }
            },
            "S3Output only",
        ),
        (
            {
                "ProcessingInputs": [
                    {
                        "InputName": "a",
                        "S3Input": {"S3Uri": "s3://b/c", "S3DataType": "S3Prefix", "LocalPath": "/elsewhere"},
                    }
                ]
            },
            "LocalPath of input 'a' must be under /opt/ml/processing",
        ),
        (
            {
                "ProcessingInputs": [
                    {
                        "InputName": "a",
                        "S3Input": {
                            "S3Uri": "s3://b/c",
                            "S3DataType": "ManifestFile",
                            "LocalPath": "/opt/ml/processing/a",
                        },
                    }
                ]
            },
            "S3Prefix data in File mode only",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(lab: Any, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        lab.process("report", **change)


def test_two_inputs_of_one_name_are_refused(lab: Any) -> None:
    twice = [lab.input("data", lab.uri("x")), lab.input("data", lab.uri("y"))]
    with pytest.raises(ClientError, match="Duplicate input name 'data'"):
        lab.process("report", ProcessingInputs=twice)


def test_an_unknown_job_is_not_found(lab: Any) -> None:
    with pytest.raises(ClientError, match="Could not find requested job with name: nobody"):
        lab.sagemaker.describe_processing_job(ProcessingJobName="nobody")


def test_jobs_are_listed(lab: Any) -> None:
    name = lab.process("report")
    lab.processed(name)
    (summary,) = lab.sagemaker.list_processing_jobs(NameContains=name)["ProcessingJobSummaries"]
    assert (summary["ProcessingJobName"], summary["ProcessingJobStatus"]) == (name, "Completed")
