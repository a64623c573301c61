from __future__ import annotations

import pytest

from lambdas.common.errors import SettingsError
from lambdas.promote_model.settings import PromoteModelSettings


def test_stacks_and_role_are_read_from_the_environment() -> None:
    settings = PromoteModelSettings.from_environment(
        {"SERVING_STACKS": '{"group": "stack"}', "CLOUDFORMATION_ROLE_ARN": "arn:role"}
    )
    assert settings.stack_of("group") == "stack"
    assert settings.cloudformation_role_arn == "arn:role"


@pytest.mark.parametrize("extra", [{}, {"CLOUDFORMATION_ROLE_ARN": ""}])
def test_the_role_may_be_left_out(extra: dict[str, str]) -> None:
    settings = PromoteModelSettings.from_environment({"SERVING_STACKS": '{"group": "stack"}', **extra})
    assert settings.cloudformation_role_arn is None


@pytest.mark.parametrize("value", ['{"group": 1}', '{"group": ""}', '{"group": null}'])
def test_a_stack_that_is_no_name_is_an_error(value: str) -> None:
    with pytest.raises(SettingsError, match="'group' must be a stack name"):
        PromoteModelSettings.from_environment({"SERVING_STACKS": value})


def test_an_unknown_group_is_an_error_that_says_which_are_known() -> None:
    settings = PromoteModelSettings({"b": "stack-b", "a": "stack-a"}, None)
    with pytest.raises(SettingsError, match=r"'c', only for \['a', 'b'\]"):
        settings.stack_of("c")
