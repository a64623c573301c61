"""What endpoints need all the time: crashed processes restarted, logs and metrics sent, fleets back after a restart."""

from __future__ import annotations

import logging
import shutil
import socket
import threading
import time
from os import environ
from pathlib import Path

import psutil

from local.cloud.kernel import background, scope
from local.cloud.kernel.store import store
from local.cloud.sagemaker.hosting import capture, deployment, metrics, records, route, status
from local.cloud.sagemaker.hosting.instance import Instance, InstanceError

log = logging.getLogger("local.cloud.sagemaker.hosting")
TICK_SECONDS = 1.0
UTILIZATION_TICKS = 5
_started = threading.Event()
_processes: dict[int, psutil.Process] = {}


def start() -> None:
    """Begin the periodic work; endpoints of an earlier run come back as soon as the cloud listens."""
    if not _started.is_set():
        _started.set()
        background.spawn("endpoints", restore)
        background.spawn("capture", capture.run)
        background.spawn("endpoint upkeep", _run)


def restore() -> None:
    """Start the processes of the endpoints in the store, each as it last was in service."""
    folder = Path(environ["SAGESTEAD_STATE"]) / "endpoints"
    _end_orphans(folder)
    shutil.rmtree(folder, ignore_errors=True)
    wanted = [(here, name) for here, name, _ in records.endpoints.all()]
    while wanted and not _listening():
        time.sleep(0.05)
    for here, name in wanted:
        with scope.use(here):
            background.spawn(f"restore {name}", _restore, name)


def _end_orphans(folder: Path) -> None:
    """End serving processes that a cloud on this state folder left behind because it was killed."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("SAGEMAKER_BASE_DIR", "").startswith(f"{folder}/"):
                log.warning("ending process %d of an earlier run", process.pid)
                process.kill()
        except psutil.Error:
            continue


def _restore(name: str) -> None:
    with store.lock:
        record = records.endpoints[name]
        interrupted = record["EndpointStatus"]
        if interrupted == "Failed":
            return
        if interrupted == "Deleting":
            records.remove(records.endpoints, "endpoint", name)
            return
        record["EndpointStatus"] = "Creating" if interrupted == "Creating" else "SystemUpdating"
        record.pop("PendingDeploymentSummary", None)
    deployment.create(name, record["plan"])
    if interrupted not in ("InService", "Creating") and records.endpoints[name]["EndpointStatus"] == "InService":
        status.change(name, "InService", FailureReason=f"The endpoint was {interrupted} when the local cloud stopped.")


def _listening() -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", int(environ["GATEWAY_PORT"]))) == 0


def _run() -> None:
    ticks = 0
    while True:
        time.sleep(TICK_SECONDS)
        ticks += 1
        try:
            for here, name, found in route.everywhere():
                with scope.use(here):
                    for fleet in found.fleets:
                        for instance in fleet.instances:
                            _look_after(name, instance, measure=ticks % UTILIZATION_TICKS == 0)
            metrics.flush_everywhere()
        except Exception:
            log.exception("endpoint upkeep failed")


def _look_after(endpoint: str, instance: Instance, *, measure: bool) -> None:
    instance.ship_logs()
    if instance.healthy and instance.exited and not instance.retired:
        instance.healthy = False
        log.error("endpoint %s: instance %s ended by itself, starting it again", endpoint, instance.id)
        background.spawn(f"restart {instance.id}", _restart, instance)
    elif measure and instance.healthy:
        _measure(endpoint, instance)


def _restart(instance: Instance) -> None:
    """Again and again, ever more slowly, until it comes up or is not wanted any more."""
    while not instance.retired:
        time.sleep(min(30.0, 0.1 * 2.0**instance.restarts))
        instance.restarts += 1
        try:
            instance.restart()
        except InstanceError as error:
            log.error("endpoint %s: %s", instance.endpoint, error)
        else:
            return


def _measure(endpoint: str, instance: Instance) -> None:
    """CPU since the last measurement and memory now, of the process and all that it started."""
    assert instance.container is not None
    try:
        root = psutil.Process(instance.container.process.pid)
        cpu = memory = 0.0
        for process in [root, *root.children(recursive=True)]:
            known = _processes.setdefault(process.pid, process)
            cpu += known.cpu_percent()
            memory += known.memory_percent()
    except psutil.Error:
        return
    metrics.utilization(endpoint, instance.variant, cpu, memory)
