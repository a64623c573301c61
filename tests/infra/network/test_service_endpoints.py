from __future__ import annotations

import re
from pathlib import Path

import boto3
import pytest

from infra.config.loader import load
from infra.network.capabilities import Capability, enabled_capabilities
from infra.network.service_endpoints import SERVICE_ENDPOINTS, needed_endpoints
from tests.support.synthesis import REPOSITORY

# Services that code in the VPC calls with boto3, and the endpoint that each is reached through.
_CLIENTS = {
    "sagemaker": "sagemaker.api",
    "cloudformation": "cloudformation",
    "cloudwatch": "monitoring",
    "sagemaker-featurestore-runtime": "sagemaker.featurestore-runtime",
}


def services(*capabilities: Capability) -> set[str]:
    return {row.service for row in needed_endpoints(frozenset(capabilities))}


def test_an_environment_without_models_needs_no_endpoint() -> None:
    config = load(REPOSITORY, "dev").environment

    assert needed_endpoints(enabled_capabilities(config, [])) == ()


def test_jobs_need_sts_and_logs_or_they_never_start() -> None:
    assert {"sts", "logs"} <= services(Capability.JOBS)


def test_the_feature_store_brings_its_own_runtime_endpoint() -> None:
    assert "sagemaker.featurestore-runtime" in services(Capability.FEATURE_STORE)
    assert "sagemaker.featurestore-runtime" not in services(Capability.JOBS, Capability.PROMOTION)


def test_promotion_needs_cloudformation_and_nothing_else_does() -> None:
    everything_else = set(Capability) - {Capability.PROMOTION}

    assert "cloudformation" in services(Capability.PROMOTION)
    assert "cloudformation" not in services(*everything_else)


@pytest.mark.parametrize("store", ["online_store", "offline_store"])
def test_one_store_is_enough_to_enable_the_feature_store(store: str) -> None:
    platform = load(REPOSITORY, "dev")
    only = platform.environment.features.model_copy(
        update={"online_store": store == "online_store", "offline_store": store == "offline_store"}
    )
    config = platform.environment.model_copy(update={"features": only})

    assert Capability.FEATURE_STORE in enabled_capabilities(config, platform.models)


def test_retraining_is_enabled_by_a_model_that_retrains_on_drift() -> None:
    platform = load(REPOSITORY, "dev")
    (model,) = platform.models
    calm = model.model_copy(update={"retraining": model.retraining.model_copy(update={"on_drift": False})})

    assert Capability.RETRAINING in enabled_capabilities(platform.environment, [model, calm])
    assert Capability.RETRAINING not in enabled_capabilities(platform.environment, [calm])


@pytest.mark.parametrize(("client", "service"), _CLIENTS.items())
def test_what_code_in_the_vpc_calls_is_allowed_by_the_endpoint(client: str, service: str) -> None:
    """A call without an endpoint, or that its policy refuses, fails in AWS only, and then by hanging."""
    (row,) = [row for row in SERVICE_ENDPOINTS if row.service == service]
    called = calls_of(client)

    assert called
    assert called <= {action.partition(":")[2] for action in row.actions}


def calls_of(client: str) -> set[str]:
    """The API actions of a boto3 client whose methods the Lambdas, containers and models call."""
    session = boto3.session.Session()
    methods: dict[str, str] = session.client(client, region_name="us-east-1").meta.method_to_api_mapping
    sources = [path.read_text("utf-8") for folder in ("lambdas", "containers", "models") for path in python(folder)]
    used = {name for text in sources for name in re.findall(r"\.([a-z0-9_]+)\(", text)}
    return {action for method, action in methods.items() if method in used}


def python(folder: str) -> list[Path]:
    return sorted((REPOSITORY / folder).rglob("*.py"))
