"""Pipeline executions: order, branches, failures, stop and retry."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def test_steps_run_in_the_order_of_what_they_need(pipes: Any) -> None:
    pipeline = pipes.create(
        pipes.processing("Last", DependsOn=["Copy"]),
        pipes.reading("Copy", "Write", DisplayName="Copying", Description="copies"),
        pipes.writing("Write", {"a": 1}),
    )
    arn, found = pipes.run(pipeline)
    assert found["PipelineExecutionStatus"] == "Succeeded"
    assert "FailureReason" not in found
    steps = pipes.steps(arn)
    assert list(steps) == ["Write", "Copy", "Last"]
    assert steps["Write"]["EndTime"] <= steps["Copy"]["StartTime"]
    assert (steps["Copy"]["StepDisplayName"], steps["Copy"]["StepDescription"]) == ("Copying", "copies")
    assert steps["Copy"]["AttemptCount"] == 1
    identifier = arn.rpartition("/")[2]
    assert pipes.lab.read(pipes.lab.uri(f"runs/{identifier}/Copy/document.json")) == b'{"A": 1}'


def test_a_job_is_named_after_execution_and_step_and_tagged_with_them(pipes: Any) -> None:
    arn, _ = pipes.run(pipes.create(pipes.processing("Some_Step-with-a-name-that-is-much-too-long-for-a-job")))
    (step,) = pipes.steps(arn).values()
    job = step["Metadata"]["ProcessingJob"]["Arn"]
    identifier = arn.rpartition("/")[2]
    assert re.fullmatch(rf"pipelines-{identifier}-some-step-with-a-name-[a-z-]+-[a-z0-9]{{10}}", job.rpartition("/")[2])
    tags = {tag["Key"]: tag["Value"] for tag in pipes.sagemaker.list_tags(ResourceArn=job)["Tags"]}
    assert tags["sagemaker:pipeline-execution-arn"] == arn


def test_a_job_may_have_a_prefix_of_its_own(pipes: Any) -> None:
    arn, _ = pipes.run(pipes.create(pipes.processing("S", Arguments={"ProcessingJobName": "mine"})))
    job = pipes.steps(arn)["S"]["Metadata"]["ProcessingJob"]["Arn"]
    assert f"/mine-{arn.rpartition('/')[2]}-" in job


@pytest.mark.parametrize(("least", "said"), [("0.5", "good 0.7"), ("0.9", "bad 0.7")])
def test_a_condition_takes_one_branch(pipes: Any, least: str, said: str) -> None:
    auc = pipes.json_get("Evaluate", "metrics.auc")
    branches = [pipes.fail(name, {"Std:Join": {"On": " ", "Values": [name.lower(), auc]}}) for name in ("Good", "Bad")]
    gate = pipes.condition("Gate", auc, {"Get": "Parameters.Least"}, [branches[0]], [branches[1]])
    pipeline = pipes.create(
        pipes.writing("Evaluate", {"metrics": {"auc": 0.7}}),
        gate,
        parameters=[{"Name": "Least", "Type": "Float"}],
    )
    arn, found = pipes.run(pipeline, {"Least": least})
    assert (found["PipelineExecutionStatus"], found["FailureReason"]) == ("Failed", said)
    taken = said.split()[0].title()
    steps = pipes.steps(arn)
    assert list(steps) == ["Evaluate", "Gate", taken]
    assert steps["Gate"]["Metadata"]["Condition"]["Outcome"] == str(taken == "Good")
    assert steps[taken]["Metadata"]["Fail"]["ErrorMessage"] == said


def test_conditions_nest_and_what_follows_a_branch_not_taken_never_runs(pipes: Any) -> None:
    inner = pipes.condition("Inner", 1, 2, [], [pipes.processing("Deep")])
    outer = pipes.condition("Outer", 2, 1, [inner], [pipes.processing("Never")])
    pipeline = pipes.create(
        outer, pipes.processing("After", DependsOn=["Never"]), pipes.processing("Then", DependsOn=["Deep"])
    )
    arn, found = pipes.run(pipeline)
    assert found["PipelineExecutionStatus"] == "Succeeded"
    assert list(pipes.steps(arn)) == ["Outer", "Inner", "Deep", "Then"]


def test_independent_steps_run_side_by_side_up_to_the_limit(pipes: Any) -> None:
    steps = [pipes.processing(name, "sleep", "1") for name in ("A", "B", "C")]
    pipeline = pipes.create(*steps)
    most = {}
    for limit in (1, 3):
        arn, _ = pipes.run(pipeline, ParallelismConfiguration={"MaxParallelExecutionSteps": limit})
        found = list(pipes.steps(arn).values())
        starts = [step["StartTime"] for step in found]
        most[limit] = max(sum(s["StartTime"] <= start < s["EndTime"] for s in found) for start in starts)
    assert most == {1: 1, 3: 3}


def test_a_failed_step_fails_the_execution_after_the_running_ones(pipes: Any) -> None:
    pipeline = pipes.create(
        pipes.processing("Bad", "fail", "no rows", "1"),
        pipes.processing("Slow", "sleep", "2"),
        pipes.processing("Next", DependsOn=["Slow"]),
    )
    arn, found = pipes.run(pipeline)
    assert found["PipelineExecutionStatus"] == "Failed"
    assert found["FailureReason"] == "Step failure: One or multiple steps failed."
    steps = pipes.steps(arn)
    assert steps["Bad"]["FailureReason"] == "AlgorithmError: no rows, exit code: 1"
    assert steps["Slow"]["StepStatus"] == "Succeeded"
    assert "Next" not in steps


def test_an_api_s_refusal_fails_the_step(pipes: Any) -> None:
    role = "arn:aws:iam::000000000000:role/nobody"
    arn, _ = pipes.run(pipes.create(pipes.processing("S", Arguments={"RoleArn": role})))
    reason = pipes.steps(arn)["S"]["FailureReason"]
    assert reason.startswith(
        "ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: Could not assume"
    )


def test_an_argument_of_the_wrong_type_fails_the_step(pipes: Any) -> None:
    step = pipes.processing("S", Arguments={"Environment": {"N": {"Get": "Parameters.N"}}})
    pipeline = pipes.create(step, parameters=[{"Name": "N", "Type": "Integer", "DefaultValue": 1}])
    arn, _ = pipes.run(pipeline)
    assert "Invalid type for parameter Environment.N" in pipes.steps(arn)["S"]["FailureReason"]


def test_a_value_that_is_not_there_fails_the_step(pipes: Any) -> None:
    gate = pipes.condition("Gate", pipes.json_get("Write", "metrics.auc"), 1, [])
    arn, _ = pipes.run(pipes.create(pipes.writing("Write", {"metrics": {}}), gate))
    reason = pipes.steps(arn)["Gate"]["FailureReason"]
    assert "JsonGet metrics.auc: there is nothing at 'metrics.auc'" in reason


def test_a_property_file_that_was_not_written_fails_the_step(pipes: Any) -> None:
    file = {"PropertyFileName": "document", "OutputName": "out", "FilePath": "missing.json"}
    gate = pipes.condition("Gate", pipes.json_get("Report", "x"), 1, [])
    arn, _ = pipes.run(pipes.create(pipes.processing("Report", PropertyFiles=[file]), gate))
    assert "NoSuchKey" in pipes.steps(arn)["Gate"]["FailureReason"]


def test_a_property_file_that_is_not_json_fails_the_step(pipes: Any) -> None:
    file = {"PropertyFileName": "document", "OutputName": "out", "FilePath": "document.json"}
    step = pipes.processing("Write", "write", "/opt/ml/processing/output/document.json", "{", PropertyFiles=[file])
    arn, _ = pipes.run(pipes.create(step, pipes.condition("Gate", pipes.json_get("Write", "x"), 1, [])))
    assert "is not JSON" in pipes.steps(arn)["Gate"]["FailureReason"]


def test_a_stopped_execution_stops_its_jobs_and_starts_no_more(pipes: Any) -> None:
    pipeline = pipes.create(pipes.processing("Wait", "sleep", "60"), pipes.processing("Next", DependsOn=["Wait"]))
    arn = pipes.start(pipeline)
    pipes.wait_until(arn, "Wait", "Executing")
    pipes.sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert pipes.ended(arn)["PipelineExecutionStatus"] == "Stopped"
    steps = pipes.steps(arn)
    assert [(name, step["StepStatus"]) for name, step in steps.items()] == [("Wait", "Stopped")]
    with pytest.raises(ClientError, match="status Stopped and cannot be stopped") as error:
        pipes.sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert error.value.response["Error"]["Code"] == "ConflictException"


def test_a_job_stopped_from_outside_fails_its_step(pipes: Any) -> None:
    arn = pipes.start(pipes.create(pipes.processing("Wait", "sleep", "60")))
    deadline = time.monotonic() + 20
    while not (metadata := pipes.steps(arn).get("Wait", {}).get("Metadata")):
        assert time.monotonic() < deadline
    name = metadata["ProcessingJob"]["Arn"].rpartition("/")[2]
    (summary,) = [
        item
        for item in pipes.sagemaker.list_processing_jobs(SortOrder="Descending")["ProcessingJobSummaries"]
        if item["ProcessingJobName"].lower() == name
    ]
    pipes.sagemaker.stop_processing_job(ProcessingJobName=summary["ProcessingJobName"])
    assert pipes.ended(arn)["PipelineExecutionStatus"] == "Failed"
    assert "was stopped" in pipes.steps(arn)["Wait"]["FailureReason"]


def test_a_retry_goes_on_from_the_step_that_failed(pipes: Any) -> None:
    source = pipes.lab.uri(f"retry/{pipes.lab.new('later')}/")
    needs = {"ProcessingInputs": [pipes.lab.input("data", source)]}
    pipeline = pipes.create(
        pipes.processing("First"),
        pipes.processing("Second", "copy", Arguments=needs, DependsOn=["First"]),
        pipes.processing("Third", DependsOn=["Second"]),
    )
    arn, found = pipes.run(pipeline)
    assert found["PipelineExecutionStatus"] == "Failed"
    before = pipes.steps(arn)
    bucket, _, key = source.removeprefix("s3://").partition("/")
    pipes.lab.s3.put_object(Bucket=bucket, Key=f"{key}a.txt", Body=b"now")
    pipes.sagemaker.retry_pipeline_execution(
        PipelineExecutionArn=arn, ParallelismConfiguration={"MaxParallelExecutionSteps": 1}
    )
    found = pipes.ended(arn)
    assert found["PipelineExecutionStatus"] == "Succeeded"
    assert "FailureReason" not in found
    after = pipes.steps(arn)
    assert list(after) == ["First", "Second", "Third"]
    assert after["First"] == before["First"]
    assert after["Second"]["Metadata"] != before["Second"]["Metadata"]
    with pytest.raises(ClientError, match="cannot be retried") as error:
        pipes.sagemaker.retry_pipeline_execution(PipelineExecutionArn=arn)
    assert error.value.response["Error"]["Code"] == "ConflictException"


def test_executions_are_described_renamed_listed_and_paged(pipes: Any) -> None:
    pipeline = pipes.create(pipes.fail("F", "why"))
    arns = [pipes.run(pipeline, PipelineExecutionDisplayName=f"run-{i}")[0] for i in range(3)]
    found = pipes.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arns[0])
    assert found["PipelineExecutionDisplayName"] == "run-0"
    assert found["PipelineArn"] == arns[0].partition("/execution/")[0]
    pipes.sagemaker.update_pipeline_execution(PipelineExecutionArn=arns[0], PipelineExecutionDescription="the first")
    ask = pipes.sagemaker.list_pipeline_executions

    def listed(**request: Any) -> list[str]:
        answer = ask(PipelineName=pipeline, **request)["PipelineExecutionSummaries"]
        return [item["PipelineExecutionArn"] for item in answer]

    assert listed() == arns[::-1]
    assert listed(SortOrder="Ascending") == arns
    assert listed(SortBy="PipelineExecutionArn", SortOrder="Ascending") == sorted(arns)
    first = ask(PipelineName=pipeline, MaxResults=2)
    assert listed(NextToken=first["NextToken"]) == arns[:1]
    summary = ask(PipelineName=pipeline, SortOrder="Ascending")["PipelineExecutionSummaries"][0]
    assert summary["PipelineExecutionFailureReason"] == "why"
    assert summary["PipelineExecutionDescription"] == "the first"
    assert summary["StartTime"] == found["CreationTime"]


def test_steps_are_listed_newest_first_and_paged(pipes: Any) -> None:
    arn, _ = pipes.run(pipes.create(pipes.processing("A"), pipes.processing("B", DependsOn=["A"])))
    ask = pipes.sagemaker.list_pipeline_execution_steps
    first = ask(PipelineExecutionArn=arn, MaxResults=1)
    second = ask(PipelineExecutionArn=arn, MaxResults=1, NextToken=first["NextToken"])
    names = [step["StepName"] for page in (first, second) for step in page["PipelineExecutionSteps"]]
    assert names == ["B", "A"]


def test_selective_execution_is_refused_clearly(pipes: Any) -> None:
    pipeline = pipes.create(pipes.fail("F"))
    with pytest.raises(ClientError, match="does not do SelectiveExecutionConfig"):
        pipes.start(pipeline, SelectiveExecutionConfig={"SelectedSteps": [{"StepName": "F"}]})


def test_statuses_are_told_as_events(pipes: Any, events: Any) -> None:
    arn, found = pipes.run(pipes.create(pipes.processing("Bad", "fail", "no rows", "1")))
    pipeline = arn.partition("/execution/")[0]
    started, failed = events.about(arn, "SageMaker Model Building Pipeline Execution Status Change", 2)
    assert started["detail"]["currentPipelineExecutionStatus"] == "Executing"
    assert "previousPipelineExecutionStatus" not in started["detail"]
    detail = failed["detail"]
    assert failed["resources"] == [pipeline, arn]
    assert (detail["previousPipelineExecutionStatus"], detail["currentPipelineExecutionStatus"]) == (
        "Executing",
        "Failed",
    )
    assert (detail["pipelineArn"], detail["pipelineExecutionArn"]) == (pipeline, arn)
    assert detail["pipelineExecutionDisplayName"] == found["PipelineExecutionDisplayName"]
    assert detail["executionStartTime"] <= detail["executionEndTime"]
    kind = "SageMaker Model Building Pipeline Execution Step Status Change"
    told = [event["detail"] for event in events.about(arn, kind, 3)]
    assert [item["currentStepStatus"] for item in told] == ["Starting", "Executing", "Failed"]
    assert told[2]["previousStepStatus"] == "Executing"
    assert (told[2]["stepName"], told[2]["stepType"]) == ("Bad", "Processing")
    assert told[2]["failureReason"] == "AlgorithmError: no rows, exit code: 1"
    assert told[2]["metadata"]["processingJob"]["arn"] == pipes.steps(arn)["Bad"]["Metadata"]["ProcessingJob"]["Arn"]
