from __future__ import annotations

import pytest

from infra import naming


def test_shared_stacks_are_named_by_environment_and_part() -> None:
    assert naming.stack_name("dev", "network") == "sagestead-dev-network"


def test_a_models_stacks_hold_its_name() -> None:
    assert naming.stack_name("dev", "serving", "flight-delay") == "sagestead-dev-flight-delay-serving"


def test_a_models_endpoint_pipeline_feature_group_and_package_group_share_a_name() -> None:
    functions = (naming.endpoint_name, naming.pipeline_name, naming.feature_group_name, naming.package_group_name)

    assert {function("dev", "flight-delay") for function in functions} == {"sagestead-dev-flight-delay"}


def test_a_monitors_name_ends_with_what_it_watches() -> None:
    assert naming.monitor_name("dev", "flight-delay") == "sagestead-dev-flight-delay-data-quality"


@pytest.mark.parametrize(
    ("region", "host"),
    [("eu-central-1", "eu-central-1.amazonaws.com"), ("cn-north-1", "cn-north-1.amazonaws.com.cn")],
)
def test_a_repository_has_the_address_of_its_partition(region: str, host: str) -> None:
    uri = naming.repository_uri("111122223333", region, "dev", "trainer")

    assert uri == f"111122223333.dkr.ecr.{host}/sagestead-dev/trainer"


@pytest.mark.parametrize(
    ("name", "expected"), [("flight-delay", "FlightDelay"), ("interface_endpoints", "InterfaceEndpoints")]
)
def test_a_construct_id_is_the_name_in_pascal_case(name: str, expected: str) -> None:
    assert naming.construct_id(name) == expected
