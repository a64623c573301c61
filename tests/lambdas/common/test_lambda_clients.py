from __future__ import annotations

import pytest

from lambdas.common.clients import client


def test_a_client_is_made_once_and_goes_where_the_environment_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client.cache_clear()
    made = client("cloudformation")
    assert made.meta.endpoint_url == "http://127.0.0.1:9"
    assert client("cloudformation") is made
    client.cache_clear()
