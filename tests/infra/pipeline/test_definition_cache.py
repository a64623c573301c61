"""Definitions that are kept between syntheses. Only the last test builds one for real."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.config.model import ModelConfig
from infra.pipeline import definition_cache
from infra.pipeline.definition_cache import KEPT, cached_definition
from infra.pipeline.definition_inputs import TrainingInputs
from infra.pipeline.training_definition import training_definition
from tests.infra.pipeline.test_training_definition import INPUTS, model
from tests.infra.world import changed
from tests.support.synthesis import REPOSITORY

BUILDS: list[str] = []


def build(config: ModelConfig, inputs: TrainingInputs) -> str:
    """Stands in for the SDK: the text tells how often it was built."""
    BUILDS.append(config.name)
    return json.dumps({"name": inputs.pipeline_name, "days": config.pipeline.training_days, "build": len(BUILDS)})


@pytest.fixture(autouse=True)
def no_builds() -> None:
    BUILDS.clear()


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_definition_is_built_once_and_then_read_with_the_same_bytes(tmp_path: Path) -> None:
    first = cached_definition(build, model(), INPUTS, folder=tmp_path)
    assert cached_definition(build, model(), INPUTS, folder=tmp_path) == first
    assert len(BUILDS) == 1


def test_another_configuration_of_the_model_is_built_anew(tmp_path: Path) -> None:
    cached_definition(build, model(), INPUTS, folder=tmp_path)
    other = changed(model(), pipeline__training_days=9)
    assert '"days": 9' in cached_definition(build, other, INPUTS, folder=tmp_path)


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"definition": "x"}', "flipped", "\udcff"])
def test_a_damaged_file_is_built_and_written_anew(damage: str, tmp_path: Path) -> None:
    cached_definition(build, model(), INPUTS, folder=tmp_path)
    (file,) = files(tmp_path)
    text = file.read_text("utf-8")
    broken = text.replace("flight", "flighT") if damage == "flipped" else damage
    assert broken != text
    file.write_bytes(broken.encode("utf-8", "surrogateescape"))

    second = cached_definition(build, model(), INPUTS, folder=tmp_path)

    assert json.loads(second)["build"] == 2
    assert cached_definition(build, model(), INPUTS, folder=tmp_path) == second
    assert len(BUILDS) == 2


def test_where_nothing_can_be_kept_it_is_built_each_time_with_a_warning(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    with pytest.warns(RuntimeWarning, match="every synthesis builds the pipeline definitions anew.*a-file"):
        first = cached_definition(build, model(), INPUTS, folder=blocked / "below")
    assert json.loads(first)["build"] == 1


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(definition_cache.os, "replace", full)
    with pytest.warns(RuntimeWarning, match="no space left"):
        cached_definition(build, model(), INPUTS, folder=tmp_path)
    assert files(tmp_path) == []


def test_syntheses_side_by_side_leave_one_whole_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool, warnings.catch_warnings(action="error"):
        jobs = [pool.submit(cached_definition, build, model(), INPUTS, folder=tmp_path) for _ in range(40)]
        assert {json.loads(job.result())["name"] for job in jobs} == {INPUTS.pipeline_name}
    (file,) = files(tmp_path)
    built = len(BUILDS)
    cached_definition(build, model(), INPUTS, folder=tmp_path)
    assert len(BUILDS) == built
    assert file.suffix == ".json"


def test_only_the_definitions_used_last_are_kept(tmp_path: Path) -> None:
    cached_definition(build, model(), INPUTS, folder=tmp_path)
    (used,) = files(tmp_path)
    for age in range(KEPT + 5):
        (tmp_path / f"{age:064x}.json").write_text("{}")
        os.utime(tmp_path / f"{age:064x}.json", (1_000_000 - age, 1_000_000 - age))
    os.utime(used, (0, 0))
    cached_definition(build, model(), INPUTS, folder=tmp_path)  # a hit: the oldest becomes the youngest

    cached_definition(build, changed(model(), owner="others"), INPUTS, folder=tmp_path)

    assert len(files(tmp_path)) == KEPT
    assert used.exists()
    assert not (tmp_path / f"{KEPT + 4:064x}.json").exists()


IN_ANOTHER_PROCESS = """
import pickle, sys
from pathlib import Path
from infra.config.loader import load
from infra.pipeline.definition_cache import cached_definition
from infra.pipeline.training_definition import training_definition
inputs, folder = pickle.loads(bytes.fromhex(sys.argv[1])), Path(sys.argv[2])
definition = cached_definition(training_definition, load(Path.cwd(), "dev").models[0], inputs, folder=folder)
print(sum(name.partition(".")[0] in ("sagemaker", "pandas") for name in sys.modules))
print(definition, end="")
"""


def test_a_hit_has_the_bytes_of_a_fresh_build_and_loads_nothing_of_the_sdk(tmp_path: Path) -> None:
    built, hit = (in_another_process(tmp_path / "kept", seed) for seed in ("1", "2"))
    fresh = training_definition(model(), INPUTS)
    assert built[1] == hit[1] == fresh
    assert int(built[0]) > 0
    assert int(hit[0]) == 0


def in_another_process(folder: Path, hash_seed: str) -> list[str]:
    return subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, pickle.dumps(INPUTS).hex(), str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout.split("\n", 1)
