"""Loads the CDK as the tests want it, before any test module can load it otherwise."""

from __future__ import annotations

import tests.support.synthesis  # noqa: F401
