"""The one kind of target that is scaled: an endpoint's variant, through SageMaker's own API."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from local.cloud.kernel.errors import validation_error
from local.cloud.sagemaker.control import service as sagemaker


class Variant(NamedTuple):
    """An endpoint's variant as a resource id names it."""

    endpoint: str
    name: str


def parse(resource_id: str) -> Variant:
    """`endpoint/<endpoint>/variant/<variant>`.

    Raises:
        ApiError: ValidationException for anything else.
    """
    found = re.fullmatch(r"endpoint/([^/]+)/variant/([^/]+)", resource_id)
    if not found:
        raise validation_error(f"Unsupported resource ID: {resource_id} (endpoint/<name>/variant/<name>)")
    return Variant(found[1], found[2])


def describe(resource_id: str) -> tuple[str, dict[str, Any]]:
    """The endpoint's status and the variant's description.

    Raises:
        ApiError: ValidationException if the endpoint or its variant does not exist.
    """
    variant = parse(resource_id)
    endpoint = sagemaker.call("DescribeEndpoint", {"EndpointName": variant.endpoint})
    for found in endpoint["ProductionVariants"]:
        if found["VariantName"] == variant.name:
            return endpoint["EndpointStatus"], found
    raise validation_error(f"Could not find production variant '{variant.name}' of endpoint '{variant.endpoint}'.")


def set_capacity(resource_id: str, count: int) -> None:
    """Ask for that many instances.

    Raises:
        ApiError: as UpdateEndpointWeightsAndCapacities, for instance while the endpoint is being updated.
    """
    variant = parse(resource_id)
    wanted = [{"VariantName": variant.name, "DesiredInstanceCount": count}]
    request = {"EndpointName": variant.endpoint, "DesiredWeightsAndCapacities": wanted}
    sagemaker.call("UpdateEndpointWeightsAndCapacities", request)
