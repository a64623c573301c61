"""Marks the tests that synthesize, and keeps them in one process: the CDK takes seconds to load."""

from __future__ import annotations

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_CDK_FOLDERS = (_HERE / "infra", _HERE / "stacks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives every test in a CDK folder the marker `cdk` and one xdist group."""
    for item in items:
        if any(folder in item.path.parents for folder in _CDK_FOLDERS):
            item.add_marker(pytest.mark.cdk)
            item.add_marker(pytest.mark.xdist_group("cdk"))
