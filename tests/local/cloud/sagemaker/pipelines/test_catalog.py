"""Pipelines: created, updated, described, listed, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def test_a_pipeline_is_described(pipes: Any) -> None:
    name = pipes.create(
        pipes.fail("A"),
        PipelineDescription="fails",
        ParallelismConfiguration={"MaxParallelExecutionSteps": 3},
        Tags=[{"Key": "team", "Value": "ml"}],
    )
    found = pipes.sagemaker.describe_pipeline(PipelineName=name)
    assert found["PipelineArn"].endswith(f":pipeline/{name}")
    assert (found["PipelineName"], found["PipelineDisplayName"], found["PipelineStatus"]) == (name, name, "Active")
    assert (found["PipelineDescription"], found["RoleArn"]) == ("fails", pipes.lab.role)
    assert found["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 3}
    assert "LastRunTime" not in found
    assert pipes.sagemaker.list_tags(ResourceArn=found["PipelineArn"])["Tags"] == [{"Key": "team", "Value": "ml"}]
    assert pipes.sagemaker.describe_pipeline(PipelineName=found["PipelineArn"])["PipelineName"] == name


def test_a_name_is_unique_but_a_repeated_request_is_not_an_error(pipes: Any) -> None:
    token = pipes.lab.new("a-token-of-at-least-32-characters")
    name = pipes.create(pipes.fail("A"), ClientRequestToken=token)
    pipes.create(pipes.fail("A"), PipelineName=name, ClientRequestToken=token)
    with pytest.raises(ClientError, match="Pipeline names must be unique within an AWS account and region") as error:
        pipes.create(pipes.fail("A"), PipelineName=name)
    assert error.value.response["Error"]["Code"] == "ValidationException"


def test_an_update_replaces_what_is_given_and_checks_it(pipes: Any) -> None:
    name = pipes.create(pipes.fail("A", "first"))
    arn = pipes.run(name)[0]
    update = pipes.sagemaker.update_pipeline
    answer = update(PipelineName=name, PipelineDefinition=pipes.definition(pipes.fail("A", "second")))
    assert answer["PipelineVersionId"] == 2
    assert update(PipelineName=name, PipelineDescription="new")["PipelineVersionId"] == 2
    assert pipes.run(name)[1]["FailureReason"] == "second"
    assert pipes.sagemaker.describe_pipeline(PipelineName=name)["PipelineDescription"] == "new"
    ran = pipes.sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)
    assert '"first"' in ran["PipelineDefinition"]
    with pytest.raises(ClientError, match="Unable to parse pipeline definition"):
        update(PipelineName=name, PipelineDefinition="{}")
    with pytest.raises(ClientError, match="keeps the newest version"):
        pipes.sagemaker.describe_pipeline(PipelineName=name, PipelineVersionId=1)


def test_pipelines_are_listed_by_prefix(pipes: Any) -> None:
    prefix = pipes.lab.new("listed")
    names = [pipes.create(pipes.fail("A"), PipelineName=f"{prefix}-{i}") for i in (1, 0)]
    pipes.run(names[0])

    def listed(**request: Any) -> list[dict[str, Any]]:
        answer = pipes.sagemaker.list_pipelines(PipelineNamePrefix=prefix, **request)
        return list(answer["PipelineSummaries"])

    assert [item["PipelineName"] for item in listed()] == names
    assert [item["PipelineName"] for item in listed(SortBy="Name")] == sorted(names)
    assert [item["PipelineName"] for item in listed(SortOrder="Descending", MaxResults=1)] == names[1:]
    assert ["LastExecutionTime" in item for item in listed()] == [True, False]


def test_a_pipeline_is_deleted_with_its_executions_but_not_while_one_runs(pipes: Any) -> None:
    name = pipes.create(pipes.processing("Wait", "sleep", "60"))
    arn = pipes.start(name)
    with pytest.raises(ClientError, match="executions that are running") as error:
        pipes.sagemaker.delete_pipeline(PipelineName=name)
    assert error.value.response["Error"]["Code"] == "ConflictException"
    pipes.sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    pipes.ended(arn)
    pipes.sagemaker.delete_pipeline(PipelineName=name)
    for ask, request in (
        (pipes.sagemaker.describe_pipeline, {"PipelineName": name}),
        (pipes.sagemaker.describe_pipeline_execution, {"PipelineExecutionArn": arn}),
        (pipes.sagemaker.start_pipeline_execution, {"PipelineName": name}),
        (pipes.sagemaker.list_pipeline_executions, {"PipelineName": name}),
        (pipes.sagemaker.list_pipeline_execution_steps, {"PipelineExecutionArn": arn}),
    ):
        with pytest.raises(ClientError, match="does not exist") as error:
            ask(**request)
        assert error.value.response["Error"]["Code"] == "ResourceNotFound"
