from __future__ import annotations

import json
from datetime import datetime
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest

from lambdas.common.errors import MalformedEventError, RetryLaterError
from lambdas.common.events import parse_event
from lambdas.promote_model.logic import Approval, Ignored, check_candidate, read_approval
from lambdas.promote_model.model_package import ModelPackage


def read(event: dict[str, Any]) -> Approval | Ignored:
    return read_approval(parse_event(json.dumps(event)))


def make_package(
    version: int, modified_at: datetime, approval: str = "Approved", status: str = "Completed"
) -> ModelPackage:
    return ModelPackage(f"arn/{version}", version, approval, status, modified_at)


def make_approval(version: int, approved_at: datetime) -> Approval:
    return Approval("group", f"arn/{version}", approved_at)


def test_an_approval_is_read_from_the_documented_event(world: SimpleNamespace) -> None:
    approval = read(world.package_event(2, second=10))
    assert approval == Approval(world.group, world.package_arn(2), world.at(10))


def test_a_package_that_is_registered_as_approved_counts(world: SimpleNamespace) -> None:
    event = world.package_event(2, second=10)
    del event["detail"]["UpdatedModelPackageFields"], event["detail"]["LastModifiedTime"]
    assert read(event) == Approval(world.group, world.package_arn(2), world.at(10))


@pytest.mark.parametrize("status", ["Rejected", "PendingManualApproval"])
def test_another_status_is_no_approval(world: SimpleNamespace, status: str) -> None:
    assert read(world.package_event(2, second=1, ModelApprovalStatus=status)) == Ignored(
        f"the event says {status}, not Approved"
    )


def test_an_edit_of_an_approved_package_is_no_approval(world: SimpleNamespace) -> None:
    event = world.package_event(2, second=1, UpdatedModelPackageFields=["ModelLifeCycle"])
    assert read(event) == Ignored("only ModelLifeCycle of the approved package changed")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ModelApprovalStatus", None),
        ("ModelPackageArn", None),
        ("ModelPackageGroupName", 3),
        ("LastModifiedTime", "then"),
        ("UpdatedModelPackageFields", "ModelApprovalStatus"),
    ],
)
def test_a_wrong_detail_is_named(world: SimpleNamespace, key: str, value: Any) -> None:
    with pytest.raises(MalformedEventError, match=key):
        read(world.package_event(2, second=1, **{key: value}))


def test_the_event_of_another_service_is_malformed(world: SimpleNamespace) -> None:
    with pytest.raises(MalformedEventError, match=r"aws\.cloudwatch"):
        read(world.alarm_event())


def test_several_events_of_one_approval_share_their_token(world: SimpleNamespace) -> None:
    first = read(world.package_event(2, second=10))
    again = read({**world.package_event(2, second=10), "id": "another"})
    later = read(world.package_event(2, second=11))
    assert isinstance(first, Approval)
    assert isinstance(again, Approval)
    assert isinstance(later, Approval)
    assert first.token == again.token != later.token
    # CloudFormation: [a-zA-Z0-9][-a-zA-Z0-9]*, at most 128 characters.
    assert first.token.isalnum()
    assert len(first.token) == 64


def test_the_first_approved_package_is_deployed(world: SimpleNamespace) -> None:
    candidate = make_package(1, world.at(10, 500_000))
    assert check_candidate(make_approval(1, world.at(10)), candidate, None) is None


def test_a_later_approval_replaces_the_live_package(world: SimpleNamespace) -> None:
    live, candidate = make_package(1, world.at(10)), make_package(2, world.at(20))
    assert check_candidate(make_approval(2, world.at(20)), candidate, live) is None


def test_the_late_event_of_an_older_approval_is_ignored(world: SimpleNamespace) -> None:
    live, candidate = make_package(2, world.at(20)), make_package(1, world.at(10))
    ignored = check_candidate(make_approval(1, world.at(10)), candidate, live)
    assert ignored is not None
    assert "version 2, live, was approved later" in ignored.reason


def test_approving_an_older_version_again_is_a_rollback(world: SimpleNamespace) -> None:
    live, candidate = make_package(2, world.at(20)), make_package(1, world.at(30))
    assert check_candidate(make_approval(1, world.at(30)), candidate, live) is None


def test_a_repeated_event_does_not_undo_a_rollback(world: SimpleNamespace) -> None:
    live, candidate = make_package(1, world.at(30)), make_package(2, world.at(20))
    assert check_candidate(make_approval(2, world.at(20)), candidate, live) is not None


def test_editing_a_package_later_does_not_make_its_old_approval_new(world: SimpleNamespace) -> None:
    live, candidate = make_package(1, world.at(30)), make_package(2, world.at(40))
    assert check_candidate(make_approval(2, world.at(20)), candidate, live) is not None


@pytest.mark.parametrize(("version", "deployed"), [(3, True), (1, False)])
def test_within_one_second_the_higher_version_is_the_later_one(
    world: SimpleNamespace, version: int, deployed: bool
) -> None:
    live, candidate = make_package(2, world.at(20, 900_000)), make_package(version, world.at(20, 950_000))
    ignored = check_candidate(make_approval(version, world.at(20)), candidate, live)
    assert (ignored is None) is deployed


@pytest.mark.parametrize("approval", ["Rejected", "PendingManualApproval", ""])
def test_a_package_that_lost_its_approval_is_ignored(world: SimpleNamespace, approval: str) -> None:
    candidate = make_package(2, world.at(30), approval)
    ignored = check_candidate(make_approval(2, world.at(20)), candidate, None)
    assert ignored is not None
    assert (approval or "without approval status") in ignored.reason


def test_a_deleted_package_is_ignored(world: SimpleNamespace) -> None:
    assert check_candidate(make_approval(2, world.at(20)), None, None) == Ignored("the package was deleted since")


def test_a_live_package_that_lost_its_approval_gives_way_even_to_an_older_approval(world: SimpleNamespace) -> None:
    live, candidate = make_package(2, world.at(30), "Rejected"), make_package(1, world.at(10))
    assert check_candidate(make_approval(1, world.at(10)), candidate, live) is None


@pytest.mark.parametrize("status", ["Pending", "InProgress"])
def test_an_incomplete_package_is_waited_for(world: SimpleNamespace, status: str) -> None:
    candidate = make_package(2, world.at(20), status=status)
    with pytest.raises(RetryLaterError, match=status):
        check_candidate(make_approval(2, world.at(20)), candidate, None)


@pytest.mark.parametrize("status", ["Failed", "Deleting"])
def test_a_failed_package_is_ignored(world: SimpleNamespace, status: str) -> None:
    candidate = make_package(2, world.at(20), status=status)
    assert check_candidate(make_approval(2, world.at(20)), candidate, None) == Ignored(f"the package is {status}")


def test_whatever_the_order_of_delivery_the_latest_approval_is_live_in_the_end(world: SimpleNamespace) -> None:
    """All orders of three approvals, one of them twice, against one registry."""
    seconds = {1: 10, 2: 40, 3: 25}
    registry = {version: make_package(version, world.at(second)) for version, second in seconds.items()}
    for order in permutations([1, 2, 3, 2]):
        live: ModelPackage | None = None
        for version in order:
            approval = make_approval(version, world.at(seconds[version]))
            if live != registry[version] and check_candidate(approval, registry[version], live) is None:
                live = registry[version]
        assert live == registry[2], order
