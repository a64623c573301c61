from __future__ import annotations

from pathlib import Path

import pytest

from docs.generator import architecture, costs
from docs.generator.__main__ import BLOCKS, FILES, main, stale
from docs.generator.markdown import filled, names, table
from docs.generator.templates import ENVIRONMENTS, ROOT, Stack, order, stacks

CLOUD = {"local-operations", "local-resource-types"}


def test_every_table_of_the_documentation_is_fresh() -> None:
    found = [str(path.relative_to(ROOT)) for path in stale(ROOT)]
    assert not found, f"stale: {', '.join(found)}; run `make docs` and commit the result"


def test_every_table_that_can_be_written_stands_in_one_file() -> None:
    marked = [name for file in FILES for name in names((ROOT / file).read_text("utf-8"))]
    assert sorted(marked) == sorted(BLOCKS)


def test_a_stale_file_is_named_and_then_written_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("nothing generated here\n")
    old = "before\n<!-- generated: references (make docs) -->\nold\n<!-- end -->\nafter\n"
    (tmp_path / "README.md").write_text(old)

    assert main(["--check"], tmp_path) == 1
    assert "README.md is stale: run `make docs`" in capsys.readouterr().err
    assert (tmp_path / "README.md").read_text() == old

    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    assert architecture.references() in (tmp_path / "README.md").read_text()


def test_a_block_that_nobody_writes_is_an_error() -> None:
    with pytest.raises(KeyError, match="unknown"):
        filled("<!-- generated: unknown (make docs) -->\n<!-- end -->", {})


def test_text_around_a_block_stays() -> None:
    text = "a\n<!-- generated: one (make docs) -->\nold\n<!-- end -->\nb <!-- end --> c"
    assert filled(text, {"one": "new"}) == text.replace("old", "new")


def test_a_cell_cannot_break_its_table() -> None:
    assert table(("a",), [("x|y",)]).splitlines()[-1] == "| x\\|y |"


def test_every_environment_that_is_synthesized_has_its_column() -> None:
    assert set(ENVIRONMENTS) == {file.stem for file in (ROOT / "config").glob("*.yaml")}


def test_stacks_come_by_lifetime_and_refer_to_earlier_ones_only() -> None:
    listed = [stack.name for stack in stacks()]
    assert listed[0] == "network"
    assert listed[-1] == "operations"
    for stack in stacks():
        assert all(listed.index(name) < listed.index(stack.name) for name in stack.refers_to)


def test_models_stacks_stay_together() -> None:
    listed = ["operations", "b-serving", "a-monitoring", "network", "b-pipeline", "a-pipeline"]
    wanted = ["network", "a-pipeline", "a-monitoring", "b-pipeline", "b-serving", "operations"]
    assert sorted(listed, key=order) == wanted


def test_an_alarm_without_a_runbook_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "lost", "AlarmDescription": "Oh"}}
    stack = Stack("prod", "operations", {"Resources": {"Alarm": alarm}})
    monkeypatch.setattr(architecture, "stacks", lambda: [stack])
    with pytest.raises(ValueError, match="lost: its description names no runbook"):
        architecture.alarms()


def test_the_cost_of_interface_endpoints_grows_with_the_zones() -> None:
    row = next(line for line in costs.idle().splitlines() if line.startswith("| interface endpoints"))
    dev, prod = (float(cell.rpartition("=")[2]) for cell in row.strip("| ").split(" | ")[1:])
    assert prod == pytest.approx(dev * 3 / 2)


def test_the_sums_of_the_costs_are_those_of_the_rows() -> None:
    *rows, last = costs.idle().splitlines()[2:]
    for column, shown in enumerate(last.replace("*", "").strip("| ").split(" | ")[1:], start=1):
        values = [float(row.strip("| ").split(" | ")[column].rpartition("=")[2]) for row in rows]
        assert sum(values) == pytest.approx(float(shown), abs=0.5)
