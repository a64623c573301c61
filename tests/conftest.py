"""Marks the tests that synthesize, and keeps them in one process: the CDK takes seconds to load."""

from __future__ import annotations

import os
import sys
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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the fast suite if a test of it loaded the CDK, which alone takes longer than all of them."""
    if os.environ.get("FAST_SUITE") and "aws_cdk" in sys.modules:
        print("\nthe fast suite must not import aws_cdk; move the test to tests/infra or tests/stacks", file=sys.stderr)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
