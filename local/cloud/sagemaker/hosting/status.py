"""An endpoint's state as DescribeEndpoint and the EventBridge events tell it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local.cloud.kernel.store import store
from local.cloud.sagemaker.hosting import records, route
from local.cloud.sagemaker.hosting.fleet import Fleet
from local.cloud.sagemaker.hosting.plan import FleetPlan, VariantPlan

STATE_EVENT = "SageMaker Endpoint State Change"
DEPLOYMENT_EVENT = "SageMaker Endpoint Deployment State Change"
Message = Callable[[int], str]


def change(name: str, state: str, *, plan: FleetPlan | None = None, **members: Any) -> None:
    """Give the endpoint that EndpointStatus, other members and, if given, the plan of what is live; send the event."""
    with store.lock:
        record = records.endpoints.get(name)
        if record is None:
            return
        record.update(EndpointStatus=state, LastModifiedTime=records.now(), **members)
        if plan is not None:
            record["plan"] = plan
            record["EndpointConfigName"] = plan["config_name"]
        if state in ("InService", "Failed"):
            record.pop("PendingDeploymentSummary", None)
            record.pop("variant_status", None)
    _send(STATE_EVENT, record)


def variants(name: str, fleets: list[Fleet], state: str, message: Message) -> None:
    """Give the live variants a VariantStatus; send the deployment event."""
    with store.lock:
        record = records.endpoints[name]
        record["variant_status"] = {
            variant["name"]: _variant_status(state, message(variant["count"]))
            for fleet in fleets
            for variant in fleet.plan["variants"]
        }
    _send(DEPLOYMENT_EVENT, record)


def pending(name: str, green: Fleet, state: str, message: Message) -> None:
    """Show how far the new fleet of a deployment is; send the deployment event."""
    with store.lock:
        record = records.endpoints[name]
        summary = record.setdefault("PendingDeploymentSummary", {"StartTime": records.now()})
        summary["EndpointConfigName"] = green.plan["config_name"]
        summary["ProductionVariants"] = [
            {**_shown(variant, green), "VariantStatus": _variant_status(state, message(variant["count"]))}
            for variant in green.plan["variants"]
        ]
    _send(DEPLOYMENT_EVENT, record)


def describe(record: dict[str, Any]) -> dict[str, Any]:
    """The answer of DescribeEndpoint."""
    plan: FleetPlan = record["plan"]
    fleet = next(iter(route.of(record["EndpointName"]).fleets), None)
    states = record.get("variant_status", {})
    shown = [_shown(variant, fleet) for variant in plan["variants"]]
    for variant in shown:
        if variant["VariantName"] in states:
            variant["VariantStatus"] = states[variant["VariantName"]]
    answer = {**record, "ProductionVariants": shown}
    if plan["capture"]:
        answer["DataCaptureConfig"] = {
            "EnableCapture": True,
            "CaptureStatus": "Started" if record["EndpointStatus"] not in ("Creating", "Failed") else "Stopped",
            "CurrentSamplingPercentage": plan["capture"]["InitialSamplingPercentage"],
            "DestinationS3Uri": plan["capture"]["DestinationS3Uri"],
            "KmsKeyId": plan["capture"].get("KmsKeyId", ""),
        }
    return answer


def _variant_status(state: str, message: str) -> list[dict[str, Any]]:
    return [{"Status": state, "StatusMessage": message, "StartTime": records.now()}]


def _shown(variant: VariantPlan, fleet: Fleet | None) -> dict[str, Any]:
    live = fleet.variants.get(variant["name"]) if fleet else None
    image, resolved_at = variant["spec"]["image"], variant["spec"]["resolved_at"]
    deployed = {"SpecifiedImage": image, "ResolvedImage": image, "ResolutionTime": resolved_at}
    return {
        "VariantName": variant["name"],
        "DeployedImages": [deployed],
        "CurrentWeight": live.weight if live else 0.0,
        "DesiredWeight": variant["weight"],
        "CurrentInstanceCount": len(live.healthy) if live else 0,
        "DesiredInstanceCount": variant["count"],
    }


def _send(detail_type: str, record: dict[str, Any]) -> None:
    """Events have the states in upper case with underscores. Source: SageMaker developer guide, "Events that
    Amazon SageMaker AI sends to Amazon EventBridge"."""
    described = describe(record)
    members = (
        "EndpointName",
        "EndpointArn",
        "EndpointConfigName",
        "ProductionVariants",
        "CreationTime",
        "LastModifiedTime",
    )
    detail = {member: described[member] for member in members}
    for member in ("FailureReason", "PendingDeploymentSummary"):
        if member in described:
            detail[member] = described[member]
    detail["EndpointStatus"] = re.sub(r"(?<!^)(?=[A-Z])", "_", described["EndpointStatus"]).upper()
    records.changed(detail_type, described["EndpointArn"], detail)
