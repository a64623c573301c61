from __future__ import annotations

import pytest

from lambdas.common.errors import SettingsError
from lambdas.common.settings import require_json_object


def test_a_json_object_is_read_from_a_variable() -> None:
    assert require_json_object({"MAP": '{"a": "b"}'}, "MAP") == {"a": "b"}


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "MAP is missing or empty"),
        ({"MAP": ""}, "MAP is missing or empty"),
        ({"MAP": "{"}, "MAP is not JSON"),
        ({"MAP": "[]"}, "MAP must be a JSON object"),
        ({"MAP": "{}"}, "MAP must be a JSON object with a key"),
    ],
)
def test_anything_else_is_an_error_that_names_the_variable(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        require_json_object(environment, "MAP")
