"""The step that registers a trained model with its metrics and its monitoring baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CONTENT_TYPES = ("text/csv", "application/json")
JSON = "application/json"


@dataclass(frozen=True)
class Registration:
    """A model package in the making: plain text or pipeline variables."""

    group_name: str
    image: str
    model_uri: Any
    evaluation_uri: Any
    statistics_uri: Any
    constraints_uri: Any
    approval_status: Any
    metadata: dict[str, Any]


@dataclass
class _Registrable:
    """What the SDK asks of the model in a registration step: the session that collects the request."""

    sagemaker_session: Any


def registration_arguments(session: Any, registration: Registration) -> Any:
    """Arguments of a `ModelStep` that creates a model package.

    The SDK's `ModelBuilder` would look at the local machine for a model; the request is given here in full instead.
    """
    from sagemaker.core.model_registry import create_model_package_from_containers

    session.init_model_step_arguments(_Registrable(session))
    baseline = {
        "Statistics": _source(registration.statistics_uri),
        "Constraints": _source(registration.constraints_uri),
    }
    create_model_package_from_containers(
        session,
        containers=[{"Image": registration.image, "ModelDataUrl": registration.model_uri}],
        content_types=list(CONTENT_TYPES),
        response_types=list(CONTENT_TYPES),
        model_package_group_name=registration.group_name,
        model_metrics={
            "ModelQuality": {"Statistics": _source(registration.evaluation_uri)},
            "ModelDataQuality": baseline,
        },
        drift_check_baselines={"ModelDataQuality": baseline},
        approval_status=registration.approval_status,
        customer_metadata_properties=registration.metadata,
    )
    arguments = session.context
    session.context = None
    return arguments


def _source(uri: Any) -> dict[str, Any]:
    return {"ContentType": JSON, "S3Uri": uri}
