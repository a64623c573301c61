"""promote_model and retrain run for real: real approvals and alarms, duplicate, late and malformed events."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.lambdas.glue import Serving, Watched, Worker, asset, role, until

pytestmark = [pytest.mark.cloud, pytest.mark.xdist_group("lambdas-on-local-cloud")]
MODELS = 4
"""Each test has a model of its own; the functions are shared."""


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return asset(tmp_path_factory.mktemp("asset"))


@pytest.fixture(scope="module")
def promote(local_cloud: Any, code: bytes) -> tuple[Worker, list[Serving]]:
    """promote_model, with the rule of `infra.operations`, and the models it serves."""
    models = [*(Serving(local_cloud) for _ in range(MODELS)), Serving(local_cloud, slow=True)]
    groups = [model.group for model in models]
    worker = Worker(
        local_cloud,
        code,
        handler="lambdas.promote_model.handler.handler",
        variables={
            "SERVING_STACKS": json.dumps({model.group: model.stack for model in models}),
            "CLOUDFORMATION_ROLE_ARN": role(local_cloud, "cloudformation"),
        },
        pattern={
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Model Package State Change"],
            "detail": {"ModelPackageGroupName": groups, "ModelApprovalStatus": ["Approved"]},
        },
    )
    return worker, models


@pytest.fixture(scope="module")
def retrain(local_cloud: Any, code: bytes) -> tuple[Worker, list[Watched]]:
    """retrain, with the rule of `infra.operations`, and the alarms it listens to: the last one has a cooldown."""
    models = [Watched(local_cloud) for _ in range(MODELS)]
    alarms = {m.alarm: {"pipeline": m.pipeline, "cooldown_minutes": 0} for m in models}
    alarms[models[-1].alarm]["cooldown_minutes"] = 60
    worker = Worker(
        local_cloud,
        code,
        handler="lambdas.retrain.handler.handler",
        variables={"PIPELINES": json.dumps(alarms)},
        pattern={
            "source": ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            "detail": {"alarmName": list(alarms), "state": {"value": ["ALARM"]}},
        },
    )
    return worker, models


def test_an_approval_deploys_the_package_and_leaves_the_other_parameters(
    promote: tuple[Worker, list[Serving]],
) -> None:
    worker, models = promote
    first = models[0].register()
    assert models[0].parameters()["ModelPackageArn"] == ""
    models[0].decide(first, "Approved")
    models[0].wait_for(first)
    assert models[0].parameters() == {"ModelPackageArn": first, "Colour": "green"}
    assert worker.logged("promotion started", first)[0]["stack"] == models[0].stack


def test_an_event_that_comes_twice_updates_the_stack_once(promote: tuple[Worker, list[Serving]]) -> None:
    worker, models = promote
    package = models[1].register()
    models[1].decide(package, "Approved")
    event = worker.event(package)
    models[1].wait_for(package)
    for _ in range(2):
        worker.queue.send(event)
    worker.settled()
    assert len(worker.logged("promotion ignored", package, "serves it already")) >= 1
    assert models[1].updates() == 1


def test_the_latest_approval_wins_in_whatever_order_events_come(promote: tuple[Worker, list[Serving]]) -> None:
    worker, models = promote
    first, second = models[2].register(), models[2].register()
    models[2].decide(first, "Approved")
    models[2].wait_for(first)
    models[2].decide(second, "Approved")
    models[2].wait_for(second)
    worker.queue.send(worker.event(first))
    worker.settled()
    assert worker.logged("promotion ignored", first)
    assert models[2].parameters()["ModelPackageArn"] == second
    assert models[2].updates() == 2


def test_an_approval_during_a_deployment_waits_for_its_end(promote: tuple[Worker, list[Serving]]) -> None:
    worker, models = promote
    first, second = models[-1].register(), models[-1].register()
    models[-1].decide(first, "Approved")
    worker.logged("promotion started", first)
    models[-1].decide(second, "Approved")
    assert "UPDATE_IN_PROGRESS" in worker.logged("waiting for a later delivery", models[-1].stack)[0]["reason"]
    assert models[-1].parameters()["ModelPackageArn"] == first
    models[-1].finish()
    models[-1].wait_for(second)
    assert models[-1].updates() == 2
    assert worker.dead_letters.depth() == 0


def test_a_package_that_was_rejected_since_is_not_deployed(promote: tuple[Worker, list[Serving]]) -> None:
    worker, models = promote
    live, other = models[3].register(), models[3].register()
    models[3].decide(live, "Approved")
    models[3].wait_for(live)
    models[3].decide(other, "Rejected")
    late = json.loads(worker.event(live).replace(live, other))
    worker.queue.send(json.dumps(late))
    worker.settled()
    assert "Rejected" in worker.logged("promotion ignored", other)[0]["reason"]
    assert models[3].parameters()["ModelPackageArn"] == live


def test_a_drift_alarm_starts_one_training_on_the_data_as_of_the_alarm(retrain: tuple[Worker, list[Watched]]) -> None:
    worker, models = retrain
    began = datetime.now(UTC)
    models[0].measure(3.0)
    started = until("an execution", models[0].executions)
    event = worker.event(models[0].alarm)
    for _ in range(2):
        worker.queue.send(event)
    worker.settled()
    assert worker.logged("retraining skipped", models[0].pipeline)
    assert models[0].executions() == started
    at = datetime.fromisoformat(started[0]["DataVersion"])
    assert abs(at - began) < timedelta(seconds=30)
    assert json.loads(event)["detail"]["state"]["value"] == "ALARM"


def test_the_next_alarm_starts_the_next_training(retrain: tuple[Worker, list[Watched]]) -> None:
    models = retrain[1]
    models[1].set("ALARM")
    until("the end of an execution", models[1].rests)
    models[1].set("OK")
    models[1].set("ALARM")
    until("another execution", lambda: len(models[1].executions()) == 2)
    first, second = models[1].executions()
    assert first["DataVersion"] < second["DataVersion"]


def test_an_alarm_within_the_cooldown_starts_nothing(retrain: tuple[Worker, list[Watched]]) -> None:
    worker, models = retrain
    models[-1].set("ALARM")
    until("the end of an execution", models[-1].rests)
    models[-1].set("OK")
    models[-1].set("ALARM")
    assert worker.logged("retraining skipped", models[-1].pipeline, "within the cooldown")
    assert len(models[-1].executions()) == 1


def test_malformed_events_end_among_the_dead_letters_and_hold_nobody_up(
    promote: tuple[Worker, list[Serving]], retrain: tuple[Worker, list[Watched]]
) -> None:
    strange = {"version": "0", "id": "1", "source": "aws.ec2", "detail-type": "x", "time": "2026-03-01T12:00:00Z"}
    bodies = ["not JSON", "{}", json.dumps({**strange, "detail": {}})]
    for worker in (promote[0], retrain[0]):
        for body in bodies:
            worker.queue.send(body)
    retrain[1][2].set("ALARM")
    until("an execution, in spite of them", retrain[1][2].executions)
    for worker in (promote[0], retrain[0]):
        until("the dead letters", lambda queue=worker.dead_letters: queue.depth() == len(bodies))  # type: ignore[misc]
        assert sorted(worker.dead_letters.receive()) == sorted(bodies)
        assert worker.logged("MalformedEventError", "not JSON")
