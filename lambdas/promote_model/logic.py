"""Which approvals are deployed. The rule, in one sentence: the latest approval of a package still approved wins.

Events come late, twice and out of order, so an event is only the occasion to look at the registry as it is now:

1. The event must report an approval. An edit of an approved package's metadata sends an event too; it is no approval.
2. The package must still be approved.
3. The approval must be later than the last change of the package that is live, if that one is still approved.
   So a late or repeated event of an older approval cannot undo a newer deployment or a rollback, and
   approving an older version again *is* the rollback. Events tell the time in whole seconds; within the same
   second the higher version is the later one.

A live package whose approval was withdrawn, or which was deleted, gives way to any approved one. Editing the
live package while another's approval waits makes that approval look old: it is ignored, the log says so,
approve it again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from lambdas.common.errors import MalformedEventError, RetryLaterError
from lambdas.common.events import PlatformEvent, require_kind, require_text, require_time, shorten
from lambdas.promote_model.model_package import ModelPackage

APPROVED = "Approved"


@dataclass(frozen=True)
class Approval:
    """A model package event that says: this package was approved, then."""

    group: str
    package_arn: str
    approved_at: datetime

    @property
    def token(self) -> str:
        """The same 64 letters and digits for each event of this approval: SageMaker may send several, ids differing."""
        return hashlib.sha256(f"{self.package_arn} {self.approved_at.isoformat()}".encode()).hexdigest()


@dataclass(frozen=True)
class Ignored:
    """The decision to leave the deployment as it is, and why."""

    reason: str


def read_approval(event: PlatformEvent) -> Approval | Ignored:
    """Return the approval that a "SageMaker Model Package State Change" reports, if it reports one.

    Raises:
        MalformedEventError: it is another kind of event, or lacks the package's ARN, group or approval status.
    Source: Amazon SageMaker developer guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge".
    """
    require_kind(event, source="aws.sagemaker", detail_type="SageMaker Model Package State Change")
    status = require_text(event.detail, "ModelApprovalStatus")
    # LastModifiedTime is an optional part of a package: without it, the event's own time is close enough.
    timed = "LastModifiedTime" in event.detail
    approved_at = require_time(event.detail, "LastModifiedTime") if timed else event.time
    approval = Approval(
        group=require_text(event.detail, "ModelPackageGroupName"),
        package_arn=require_text(event.detail, "ModelPackageArn"),
        approved_at=approved_at,
    )
    if status != APPROVED:
        return Ignored(f"the event says {status}, not {APPROVED}")
    # Absent when the package was just created: one that is registered as approved counts.
    changes = event.detail.get("UpdatedModelPackageFields", ["ModelApprovalStatus"])
    if not isinstance(changes, list):
        raise MalformedEventError(f"UpdatedModelPackageFields must be a list, got {shorten(changes)}")
    if "ModelApprovalStatus" not in changes:
        return Ignored(f"only {', '.join(map(str, changes))} of the approved package changed")
    return approval


def check_candidate(approval: Approval, candidate: ModelPackage | None, live: ModelPackage | None) -> Ignored | None:
    """Return why the approved package is not to be deployed, None if it is.

    Args:
        approval: what the event said.
        candidate: the approved package as it is now, None if it is gone.
        live: the package that the stack serves as it is now, None if there is none or it is gone.

    Raises:
        RetryLaterError: the package is approved, but SageMaker has not completed it.
    """
    if candidate is None:
        return Ignored("the package was deleted since")
    if candidate.approval_status != APPROVED:
        return Ignored(f"the package is {candidate.approval_status or 'without approval status'} now")
    if candidate.status in {"Pending", "InProgress"}:
        raise RetryLaterError(f"the package {candidate.arn} is {candidate.status}")
    if candidate.status != "Completed":
        return Ignored(f"the package is {candidate.status}")
    if live is None or live.approval_status != APPROVED:
        return None
    live_since = live.modified_at.replace(microsecond=0)
    approved_at = approval.approved_at.replace(microsecond=0)
    if (approved_at, candidate.version) < (live_since, live.version):
        return Ignored(f"version {live.version}, live, was approved later ({live_since} against {approved_at})")
    return None
