"""InvokeEndpoint, driven with boto3."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.cloud


def test_an_endpoint_answers_with_its_model(hosting: Any, endpoint: str) -> None:
    answer = hosting.invoke(endpoint)
    assert (answer["version"], answer["variant"]) == ("v1", "champion")


def test_the_container_has_the_images_environment_and_the_roles_credentials(hosting: Any, endpoint: str) -> None:
    environment = hosting.invoke(endpoint)["environment"]
    assert environment["ECHO_GREETING"] == "hello"
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_headers_reach_the_container_and_come_back(hosting: Any, endpoint: str) -> None:
    answer = hosting.runtime.invoke_endpoint(
        EndpointName=endpoint,
        Body=b"x",
        ContentType="text/csv",
        CustomAttributes="trace=1",
        InferenceId="flight-7",
        Accept="text/csv",
    )
    assert answer["ContentType"] == "text/csv; charset=utf-8"
    assert answer["CustomAttributes"] == "trace=1"
    assert answer["Body"].read() == b"v1\n"
    headers = hosting.invoke(endpoint, CustomAttributes="trace=1", InferenceId="flight-7")["headers"]
    assert headers == {
        "Content-Type": "text/csv",
        "X-Amzn-SageMaker-Custom-Attributes": "trace=1",
        "X-Amzn-SageMaker-Inference-Id": "flight-7",
    }


@pytest.mark.parametrize(("status", "side"), [(400, "client"), (500, "server")])
def test_a_containers_error_is_a_model_error(hosting: Any, endpoint: str, status: int, side: str) -> None:
    with pytest.raises(hosting.runtime.exceptions.ModelError) as caught:
        hosting.invoke(endpoint, f"error {status}")
    response: Any = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert (response["OriginalStatusCode"], response["OriginalMessage"]) == (status, "bad features")
    assert response["LogStreamArn"].endswith(f"log-group:/aws/sagemaker/Endpoints/{endpoint}")
    assert f'Received {side} error ({status}) from primary with message "bad features"' in str(caught.value)


def test_an_unknown_endpoint_is_a_validation_error(hosting: Any) -> None:
    with pytest.raises(ClientError, match=r"\(ValidationError\).*Endpoint nowhere of account 000000000000 not found"):
        hosting.invoke("nowhere")


def test_an_unknown_variant_is_a_validation_error(hosting: Any, endpoint: str) -> None:
    with pytest.raises(ClientError, match="Variant challenger not found"):
        hosting.invoke(endpoint, TargetVariant="challenger")


def test_a_body_over_the_limit_is_refused(hosting: Any, endpoint: str) -> None:
    with pytest.raises(ClientError, match="length less than or equal to 6291456"):
        hosting.invoke(endpoint, "x" * 6291457)


def test_what_hosting_does_not_do_is_refused_by_name(hosting: Any, endpoint: str) -> None:
    with pytest.raises(ClientError, match="does not support TargetModel"):
        hosting.invoke(endpoint, TargetModel="other.tar.gz")


def test_variants_are_asked_by_weight_and_instances_in_turn(hosting: Any) -> None:
    name = hosting.endpoint(hosting.config(("champion", "v1", 3.0, 1), ("challenger", "v2", 1.0, 2)))
    answers = [hosting.invoke(name) for _ in range(100)]
    shares = Counter(answer["variant"] for answer in answers)
    assert abs(shares["champion"] - 75) <= 2
    assert len({answer["pid"] for answer in answers if answer["variant"] == "challenger"}) == 2
    assert {hosting.invoke(name, TargetVariant="challenger")["version"] for _ in range(5)} == {"v2"}


def test_a_crashed_process_is_started_again(hosting: Any, endpoint: str) -> None:
    before = hosting.invoke(endpoint)["pid"]
    with pytest.raises(ClientError):
        hosting.invoke(endpoint, "crash")

    def try_again() -> int:
        try:
            return int(hosting.invoke(endpoint)["pid"])
        except ClientError:
            return 0

    assert hosting.wait(try_again, bool) != before
