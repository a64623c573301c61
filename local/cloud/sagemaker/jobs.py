"""What training, processing and transform jobs have in common: accepted, run in the background, ended, listed."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.cloud.kernel import background, events, scope
from local.cloud.kernel.errors import ApiError, in_use, validation_error
from local.cloud.kernel.store import store
from local.cloud.sagemaker import listing, roles, s3io, tags
from local.cloud.sagemaker.job_kinds import KINDS, TRAINING, Kind, now
from local.cloud.sagemaker.job_run import REASON_CHARACTERS, Job, JobFailedError, JobStoppedError

log = logging.getLogger("local.cloud.sagemaker.jobs")
INTERNAL_ERROR = "InternalServerError: We encountered an internal error. Please try again."
INTERRUPTED = "InternalServerError: the local cloud was stopped while the job was running"
_stops: dict[str, threading.Event] = {}


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
