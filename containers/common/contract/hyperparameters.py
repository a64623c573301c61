"""A training job's hyperparameters, which SageMaker passes as a JSON object of strings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from contract import paths


def read() -> dict[str, str]:
    """The job's hyperparameters as strings; the SageMaker SDK's own (`sagemaker_*`) are left out.

    Raises: FileNotFoundError without `hyperparameters.json`; ValueError if it is not an object of strings.
    """
    file = paths.training_config("hyperparameters.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise ValueError(f"{file} must be a JSON object of which every value is a string, not {document!r}")
    return {name: _unquoted(value) for name, value in document.items() if not name.startswith("sagemaker_")}


def convert(values: Mapping[str, str], types: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """`values`, each converted by the type of its name.

    Raises: ValueError that names every unknown hyperparameter and every value that its type refuses.
    """
    converted: dict[str, Any] = {}
    errors: list[str] = []
    for name, value in values.items():
        if name not in types:
            errors.append(f"{name}={value!r} is not known (known: {', '.join(sorted(types))})")
            continue
        try:
            converted[name] = types[name](value)
        except ValueError:
            errors.append(f"{name}={value!r} is not a valid {types[name].__name__}")
    if errors:
        raise ValueError("hyperparameters: " + "; ".join(errors))
    return converted


def _unquoted(value: str) -> str:
    # Some SDK versions JSON-encode strings, so that `auc` arrives as `"auc"`.
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return str(json.loads(value))
    return value
