"""Application Auto Scaling for SageMaker endpoints: instances really start and stop."""

from __future__ import annotations

from local.cloud.autoscaling import policies, targets, tracking
from local.cloud.autoscaling.service import service
from local.cloud.kernel import background

__all__ = ["install", "policies", "service", "targets"]


def install() -> None:
    """Declare the operations (by importing them) and begin to look at the metrics."""
    background.every(tracking.LOOK_SECONDS, "autoscaling", tracking.look_everywhere)
