"""Changes of weights and instance counts within a live fleet."""

from __future__ import annotations

import copy
import logging
from typing import Any

from local.cloud.kernel.store import store
from local.cloud.sagemaker.hosting import records, route, status
from local.cloud.sagemaker.hosting.fleet import Variant, retire, start
from local.cloud.sagemaker.hosting.instance import InstanceError

log = logging.getLogger("local.cloud.sagemaker.scaling")


def apply(name: str, wanted: list[dict[str, Any]]) -> None:
    """Start or end instances until the counts are as wanted, then set the weights; InService again in the end.

    Instances that do not come up leave the variant as it was, with a FailureReason.
    """
    with store.lock:
        record = records.endpoints[name]
        plan = copy.deepcopy(record["plan"])
        for variant in plan["variants"]:
            for change in (change for change in wanted if change["VariantName"] == variant["name"]):
                variant["weight"] = change.get("DesiredWeight", variant["weight"])
                variant["count"] = change.get("DesiredInstanceCount", variant["count"])
        record["plan"] = plan
    fleet = route.of(name).fleets[0]
    status.variants(name, [fleet], "Updating", lambda count: f"Scaling desired instance count to {count}.")
    reason = None
    for variant in plan["variants"]:
        live = fleet.variants[variant["name"]]
        try:
            _scale(name, live, variant["count"])
        except InstanceError as error:
            log.error("endpoint %s could not scale: %s", name, error)
            reason, variant["count"] = str(error), len(live.instances)
        live.weight = variant["weight"]
    fleet.plan = plan
    members = {"FailureReason": reason} if reason else {}
    status.change(name, "InService", plan=plan, **members)


def _scale(name: str, variant: Variant, count: int) -> None:
    more = count - len(variant.instances)
    if more > 0:
        added = variant.prepare(more)
        start(added)
        route.of(name).add(variant, added)
    elif more < 0:
        retire(route.of(name).remove(variant, -more))
