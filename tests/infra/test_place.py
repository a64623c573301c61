from __future__ import annotations

import pytest
from aws_cdk import Environment, Stack
from constructs import Construct

from infra.iam import arn, colon_arn
from infra.place import Place, place_of
from tests.support.synthesis import new_app


def construct_in(region: str, account: str) -> Construct:
    return Construct(Stack(new_app(), "Stack", env=Environment(region=region, account=account)), "Construct")


def test_the_place_of_a_construct_is_that_of_its_stack() -> None:
    here = construct_in("eu-central-1", "111122223333")
    assert place_of(here) == Place("aws", "eu-central-1", "111122223333")
    assert place_of(construct_in("cn-north-1", "444455556666")) == Place("aws-cn", "cn-north-1", "444455556666")


def test_the_cdk_is_asked_once_for_a_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    here = construct_in("eu-central-1", "111122223333")
    place = place_of(here)
    inner = Construct(here, "Inner")
    monkeypatch.setattr(Stack, "region", property(lambda _: pytest.fail("asked again")))
    assert place_of(inner) is place_of(here) is place


def test_arns_name_partition_region_and_account() -> None:
    here = construct_in("eu-central-1", "111122223333")
    assert arn(here, "sagemaker", "pipeline", "x") == "arn:aws:sagemaker:eu-central-1:111122223333:pipeline/x"
    assert colon_arn(here, "logs", "log-group", "/x") == "arn:aws:logs:eu-central-1:111122223333:log-group:/x"
