"""Reading a function's settings from its environment variables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lambdas.common.errors import SettingsError


def require_variable(environment: Mapping[str, str], name: str) -> str:
    """Return an environment variable.

    Raises:
        SettingsError: it is missing or empty.
    """
    value = environment.get(name, "")
    if not value:
        raise SettingsError(f"the environment variable {name} is missing or empty")
    return value


def require_json_object(environment: Mapping[str, str], name: str) -> dict[str, Any]:
    """Return an environment variable that holds a JSON object with at least one key.

    Raises:
        SettingsError: it is missing, is not JSON, or is not an object with a key.
    """
    text = require_variable(environment, name)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(f"the environment variable {name} is not JSON ({error}): {text!r}") from error
    if not isinstance(value, dict) or not value:
        raise SettingsError(f"the environment variable {name} must be a JSON object with a key, got {text!r}")
    return value
