"""Training jobs, as SageMaker's documentation describes them."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud
GROUP = "/aws/sagemaker/TrainingJobs"


def channel(name: str, uri: str, **rest: Any) -> dict[str, Any]:
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}, **rest}


def test_a_job_gets_channels_and_configuration_and_leaves_a_model(lab: Any) -> None:
    lab.put("train-in/data/a.csv", "1,2\n")
    single = lab.put("train-in/single.csv", "3\n")
    channels = [channel("train", lab.uri("train-in/data/"), ContentType="text/csv"), channel("validation", single)]
    name = lab.train(
        {"extra": "more", "depth": "6"},
        InputDataConfig=channels,
        Environment={"MINE": "yes", "CODE": "/opt/ml/code"},
    )
    job = lab.trained(name)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Completed"
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": lab.uri(f"models/{name}/output/model.tar.gz")}
    seen = json.loads(lab.unpack(job["ModelArtifacts"]["S3ModelArtifacts"])["seen.json"])
    assert seen["files"] == {"train/a.csv": "1,2\n", "validation/single.csv": "3\n"}
    assert seen["config"]["hyperparameters"] == {"extra": "more", "depth": "6"}
    assert seen["config"]["resourceconfig"]["current_host"] == "algo-1"
    assert seen["config"]["resourceconfig"]["hosts"] == ["algo-1"]
    assert seen["config"]["inputdataconfig"]["train"] == {
        "TrainingInputMode": "File",
        "S3DistributionType": "FullyReplicated",
        "RecordWrapperType": "None",
        "ContentType": "text/csv",
    }
    assert lab.unpack(lab.uri(f"models/{name}/output/output.tar.gz")) == {"extra.txt": "more"}
    environment = seen["environment"]
    assert environment["TRAINING_JOB_NAME"] == name
    assert environment["TRAINING_JOB_ARN"] == job["TrainingJobArn"]
    assert environment["MINE"] == "yes"
    assert environment["ECHO_GREETING"] == "hello from the image"
    assert environment["CODE"] == f"{environment['SAGEMAKER_BASE_DIR']}/code"
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "us-east-1"
    assert environment["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{lab.cloud.port}"
    assert "GATEWAY_PORT" not in environment  # nothing of the cloud's own environment


def test_secondary_statuses_follow_each_other_and_are_told_as_events(lab: Any, events: Any) -> None:
    name = lab.train()
    job = lab.trained(name)
    statuses = [item["Status"] for item in job["SecondaryStatusTransitions"]]
    assert statuses == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert all("EndTime" in item for item in job["SecondaryStatusTransitions"])
    assert job["CreationTime"] <= job["TrainingStartTime"] <= job["TrainingEndTime"] == job["LastModifiedTime"]
    assert job["TrainingTimeInSeconds"] >= 1
    told = events.about(name, "SageMaker Training Job State Change", 5)
    assert [event["detail"]["SecondaryStatus"] for event in told] == statuses
    last = told[-1]
    assert last["resources"] == [job["TrainingJobArn"]]
    assert last["detail"]["TrainingJobStatus"] == "Completed"
    assert last["detail"]["CreationTime"] == int(job["CreationTime"].timestamp() * 1000)


def test_the_log_goes_to_cloudwatch_and_its_last_metrics_into_the_description(lab: Any) -> None:
    specification = {
        "TrainingImage": lab.image,
        "TrainingInputMode": "File",
        "MetricDefinitions": [
            {"Name": "validation:auc", "Regex": "validation-auc=([0-9.]+)"},
            {"Name": "never", "Regex": "never=([0-9.]+)"},
            {"Name": "wordy", "Regex": "(sleeping)"},
        ],
    }
    name = lab.train({"aucs": "0.5 0.71", "sleep": "0.7"}, AlgorithmSpecification=specification)
    job = lab.trained(name)
    (metric,) = job["FinalMetricDataList"]
    assert (metric["MetricName"], round(metric["Value"], 4)) == ("validation:auc", 0.71)
    lines = lab.log_lines(GROUP, f"{name}/algo-1-")
    assert lines == ["echo-job: train", "sleeping", "validation-auc=0.5", "validation-auc=0.71"]


def test_a_failing_container_gives_its_reason_from_the_failure_file(lab: Any) -> None:
    job = lab.trained(lab.train({"fail": "ValueError: no rows"}))
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: ValueError: no rows, exit code: 1"
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": ""}


def test_a_container_that_fails_silently_still_gives_its_exit_code(lab: Any) -> None:
    assert lab.trained(lab.train({"fail": ""}))["FailureReason"] == "AlgorithmError: , exit code: 1"


def test_a_very_long_failure_is_cut_to_1024_characters_and_keeps_its_exit_code(lab: Any) -> None:
    reason = lab.trained(lab.train({"fail": "x" * 2000}))["FailureReason"]
    assert len(reason) == 1024
    assert reason.endswith("x, exit code: 1")


def test_missing_input_fails_the_job(lab: Any) -> None:
    name = lab.train(InputDataConfig=[channel("train", lab.uri("no-such-prefix/"))])
    assert lab.trained(name)["FailureReason"].startswith("ClientError: Data download failed: NoSuchKey (404)")


def test_a_missing_bucket_fails_the_job(lab: Any) -> None:
    name = lab.train(InputDataConfig=[channel("train", "s3://no-such-bucket-at-all/x")])
    assert lab.trained(name)["FailureReason"].startswith("ClientError: Data download failed: NoSuchBucket (404)")


def test_a_missing_output_bucket_fails_the_job(lab: Any) -> None:
    name = lab.train(OutputDataConfig={"S3OutputPath": "s3://no-such-bucket-at-all/x"})
    assert "Artifact upload failed" in lab.trained(name)["FailureReason"]


def test_an_unknown_image_fails_the_job_with_a_clear_reason(lab: Any) -> None:
    specification = {"TrainingImage": "nowhere/nothing:1", "TrainingInputMode": "File"}
    reason = lab.trained(lab.train(AlgorithmSpecification=specification))["FailureReason"]
    assert reason.startswith("ClientError: the local cloud has no image nowhere/nothing:1")


def test_a_program_that_does_not_exist_fails_the_job(lab: Any) -> None:
    specification = {
        "TrainingImage": lab.image,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["/no/such/program"],
    }
    reason = lab.trained(lab.train(AlgorithmSpecification=specification))["FailureReason"]
    assert "could not be started" in reason


def test_the_model_can_stay_unpacked(lab: Any) -> None:
    name = lab.train(OutputDataConfig={"S3OutputPath": lab.uri("models"), "CompressionType": "NONE"})
    assert lab.trained(name)["ModelArtifacts"]["S3ModelArtifacts"] == lab.uri(f"models/{name}/output/model/")
    assert lab.keys(f"models/{name}/output/model/") == ["seen.json"]


def test_a_stopped_job_ends_as_stopped_and_uploads_what_it_has(lab: Any) -> None:
    name = lab.train({"sleep": "60"})
    time.sleep(0.5)
    lab.sagemaker.stop_training_job(TrainingJobName=name)
    job = lab.trained(name)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    assert "FailureReason" not in job
    assert (job["TrainingEndTime"] - job["TrainingStartTime"]).total_seconds() < 30
    with pytest.raises(ClientError, match="is in status Stopped"):
        lab.sagemaker.stop_training_job(TrainingJobName=name)


def test_a_job_that_runs_too_long_is_stopped_for_that_reason(lab: Any) -> None:
    job = lab.trained(lab.train({"sleep": "60"}, StoppingCondition={"MaxRuntimeInSeconds": 1}))
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1}}, "one instance"),
        (
            {"AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"}},
            "TrainingImage is required",
        ),
        ({"InputDataConfig": [channel("a", "s3://b/c"), channel("a", "s3://b/c")]}, "Duplicate channel name 'a'"),
        ({"InputDataConfig": [channel("a", "s3://b/c", InputMode="Pipe")]}, "does not do Pipe mode"),
        (
            {
                "InputDataConfig": [
                    {
                        "ChannelName": "a",
                        "DataSource": {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": "s3://b/c"}},
                    }
                ]
            },
            "S3Prefix data only",
        ),
        ({"OutputDataConfig": {"S3OutputPath": "https://b/c"}}, "not an S3 URI"),
        ({"RoleArn": "arn:aws:iam::000000000000:role/nobody"}, "Could not assume role"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(lab: Any, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as refused:
        lab.train(**change)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_role_that_does_not_trust_sagemaker_is_refused(lab: Any) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    iam = lab.cloud.client("iam")
    role = iam.create_role(RoleName=lab.new("role"), AssumeRolePolicyDocument=json.dumps(document))["Role"]["Arn"]
    with pytest.raises(ClientError, match=r"allows principal 'sagemaker\.amazonaws\.com'"):
        lab.train(RoleArn=role)


def test_a_name_is_used_once(lab: Any) -> None:
    name = lab.train()
    with pytest.raises(ClientError, match="must be unique") as refused:
        lab.train(TrainingJobName=name)
    assert refused.value.response["Error"]["Code"] == "ResourceInUse"
    lab.trained(name)


def test_an_unknown_job_is_not_found(lab: Any) -> None:
    with pytest.raises(ClientError, match="Requested resource not found") as refused:
        lab.sagemaker.describe_training_job(TrainingJobName="nobody")
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    with pytest.raises(ClientError, match="Requested resource not found"):
        lab.sagemaker.stop_training_job(TrainingJobName="nobody")


def test_lists_filter_sort_and_page(lab: Any) -> None:
    stem = lab.new("listed")
    names = [lab.train(TrainingJobName=f"{stem}-{i}") for i in (2, 0, 1)]
    for name in names:
        lab.trained(name)
    ask = lab.sagemaker.list_training_jobs

    def listed(**request: Any) -> list[str]:
        return [item["TrainingJobName"] for item in ask(NameContains=stem, **request)["TrainingJobSummaries"]]

    assert listed() == names
    assert listed(SortOrder="Descending") == names[::-1]
    assert listed(SortBy="Name") == sorted(names)
    assert listed(StatusEquals="Failed") == []
    created = lab.sagemaker.describe_training_job(TrainingJobName=names[1])["CreationTime"]
    assert listed(CreationTimeAfter=created) == [names[2]] or listed(CreationTimeAfter=created) == names[1:]
    first = ask(NameContains=stem, MaxResults=2)
    second = ask(NameContains=stem, MaxResults=2, NextToken=first["NextToken"])
    assert [len(page["TrainingJobSummaries"]) for page in (first, second)] == [2, 1]
    assert "NextToken" not in second
    with pytest.raises(ClientError, match="Invalid NextToken"):
        ask(NextToken="bm9uc2Vuc2U=")
