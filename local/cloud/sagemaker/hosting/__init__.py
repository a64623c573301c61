"""Hosting: models, endpoint configurations and endpoints whose instances are processes that really serve."""

from __future__ import annotations

from local.cloud.sagemaker.hosting import endpoint_configs, endpoints, invocation, models, upkeep

__all__ = ["endpoint_configs", "endpoints", "install", "invocation", "models"]


def install() -> None:
    """Declare the operations (by importing them) and begin the periodic work."""
    upkeep.start()
