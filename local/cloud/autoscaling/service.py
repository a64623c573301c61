"""Application Auto Scaling: the modules beside this one declare its operations."""

from __future__ import annotations

from typing import Any

from local.cloud.kernel.errors import ApiError, validation_error
from local.cloud.kernel.service import Service
from local.cloud.kernel.store import store

service = Service("application-autoscaling")
targets = store.collection("scalable_targets")
policies = store.collection("scaling_policies")
activities = store.collection("scaling_activities")

NAMESPACE, DIMENSION = "sagemaker", "sagemaker:variant:DesiredInstanceCount"
Request = dict[str, Any]


def key(request: Request, *names: str) -> str:
    """What identifies a target, and with a further name a policy of it."""
    return "|".join([request["ServiceNamespace"], request["ResourceId"], request["ScalableDimension"], *names])


def check_dimension(request: Request) -> None:
    """Refuse what is not an instance count of an endpoint's variant.

    Raises:
        ApiError: ValidationException naming what is not supported locally.
    """
    if (request["ServiceNamespace"], request["ScalableDimension"]) != (NAMESPACE, DIMENSION):
        raise validation_error(
            f"the local cloud scales {NAMESPACE} {DIMENSION} only, not {request['ServiceNamespace']} "
            f"{request['ScalableDimension']} (see local/README.md for what it does)"
        )


def target_of(request: Request) -> Request:
    """The registered target that a request names.

    Raises:
        ApiError: ObjectNotFoundException if there is none.
    """
    check_dimension(request)
    try:
        return targets[key(request)]
    except KeyError:
        raise object_not_found("scalable target", request) from None


def object_not_found(what: str, request: Request) -> ApiError:
    """Application Auto Scaling's answer to something that is not registered."""
    return ApiError(
        "ObjectNotFoundException",
        f"No {what} found for service namespace: {request['ServiceNamespace']}, resource ID: "
        f"{request['ResourceId']}, scalable dimension: {request['ScalableDimension']}",
    )


def matching(records: list[Request], request: Request) -> list[Request]:
    """The records that a Describe operation asks for, by namespace, resource and dimension."""
    return [
        record
        for record in records
        if record["ServiceNamespace"] == request["ServiceNamespace"]
        and request.get("ResourceId") in (None, record["ResourceId"])
        and request.get("ScalableDimension") in (None, record["ScalableDimension"])
    ]
