"""What training, processing and transform jobs have in common: a name, a record, a thread, a process, an end."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.cloud.kernel import background, events, scope
from local.cloud.kernel.errors import ApiError, in_use, validation_error
from local.cloud.kernel.store import Collection, store
from local.cloud.sagemaker import images, listing, roles, s3io, tags
from local.cloud.sagemaker.container import Container
from local.cloud.sagemaker.job_logs import LogShipper

log = logging.getLogger("local.cloud.sagemaker.jobs")
REASON_CHARACTERS = 1024
INTERNAL_ERROR = "InternalServerError: We encountered an internal error. Please try again."
INTERRUPTED = "InternalServerError: the local cloud was stopped while the job was running"
_POLL_SECONDS = 0.1
_SHIP_SECONDS = 0.5
_stops: dict[str, threading.Event] = {}


class JobFailedError(Exception):
    """The job ends as Failed, for the reason in the message."""


class JobStoppedError(Exception):
    """The job was asked to stop before there was anything to stop."""


@dataclass(frozen=True)
class Kind:
    """One of the three kinds of jobs: how its fields are called."""

    noun: str
    arn_type: str
    unknown: str

    @property
    def name(self) -> str:
        """The key of the job's name, such as `TrainingJobName`."""
        return f"{self.noun}JobName"

    @property
    def arn(self) -> str:
        """The key of its ARN."""
        return f"{self.noun}JobArn"

    @property
    def status(self) -> str:
        """The key of its status."""
        return f"{self.noun}JobStatus"

    @property
    def records(self) -> Collection:
        """The jobs of this kind, by name: what Describe answers."""
        return store.collection(f"{self.noun.lower()}_jobs")

    @property
    def log_group(self) -> str:
        """Where its containers' output goes."""
        return f"/aws/sagemaker/{self.noun}Jobs"

    def get(self, name: str) -> dict[str, Any]:
        """The live record.

        Raises:
            ApiError: ValidationException, in SageMaker's words, if there is none.
        """
        record = self.records.get(name)
        if record is None:
            raise validation_error(self.unknown.format(name=name))
        return record


TRAINING = Kind("Training", "training-job", "Requested resource not found.")
PROCESSING = Kind("Processing", "processing-job", "Could not find requested job with name: {name}")
TRANSFORM = Kind("Transform", "transform-job", "Could not find requested job with name: {name}")
KINDS = (TRAINING, PROCESSING, TRANSFORM)


@dataclass
class Job:
    """A job while it runs: its record, its folder, its role."""

    kind: Kind
    record: dict[str, Any]
    role: roles.Role
    folder: Path
    stop: threading.Event
    lines: list[tuple[float, str]] = field(default_factory=list)

    @property
    def base_dir(self) -> Path:
        """What stands for `/opt/ml`."""
        return self.folder / "ml"

    def image(self, uri: str) -> images.Image:
        """The image of a URI; fails the job if there is none."""
        try:
            return images.find(uri)
        except images.ImageNotFoundError as error:
            raise JobFailedError(f"ClientError: {error}") from error

    def shipper(self, stream: str) -> LogShipper:
        """What sends the container's output to the job's log stream."""
        return LogShipper(self.role.client("logs"), self.kind.log_group, stream, self.folder / "output.log")

    def start(self, image: images.Image, arguments: list[str], **options: Any) -> Container:
        """Start the job's container; fails the job if its program cannot be started."""
        try:
            return Container(image, arguments, base_dir=self.base_dir, log=self.folder / "output.log", **options)
        except OSError as error:
            raise JobFailedError(f"ClientError: the container could not be started: {error}") from error

    def watch(self, container: Container, shipper: LogShipper, limit_seconds: float) -> tuple[int, str]:
        """Follow a container to its end; answers its exit code and why it ended: `exit`, `stop` or `limit`."""
        deadline, next_ship, why = time.monotonic() + limit_seconds, time.monotonic() + _SHIP_SECONDS, "exit"
        code = container.wait(_POLL_SECONDS)
        while code is None:
            if self.stop.is_set() or time.monotonic() > deadline:
                why = "stop" if self.stop.is_set() else "limit"
                code = container.stop()
                break
            if time.monotonic() > next_ship:
                shipper.ship()
                next_ship = time.monotonic() + _SHIP_SECONDS
            code = container.wait(_POLL_SECONDS)
        shipper.ship(last=True)
        self.lines = shipper.lines
        return code, why


def now() -> datetime:
    """The present, as records hold it."""
    return datetime.now(UTC)


