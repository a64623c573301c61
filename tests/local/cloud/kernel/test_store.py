"""State, its scopes and its file."""

from __future__ import annotations

from local.cloud.kernel import scope
from local.cloud.kernel.store import Store

HERE, THERE = scope.Scope("111111111111", "eu-west-1"), scope.Scope("222222222222", "eu-west-1")


def test_a_record_is_seen_only_in_its_own_account():
    models = Store().collection("models")
    with scope.use(HERE):
        models["m"] = {"n": 1}
    with scope.use(THERE):
        assert "m" not in models
        assert len(models) == 0
    assert models.all() == [(HERE, "m", {"n": 1})]


def test_what_is_saved_is_there_after_a_restart(tmp_path):
    before, file = Store(), tmp_path / "state"
    with scope.use(HERE):
        before.collection("models")["m"] = {"n": 1}
        before.save(file)
        after = Store()
        handed_out_before_loading = after.collection("models")
        after.load(file)
        assert handed_out_before_loading["m"] == {"n": 1}


def test_a_missing_file_is_an_empty_cloud(tmp_path):
    store = Store()
    store.load(tmp_path / "none")
    with scope.use(HERE):
        assert list(store.collection("models")) == []


def test_a_cleared_store_forgets_everything():
    store = Store()
    with scope.use(HERE):
        store.collection("models")["m"] = {}
        store.clear()
        assert list(store.collection("models")) == []
