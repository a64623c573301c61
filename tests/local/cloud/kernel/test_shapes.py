"""Validation, parsing and writing by botocore's service model."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from local.cloud.kernel import shapes
from local.cloud.kernel.errors import ApiError

MODEL = shapes.service_model("sagemaker")


def shape(operation: str):
    return MODEL.operation_model(operation).input_shape


@pytest.mark.parametrize(
    ("operation", "request_", "said"),
    [
        ("CreateModel", {}, "Missing required parameter"),
        ("CreateModel", {"ModelName": "a b"}, "must satisfy the pattern"),
        ("CreateModel", {"ModelName": "a" * 70}, "at most 63"),
        ("CreateModel", {"ModelName": "a", "Colour": "red"}, "Unknown parameter"),
        ("CreateModel", {"ModelName": 7}, "Invalid type"),
        ("UpdateModelPackage", {"ModelPackageArn": "x", "ModelApprovalStatus": "Yes"}, "must be one of: Approved"),
        ("ListModels", {"MaxResults": 1000}, "must be at most 100"),
        ("ListModels", {"MaxResults": 0}, "valid min value: 1"),
    ],
)
def test_a_wrong_request_is_refused_with_what_is_wrong(operation, request_, said):
    with pytest.raises(ApiError, match=said) as refused:
        shapes.validate(shape(operation), request_)
    assert refused.value.code == "ValidationException"


def test_every_problem_is_named_at_once():
    with pytest.raises(ApiError) as refused:
        shapes.validate(shape("ListModels"), {"MaxResults": 1000, "SortBy": "Size"})
    assert "MaxResults" in refused.value.message
    assert "SortBy" in refused.value.message


def test_time_stamps_come_in_and_go_out_as_the_wire_has_them():
    parsed = shapes.parse(shape("ListModels"), {"CreationTimeAfter": 1_700_000_000.5})
    assert parsed["CreationTimeAfter"] == datetime.fromtimestamp(1_700_000_000.5, UTC)
    output = MODEL.operation_model("DescribeModel").output_shape
    written = shapes.render(output, {"ModelName": "m", "CreationTime": parsed["CreationTimeAfter"], "Secret": 1})
    assert written == {"ModelName": "m", "CreationTime": 1_700_000_000.5}


def test_cloudformation_strings_become_what_the_shape_wants():
    typed = shapes.coerce(
        shape("CreateEndpointConfig"),
        {
            "ProductionVariants": [{"InitialInstanceCount": "2", "InitialVariantWeight": "0.5"}],
            "DataCaptureConfig": {"EnableCapture": "true", "InitialSamplingPercentage": "100"},
        },
    )
    assert typed["ProductionVariants"] == [{"InitialInstanceCount": 2, "InitialVariantWeight": 0.5}]
    assert typed["DataCaptureConfig"] == {"EnableCapture": True, "InitialSamplingPercentage": 100}
