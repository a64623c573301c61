"""Feature Store: feature groups with an online and an offline store."""

from __future__ import annotations

from local.cloud.kernel import background
from local.cloud.sagemaker.feature_store import groups, offline, records

__all__ = ["groups", "install", "offline", "records"]


def install() -> None:
    """Declare the operations (by importing them) and begin the periodic work."""
    background.spawn("offline store", offline.run)
