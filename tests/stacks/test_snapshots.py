from __future__ import annotations

import difflib
import json

import pytest

from tests.support.snapshots import FOLDER, STATEFUL_FILE, expected_files, snapshot, stateful_ids
from tests.support.synthesis import ENVIRONMENTS, REPOSITORY, synthesized

_HOW = "if you want this change, run `make snapshots` and commit the result"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_templates_are_those_that_were_reviewed(environment: str) -> None:
    for stack, template in synthesized(environment).templates.items():
        path = FOLDER / environment / f"{stack}.json"
        recorded = path.read_text("utf-8").splitlines() if path.exists() else []
        diff = list(difflib.unified_diff(recorded, snapshot(template).splitlines(), "recorded", "now", n=2))
        name = path.relative_to(REPOSITORY)
        assert not diff, f"{name} differs; {_HOW}\n" + "\n".join(diff[:80])


def test_no_snapshot_is_left_of_a_stack_that_is_gone() -> None:
    assert set(FOLDER.rglob("*.json")) == set(expected_files())


def test_resources_that_hold_data_keep_their_logical_ids() -> None:
    """A changed id makes CloudFormation create an empty resource and drop or orphan the one with the data."""
    assert stateful_ids() == json.loads(STATEFUL_FILE.read_text("utf-8"))


def test_a_snapshot_hides_asset_hashes_and_unfolds_embedded_json() -> None:
    template = {
        "Key": f"{'ab' * 32}.zip",
        "Body": {"Fn::Join": ["", ['{"Uri": "s3://', {"Ref": "Bucket"}, '/x"}']]},
    }

    readable = json.loads(snapshot(template))

    assert readable == {
        "Key": "<asset hash>.zip",
        "Body": {"<JSON text>": {"Uri": "s3://${{'Ref': 'Bucket'}}/x"}},
    }
