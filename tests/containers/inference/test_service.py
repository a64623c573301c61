"""What the server answers, without a server."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from inference import service
from inference.model import Model, load_model
from inference.service import respond

from .conftest import Trained


@pytest.fixture(scope="module")
def model(trained: Trained) -> Model:
    return load_model(trained.folder, threads=1)


def error(response: service.Response) -> str:
    return str(json.loads(response.body)["error"])


def test_ping_answers_only_when_the_model_is_loaded(model: Model) -> None:
    assert respond("GET", "/ping", {}, b"", None).status == 503
    assert respond("GET", "/ping", {}, b"", model).status == 200


def test_an_invocation_answers_in_the_type_of_the_request(model: Model, trained: Trained) -> None:
    body = json.dumps({"instances": trained.rows[:5]}).encode()
    response = respond("POST", "/invocations", {"content-type": "application/json; charset=utf-8"}, body, model)
    assert (response.status, response.content_type) == (200, "application/json")
    np.testing.assert_allclose(json.loads(response.body)["predictions"], trained.expected[:5], atol=1e-6)


def test_without_content_type_the_body_is_csv(model: Model) -> None:
    response = respond("POST", "/invocations", {}, b"AA,D01,100,50", model)
    assert (response.status, response.content_type) == (200, "text/csv")


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "reason"),
    [
        ("POST", "/invocations", {}, b"AA,D01,many,1", 400, "feature 'seats', row 0: 'many' is not a number"),
        ("POST", "/invocations", {}, b"AA,D01", 400, "row 0 has 2 values, expected 4 (carrier, destination, seats"),
        ("POST", "/invocations", {"content-type": "text/xml"}, b"x", 415, "not supported"),
        ("POST", "/invocations", {"accept": "image/png"}, b"AA,D01,1,1", 406, "not supported"),
        ("GET", "/invocations", {}, b"", 405, "GET /invocations is not allowed; use POST"),
        ("POST", "/ping", {}, b"", 405, "use GET"),
        ("GET", "/models", {}, b"", 404, "/models does not exist"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(
    model: Model, method: str, path: str, headers: dict[str, str], body: bytes, status: int, reason: str
) -> None:
    response = respond(method, path, headers, body, model)
    assert response.status == status
    assert reason in error(response)


def test_a_failure_shows_no_traceback(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Model, "predict", broken)
    response = respond("POST", "/invocations", {}, b"AA,D01,1,1", model)
    assert response.status == 500
    assert "secret" not in error(response)
    assert "Traceback" not in error(response)


def test_batch_transform_learns_how_to_send(model: Model) -> None:
    response = respond("GET", "/execution-parameters", {}, b"", None)
    assert json.loads(response.body) == {
        "MaxConcurrentTransforms": 1,
        "BatchStrategy": "MULTI_RECORD",
        "MaxPayloadInMB": 6,
    }