def create(kind: Kind, request: Mapping[str, Any], role_arn: str, initial: Mapping[str, Any], work: Any) -> str:
    """Accept a job and start `work(job)` in the background; answers the ARN.

    Raises:
        ApiError: ResourceInUse if the name was ever used; ValidationException if the role cannot be assumed.
    """
    roles.require(role_arn)
    name = request[kind.name]
    arn = scope.current().arn("sagemaker", f"{kind.arn_type}/{name.lower()}")
    with store.lock:
        if name in kind.records:
            raise in_use(
                f"Job name must be unique within an AWS account and region, and a job with this name already exists "
                f"({arn})"
            )
        stored = {key: value for key, value in request.items() if key != "Tags"}
        moment = now()
        times = {"CreationTime": moment, "LastModifiedTime": moment}
        record = {**stored, kind.arn: arn, kind.status: "InProgress", **times, **initial}
        kind.records[name] = record
        _stops[arn] = threading.Event()
    tags.put(arn, request.get("Tags"))
    announce(kind, record)
    background.spawn(f"{kind.arn_type} {name}", _run, kind, record, role_arn, work)
    return arn


def _run(kind: Kind, record: dict[str, Any], role_arn: str, work: Callable[[Job], tuple[str, str | None]]) -> None:
    """Run the job to one of its three ends; whatever happens, the record says it."""
    folder = Path(os.environ["SAGESTEAD_STATE"]) / "jobs" / kind.arn_type / record[kind.name]
    try:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "ml").mkdir(parents=True)
        role = roles.Role(role_arn, record[kind.name])
        status, reason = work(Job(kind, record, role, folder, _stops[record[kind.arn]]))
    except (JobFailedError, s3io.TransferError) as error:
        status, reason = "Failed", str(error)
    except JobStoppedError:
        status, reason = "Stopped", None
    except (ClientError, ApiError) as error:
        status, reason = "Failed", f"ClientError: {error}"
    except Exception:
        log.exception("%s %s", kind.arn_type, record[kind.name])
        status, reason = "Failed", INTERNAL_ERROR
    shutil.rmtree(folder, ignore_errors=True)
    finish(kind, record, status, reason)


def finish(kind: Kind, record: dict[str, Any], status: str, reason: str | None) -> None:
    """Write the end into the record and tell EventBridge."""
    with store.lock:
        if reason:
            record["FailureReason"] = reason[:REASON_CHARACTERS]
        moment = now()
        if kind is TRAINING:
            _finish_training(record, status, moment)
        record.update({f"{kind.noun}EndTime": moment, "LastModifiedTime": moment, kind.status: status})
        _stops.pop(record[kind.arn], None)
    announce(kind, record)


def _finish_training(record: dict[str, Any], status: str, moment: datetime) -> None:
    transitions = record["SecondaryStatusTransitions"]
    message = {"Completed": "Training job completed", "Failed": "Training job failed"}.get(
        status, "Training job stopped"
    )
    final = status if record["SecondaryStatus"] != "MaxRuntimeExceeded" else "MaxRuntimeExceeded"
    transitions[-1]["EndTime"] = moment
    transitions.append({"Status": final, "StartTime": moment, "EndTime": moment, "StatusMessage": message})
    record["SecondaryStatus"] = final
    if "TrainingStartTime" in record:
        seconds = max(1, round((moment - record["TrainingStartTime"]).total_seconds()))
        record.update(TrainingTimeInSeconds=seconds, BillableTimeInSeconds=seconds)


def announce(kind: Kind, record: dict[str, Any]) -> None:
    """Tell EventBridge the job's state: the detail is the job as it is described, with its tags."""
    with store.lock:
        detail = {**deepcopy(record), "Tags": tags.as_dict(record[kind.arn])}
    events.emit("aws.sagemaker", f"SageMaker {kind.noun} Job State Change", detail, [record[kind.arn]])


def describe(kind: Kind, name: str) -> dict[str, Any]:
    """A copy of the job's record."""
    with store.lock:
        return deepcopy(kind.get(name))


def stop(kind: Kind, name: str) -> None:
    """Ask a job to stop. As in SageMaker, a job that has ended is refused (training) or left alone.

    Raises:
        ApiError: ValidationException if there is no such job, or if a training job has ended.
    """
    with store.lock:
        record = kind.get(name)
        status = record[kind.status]
        if status not in ("InProgress", "Stopping"):
            if kind is TRAINING:
                raise validation_error(f"The request was rejected because the training job is in status {status}.")
            return
        record.update({kind.status: "Stopping", "LastModifiedTime": now()})
        if kind is TRAINING:
            record["SecondaryStatus"] = "Stopping"
        event = _stops.get(record[kind.arn])
    if event:
        event.set()
    announce(kind, record)


def summaries(kind: Kind, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of the kind's List operation."""
    names = {"name": kind.name, "created": "CreationTime", "modified": "LastModifiedTime", "status": kind.status}
    with store.lock:
        records = deepcopy(list(kind.records.values()))
    found = listing.select(records, request, **names)
    keys = {"CreationTime": "CreationTime", "Name": kind.name, "Status": kind.status}
    shown, token = listing.page(listing.arrange(found, request, keys), request)
    return {f"{kind.noun}JobSummaries": shown, **token}


def interrupt_all() -> None:
    """After a restart: jobs that the last run of the cloud left behind did not survive it."""
    for kind in KINDS:
        for where, _, record in kind.records.all():
            if record[kind.status] in ("InProgress", "Stopping"):
                with scope.use(where):
                    finish(kind, record, "Failed", INTERRUPTED)
