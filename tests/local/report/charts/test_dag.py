"""The drawing of a pipeline's steps."""

from __future__ import annotations

import pytest

from local.report.charts import dag, layers
from local.report.charts.dag import NODE_HEIGHT, NODE_WIDTH
from local.report.facts import GraphStep
from tests.local.report.training import GRAPH


def test_each_step_is_below_all_that_it_depends_on() -> None:
    depth = layers.depths(GRAPH)
    assert all(depth[step.name] > depth[before] for step in GRAPH for before in step.after)
    assert depth["Prepare"] == 0


def test_dependencies_that_others_imply_are_left_out() -> None:
    links = layers.reduced(GRAPH)
    assert ("Prepare", "Evaluate") not in links
    assert ("Train", "Register-RegisterModel") not in links
    assert ("Baseline", "Register-RegisterModel") in links
    assert ("QualityGate", "Register-RegisterModel") in links


def test_no_two_boxes_overlap_and_none_leaves_the_drawing() -> None:
    layout = dag.layout(GRAPH)
    assert layout is not None
    boxes = [(node.x, node.y) for node in layout.nodes]
    for index, (x, y) in enumerate(boxes):
        assert 0 <= x <= layout.width - NODE_WIDTH
        assert 0 <= y <= layout.height - NODE_HEIGHT
        for other_x, other_y in boxes[index + 1 :]:
            assert abs(x - other_x) >= NODE_WIDTH or abs(y - other_y) >= NODE_HEIGHT


def test_a_dependency_over_several_layers_passes_beside_the_steps_between() -> None:
    layout = dag.layout(GRAPH)
    assert layout is not None
    edge = next(edge for edge in layout.edges if edge.source == "Baseline")
    gate = next(node for node in layout.nodes if node.step.name == "QualityGate")
    lane = float(edge.path.split("V")[1].split("C")[1].split()[0])
    assert not gate.x <= lane <= gate.x + NODE_WIDTH


def test_branches_of_a_condition_bear_their_names() -> None:
    layout = dag.layout(GRAPH)
    assert layout is not None
    assert {edge.target: edge.branch for edge in layout.edges if edge.source == "QualityGate"} == {
        "Register-RegisterModel": "if",
        "Reject": "else",
    }


def test_arrows_at_one_step_do_not_end_in_one_point() -> None:
    layout = dag.layout(GRAPH)
    assert layout is not None
    ends = [edge.path.rsplit(" ", 2)[1:] for edge in layout.edges if edge.target == "Register-RegisterModel"]
    assert len(ends) == 2
    assert ends[0] != ends[1]


def test_a_layer_of_many_steps_widens_the_drawing() -> None:
    many = [GraphStep("Start", "Processing"), *(GraphStep(f"Train{i}", "Training", ("Start",)) for i in range(6))]
    layout = dag.layout(many)
    assert layout is not None
    assert layout.width > 6 * NODE_WIDTH
    assert len({node.x for node in layout.nodes if node.y > 10}) == 6


def test_no_steps_make_no_drawing_and_a_circle_is_refused() -> None:
    assert dag.layout(()) is None
    with pytest.raises(ValueError, match="circle"):
        dag.layout((GraphStep("A", "Training", ("B",)), GraphStep("B", "Training", ("A",))))
