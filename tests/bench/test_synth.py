"""What the synth benchmark computes and says; the figures are made up, only the last test runs a process."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from bench import synth
from bench.apps import Candidate, Run, flat, imported_modules, platform, stacks_below
from bench.synth_report import MEANING, Measured, findings, result, show

SECONDS = {
    "empty": 1.0,
    "empty, validator": 4.0,
    "flat": 2.0,
    "flat, all": 2.6,
    "prod": 3.0,
    "prod, cold": 5.0,
    "prod, validator": 6.1,
    "prod, checks": 6.5,
    "prod, checks, cold": 8.5,
    "all": 4.5,
}
PARTS = {"config": 0.25, "import": 0.75, "build": 1.0, "synth": 0.5}


def measured(**changes: float) -> Measured:
    """Three rounds of which the second was twice as slow for all alike."""
    seconds = {**SECONDS, **changes}
    runs = {
        name: [Run(value * slow, PARTS if name.startswith(("prod", "all")) else {}) for slow in (1, 2, 1)]
        for name, value in seconds.items()
    }
    return Measured(runs=runs, resources=100, resources_of_all=400)


def test_ratios_are_those_of_the_same_round_so_a_slow_moment_counts_for_none() -> None:
    figures = result(measured())
    assert figures["ratio_vs_empty"] == 6.5
    assert figures["ratio_vs_empty_cold"] == 8.5
    assert figures["ratio_vs_flat"] == 1.5


def test_the_slope_is_taken_between_one_environment_and_all() -> None:
    assert result(measured())["ms_per_resource"] == 5.0
    assert result(measured())["ms_per_resource_flat"] == 2.0


def test_what_is_fixed_is_told_apart_from_what_is_ours() -> None:
    figures = result(measured())
    assert figures["validator_seconds"] == 3.0
    assert figures["validator_seconds_prod"] == 3.1
    assert figures["nag_seconds"] == 0.4
    assert figures["definitions_seconds"] == 2.0
    assert figures["ratio_floor_with_validator"] == 5.0


def test_each_aim_is_judged_in_words() -> None:
    text = "\n".join(findings(result(measured())))
    assert "prod with checks / empty app without: 6.50, aim 2: missed by 225 %." in text
    assert "ms for each further resource: 5.00, aim 5: met." in text
    assert (
        "So 2 times the empty app is within reach without checks; with the validator the least possible is 5.0" in text
    )
    assert "out of reach" in "\n".join(findings(result(measured(flat=2.1))))


def test_the_last_line_is_one_json_object_with_the_ratios() -> None:
    out = io.StringIO()
    show(measured(), Console(file=out, width=160))
    text = out.getvalue()
    assert json.loads(text.splitlines()[-1]) == result(measured())
    assert {"ratio_vs_empty", "ms_per_resource"} <= set(result(measured()))
    assert all(name in text for name in SECONDS)
    assert "0.75" in text


def test_every_app_that_is_measured_is_explained(tmp_path: Path) -> None:
    assert set(synth.candidates(tmp_path, [], [])) == set(MEANING) == set(SECONDS)


def test_the_first_round_is_not_counted_and_the_apps_take_turns(tmp_path: Path) -> None:
    order: list[str] = []
    apps = {
        name: Candidate(
            [sys.executable, "-c", f"print('{{\"{name}\": 1}}')"], tmp_path, prepare=lambda n=name: order.append(n)
        )
        for name in ("a", "b")
    }
    runs = synth.alternate(apps, rounds=2)
    assert order == ["a", "b"] * 3
    assert [[run.parts for run in runs[name]] for name in ("a", "b")] == [[{"a": 1}] * 2, [{"b": 1}] * 2]


def test_an_app_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such luck"):
        Candidate([sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path).run()


def test_an_app_gets_the_context_of_the_command_line(tmp_path: Path) -> None:
    text = "import json, os; print(json.dumps(dict(os.environ)))"
    for environment, validator in (("prod", True), (None, False)):
        variables = Candidate([sys.executable, "-c", text], tmp_path / "out", environment, validator).run().parts
        assert json.loads(variables["CDK_CONTEXT_JSON"]).get("env") == environment
        assert variables["CDK_VALIDATION"] == str(validator).lower()
        assert variables["CDK_OUTDIR"] == str(tmp_path / "out")


def test_a_cold_run_forgets_its_definitions_and_a_warm_one_keeps_them(tmp_path: Path) -> None:
    for name, cold in (("cold", True), ("warm", False)):
        (tmp_path / name).mkdir()
        app = platform(tmp_path, "app", cold=cold)
        app.prepare()
        assert (tmp_path / name).exists() is not cold
        assert app.command[-1] == str(tmp_path / name)


def test_a_flat_app_has_the_same_modules_and_resources(tmp_path: Path) -> None:
    stacks = [{"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 3}}}, {}]
    app = flat(tmp_path, "flat", stacks)
    compile(Path(app.command[1]).read_text("utf-8"), "flat.py", "exec")
    assert json.loads((tmp_path / "flat.json").read_text("utf-8")) == stacks
    assert {"aws_ec2", "aws_iam", "aws_sagemaker"} <= set(imported_modules())


def test_the_resources_are_read_from_templates_in_stages_too(tmp_path: Path) -> None:
    (tmp_path / "assembly-prod").mkdir()
    for name in ("One.template.json", "assembly-prod/Two.template.json"):
        (tmp_path / name).write_text(json.dumps({"Resources": {name: {}}}), "utf-8")
    assert synth.count(stacks_below(tmp_path)) == 2
