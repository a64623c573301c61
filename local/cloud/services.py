"""The table of what the local cloud adds to the emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ministack import app
from ministack.core import router

from local.cloud import scheduled_pipelines
from local.cloud.cloudformation import install as resource_types
from local.cloud.cloudwatch import alarm_type, alarms
from local.cloud.kernel.service import Service

RUNTIME_PATHS = ("/endpoints/",)
FEATURE_STORE_PATHS = ("/FeatureGroup/", "/BatchGetRecord", "/BatchWriteRecord")


def install() -> None:
    """Register every service in the emulator's own tables. Nothing of the emulator is changed on disk."""
    register("sagemaker", by_path(_sagemaker()))
    alarms.install()
    alarm_type.install()
    resource_types.install()
    scheduled_pipelines.install()
    _serving()


def register(name: str, handler: Callable[..., Any]) -> None:
    """Answer requests that are signed for the service `name` with this handler.

    The router must know the name too: for one that it does not know it loads all of botocore's service models, which
    takes 10 s and 500 MB.
    """
    app.SERVICE_HANDLERS[name] = handler
    router.SERVICE_PATTERNS.setdefault(name, {"credential_scope": name})


def by_path(services: Iterable[tuple[tuple[str, ...], Service]]) -> Callable[..., Any]:
    """One handler for services that share a signing name: the first whose path prefixes fit answers."""
    table = list(services)

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        for prefixes, service in table:
            if path.startswith(prefixes):
                return await service.handle(method, path, headers, body, query)
        raise LookupError(f"no service for {method} {path}")

    return handle


def _sagemaker() -> list[tuple[tuple[str, ...], Service]]:
    from local.cloud.sagemaker import control, featurestore_runtime, operations, runtime

    operations.recover()
    return [
        (RUNTIME_PATHS, runtime.service),
        (FEATURE_STORE_PATHS, featurestore_runtime.service),
        (("/",), control.service),
    ]


def _serving() -> None:
    from local.cloud import autoscaling
    from local.cloud.sagemaker import feature_store, hosting

    hosting.install()
    feature_store.install()
    autoscaling.install()
    register("application-autoscaling", autoscaling.service.handle)
