"""InvokeEndpoint: from the request to an instance and back, measured and captured on the way."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from typing import Any

from local.cloud.kernel import scope
from local.cloud.kernel.errors import ApiError
from local.cloud.sagemaker import runtime
from local.cloud.sagemaker.data_plane import DataPlaneError, validation_error
from local.cloud.sagemaker.hosting import capture, metrics, records, route
from local.cloud.sagemaker.hosting.connections import Answer, UnreachableError
from local.cloud.sagemaker.hosting.instance import LOG_GROUP, Instance

FORWARDED = {
    "ContentType": "Content-Type",
    "Accept": "Accept",
    "CustomAttributes": "X-Amzn-SageMaker-Custom-Attributes",
    "InferenceId": "X-Amzn-SageMaker-Inference-Id",
}
UNSUPPORTED = ("TargetModel", "TargetContainerHostname", "InferenceComponentName", "EnableExplanations", "SessionId")
BODY_SHAPE = runtime.service.model.shape_for("BodyBlob")


@dataclass(frozen=True)
class Outcome:
    """An answer, or why there is none, and where and how long it was asked for."""

    lease: route.Lease
    answer: Answer | None
    failure: str
    model_seconds: float


@runtime.service.operation("InvokeEndpoint")
def invoke_endpoint(request: dict[str, Any]) -> dict[str, Any]:
    """Ask one instance.

    Raises:
        ApiError: ValidationError for an endpoint or variant that is not there and a body that is too large,
            ModelError (424) if the container answers with an error or not at all, ServiceUnavailable if no instance
            is healthy.
    """
    began = time.perf_counter()
    _check(request)
    headers = {header: request[member] for member, header in FORWARDED.items() if member in request}
    headers.setdefault("Content-Type", "application/json")
    outcome = _ask(request, headers)
    _measure(request["EndpointName"], outcome, time.perf_counter() - began)
    answer = outcome.answer
    if answer is None or not 200 <= answer.status < 300:
        raise _model_error(request["EndpointName"], answer, outcome.failure)
    content_type = answer.headers.get("content-type", "application/octet-stream")
    _capture(request, headers["Content-Type"], outcome.lease, answer, content_type)
    return {
        "Body": answer.body,
        "ContentType": content_type,
        "InvokedProductionVariant": outcome.lease.variant.name,
        "CustomAttributes": answer.headers.get("x-amzn-sagemaker-custom-attributes"),
    }


def _check(request: dict[str, Any]) -> None:
    name, most = request["EndpointName"], BODY_SHAPE.metadata["max"]
    if name not in records.endpoints:
        raise validation_error(f"Endpoint {name} of account {scope.current().account} not found.")
    for member in UNSUPPORTED:
        if member in request:
            raise validation_error(f"the local cloud does not support {member} (see local/README.md for what it does)")
    if len(request["Body"]) > most:
        raise validation_error(
            "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less "
            f"than or equal to {most}"
        )


def _ask(request: dict[str, Any], headers: dict[str, str]) -> Outcome:
    """Ask instance after instance until one takes the request: one that just crashed is passed over."""
    name, target, avoid = request["EndpointName"], request.get("TargetVariant"), set[Instance]()
    while True:
        try:
            with route.of(name).lease(target, avoid) as lease:
                began = time.perf_counter()
                try:
                    answer = lease.instance.connections.post("/invocations", request["Body"], headers)
                    return Outcome(lease, answer, "", time.perf_counter() - began)
                except UnreachableError:
                    avoid.add(lease.instance)
                except TimeoutError:
                    failure = "Your invocation timed out while waiting for a response from container primary."
                    return Outcome(lease, None, failure, time.perf_counter() - began)
                except (OSError, http.client.HTTPException) as error:
                    failure = f"The container broke off its answer: {error}"
                    return Outcome(lease, None, failure, time.perf_counter() - began)
        except route.UnknownVariantError:
            raise validation_error(f"Variant {target} not found for Request") from None
        except route.NoInstanceError:
            raise ApiError("ServiceUnavailable", f"Endpoint {name} has no healthy instance.", 503) from None


def _measure(endpoint: str, outcome: Outcome, seconds: float) -> None:
    lease = outcome.lease
    metrics.invocation(
        endpoint,
        lease.variant.name,
        lease.fleet.plan["config_name"],
        status=outcome.answer.status if outcome.answer else None,
        instances=lease.instances,
        model_seconds=outcome.model_seconds,
        overhead_seconds=max(0.0, seconds - outcome.model_seconds),
    )


def _capture(request: dict[str, Any], sent_type: str, lease: route.Lease, answer: Answer, content_type: str) -> None:
    config = lease.fleet.plan["capture"]
    if config is not None and capture.wanted(config):
        capture.record(
            request["EndpointName"],
            lease.variant.name,
            lease.variant.spec["role_arn"],
            config,
            sent=(request["Body"], sent_type),
            answered=(answer.body, content_type),
            inference_id=request.get("InferenceId"),
            custom_attributes=request.get("CustomAttributes"),
        )


def _model_error(endpoint: str, answer: Answer | None, failure: str) -> DataPlaneError:
    here, group = scope.current(), f"{LOG_GROUP}/{endpoint}"
    status = answer.status if answer else 0
    original = answer.body.decode("utf-8", "replace") if answer else failure
    side = "client" if 400 <= status < 500 else "server"
    console = f"https://{here.region}.console.aws.amazon.com/cloudwatch/home?region={here.region}"
    message = (
        f'Received {side} error ({status}) from primary with message "{original}". '
        f"See {console}#logEventViewer:group={group} in account {here.account} for more information."
    )
    stream = here.arn("logs", f"log-group:{group}")
    return DataPlaneError(
        "ModelError", message, 424, OriginalStatusCode=status, OriginalMessage=original, LogStreamArn=stream
    )
