"""Get, Std:Join, Std:JsonGet and the paths that they follow."""

from __future__ import annotations

from typing import Any

import pytest

from local.cloud.sagemaker.pipelines import expressions
from local.cloud.sagemaker.pipelines.expressions import ExpressionError


class World:
    """A context of fixed values."""

    def parameter(self, name: str) -> Any:
        return {"Text": "t", "Number": 3, "Flag": True}[name]

    def variable(self, name: str) -> Any:
        return f"<{name}>"

    def properties(self, step: str) -> Any:
        return {
            "Outputs": [{"OutputName": "train", "S3Output": {"S3Uri": "s3://b/train"}}, {"OutputName": "x y"}],
            "Env": {"a.b": "dotted"},
            "Arn": f"arn:{step}",
        }

    def property_file(self, step: str, name: str) -> Any:
        return {"metrics": {"auc": {"value": 0.71}}, "rows": [{"n": 1}, {"n": 2}], "step": step, "file": name}

    def json_object(self, uri: str) -> Any:
        return {"uri": uri}


def json_get(path: str, step: str = "Eval") -> dict[str, Any]:
    return {"Std:JsonGet": {"PropertyFile": {"Get": f"Steps.{step}.PropertyFiles.evaluation"}, "Path": path}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Get": "Parameters.Number"}, 3),
        ({"Get": "Execution.PipelineName"}, "<PipelineName>"),
        ({"Get": "Steps.Train.Arn"}, "arn:Train"),
        ({"Get": "Steps.A.Outputs['train'].S3Output.S3Uri"}, "s3://b/train"),
        ({"Get": 'Steps.A.Outputs["train"].S3Output.S3Uri'}, "s3://b/train"),
        ({"Get": "Steps.A.Outputs[0].OutputName"}, "train"),
        ({"Get": "Steps.A.Outputs['x y'].OutputName"}, "x y"),
        ({"Get": "Steps.A.Env['a.b']"}, "dotted"),
        (
            {"Std:Join": {"On": "/", "Values": ["s3:/", {"Get": "Parameters.Text"}, 1, {"Get": "Parameters.Flag"}]}},
            "s3://t/1/true",
        ),
        ({"Std:Join": {"Values": [{"Std:Join": {"On": "-", "Values": [1, 2]}}, "x"]}}, "1-2x"),
        (json_get("metrics.auc.value"), 0.71),
        (json_get("rows[1].n"), 2),
        (json_get("file"), "evaluation"),
        ({"Std:JsonGet": {"S3Uri": {"Std:Join": {"Values": ["s3://", "k"]}}, "Path": "uri"}}, "s3://k"),
        ({"a": [{"b": {"Get": "Parameters.Text"}}], "c": None}, {"a": [{"b": "t"}], "c": None}),
        ({"Get": "Parameters.Text", "and": "more"}, {"Get": "Parameters.Text", "and": "more"}),
    ],
)
def test_a_value_is_resolved(value: Any, expected: Any) -> None:
    assert expressions.resolve(value, World()) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Get": "Steps.A.Nothing.There"}, "there is nothing at 'Nothing'"),
        ({"Get": "Steps.A.Outputs['test']"}, "there is nothing at"),
        ({"Get": "Steps.A.Outputs[7]"}, "there is nothing at"),
        ({"Get": "Steps.A.Outputs[?]"}, "cannot read the path"),
        ({"Get": "Weather.Today"}, "not a reference"),
        (json_get("metrics.f1"), "JsonGet metrics.f1"),
    ],
)
def test_what_is_not_there_is_named(value: Any, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        expressions.resolve(value, World())
    assert message in str(error.value)


def test_references_are_found_everywhere() -> None:
    value = {"a": [json_get("x")], "b": {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.P"}]}}}
    assert list(expressions.references(value)) == [
        ("Steps", "Eval", "PropertyFiles.evaluation"),
        ("Parameters", "P", ""),
    ]


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(ExpressionError, match="unknown function 'Std:Upper'"):
        list(expressions.references({"Std:Upper": "x"}))
