"""Endpoints of the echo server, as the tests of hosting make them."""

from __future__ import annotations

from tests.local.cloud.hosting.conftest import endpoint, hosting

__all__ = ["endpoint", "hosting"]
