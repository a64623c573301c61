"""What holds for every template of every environment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.config.loader import load
from tests.support.synthesis import ENVIRONMENTS, REPOSITORY, Synthesized, Template, synthesized

_IDENTITY = ("AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy")


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def synth(environment: str) -> Synthesized:
    return synthesized(environment)


def statements(synth: Synthesized, *kinds: str) -> Iterator[tuple[str, Template]]:
    """Every policy statement inside of a resource of one of `kinds`, or of any kind, with the resource's name."""
    for stack, template in synth.templates.items():
        for name, resource in template["Resources"].items():
            if not kinds or resource["Type"] in kinds:
                for statement in _statements(resource):
                    yield f"{stack}/{name}", statement


def _statements(value: Any) -> Iterator[Template]:
    if isinstance(value, dict):
        if "Effect" in value and "Action" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _statements(each)


def actions(statement: Template) -> list[str]:
    found = statement["Action"]
    return [found] if isinstance(found, str) else found


def test_aws_solutions_finds_nothing_that_is_not_acknowledged(synth: Synthesized) -> None:
    assert synth.findings == {}


def test_cfn_lint_finds_no_error_and_no_warning(environment: str, synth: Synthesized) -> None:
    region = load(REPOSITORY, environment).environment.region
    for stack, path in synth.files.items():
        assert [str(match) for match in lint_file(path, ManualArgs(regions=[region]))] == [], stack


def test_no_stack_exports_or_imports_a_value(synth: Synthesized) -> None:
    for stack, template in synth.templates.items():
        assert "Fn::ImportValue" not in json.dumps(template), stack
        assert all("Export" not in output for output in template.get("Outputs", {}).values()), stack


def test_references_between_stacks_point_downwards_only(environment: str, synth: Synthesized) -> None:
    order = list(synth.templates)
    for position, (stack, template) in enumerate(synth.templates.items()):
        prefix = f"sagestead-{environment}-"
        used = re.findall(r'"Fn::GetStackOutput": \{"StackName": "([^"]+)"', json.dumps(template))
        assert {name.removeprefix(prefix) for name in used} <= set(order[:position]), stack


def test_no_role_may_do_everything_in_a_service(synth: Synthesized) -> None:
    for name, statement in statements(synth, *_IDENTITY):
        assert [action for action in actions(statement) if action == "*" or action.endswith(":*")] == [], name


def test_no_policy_allows_every_action(synth: Synthesized) -> None:
    for name, statement in statements(synth):
        assert "*" not in actions(statement), name


def test_no_role_has_a_policy_managed_by_aws_but_the_function_that_empties_buckets(synth: Synthesized) -> None:
    for stack in synth.templates:
        for name, role in synth.resources(stack, "AWS::IAM::Role").items():
            if "AutoDelete" not in name:
                assert "ManagedPolicyArns" not in role["Properties"], name


def test_services_assume_roles_on_behalf_of_this_account_only(synth: Synthesized) -> None:
    for stack in synth.templates:
        for name, role in synth.resources(stack, "AWS::IAM::Role").items():
            for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
                # Lambda sends no source account when it assumes an execution role.
                if statement["Principal"] != {"Service": "lambda.amazonaws.com"}:
                    assert "aws:SourceAccount" in json.dumps(statement.get("Condition")), name


def test_every_bucket_denies_requests_without_tls(synth: Synthesized) -> None:
    for stack in synth.templates:
        buckets = set(synth.resources(stack, "AWS::S3::Bucket"))
        denied = {
            policy["Bucket"]["Ref"]
            for policy in synth.properties(stack, "AWS::S3::BucketPolicy")
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Deny"
            and statement["Action"] == "s3:*"
            and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        }
        assert denied == buckets, stack


def test_every_resource_that_takes_tags_has_the_environments(environment: str, synth: Synthesized) -> None:
    expected = load(REPOSITORY, environment).environment.tags
    for kind in ("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::ECR::Repository"):
        for stack in synth.templates:
            for properties in synth.properties(stack, kind):
                tags = {tag["Key"]: tag["Value"] for tag in properties["Tags"]}
                assert expected.items() <= tags.items(), kind


def test_no_name_holds_a_time_or_a_hash(synth: Synthesized) -> None:
    # The names of outputs behind weak references end in a hash of their place, which stays what it is.
    names = re.compile(r'"(?!OutputName)\w*Name": "([^"]+)"')
    for stack, template in synth.templates.items():
        found = names.findall(json.dumps(template["Resources"]))
        assert [name for name in found if re.search(r"\d{8}|[0-9a-f]{16}", name)] == [], stack


@pytest.mark.parametrize("stack", [path.stem for path in sorted((REPOSITORY / "stacks").glob("*_stack.py"))])
def test_a_stack_only_composes(stack: str) -> None:
    """Its class stays about forty statements long: what is more belongs into a construct."""
    lines = (REPOSITORY / "stacks" / f"{stack}.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 90, "split it, or move what it does into a construct"
