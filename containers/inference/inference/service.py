"""What the server answers to each request, whatever server it runs in."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inference import codec
from inference.codec import RequestError

if TYPE_CHECKING:
    from inference.model import Model

MAX_BODY_MIB = 6
"""Source: "Maximum payload size for endpoint invocation", 6 MB (SageMaker quotas); batch transform reads it from
/execution-parameters."""
MAX_BODY_BYTES = MAX_BODY_MIB * 2**20
_METHODS = {"/ping": "GET", "/invocations": "POST", "/execution-parameters": "GET"}
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Response:
    """Status, content type and body of an answer."""

    status: int
    content_type: str
    body: bytes


def respond(method: str, path: str, headers: Mapping[str, str], body: bytes, model: Model | None) -> Response:
    """The answer to a request; `headers` have lower-case names, `model` is None while it is being loaded."""
    try:
        _check_route(method, path)
        if path == "/execution-parameters":
            return _json(200, execution_parameters())
        if model is None:
            raise RequestError(503, "the model is being loaded; try again later")
        return Response(200, codec.JSON, b"{}") if path == "/ping" else _invoke(model, headers, body)
    except RequestError as error:
        return _json(error.status, {"error": str(error)})
    except Exception:
        _logger.exception("request failed")
        return _json(500, {"error": "the model failed on this request; the container's log says why"})


def execution_parameters() -> dict[str, int | str]:
    """How batch transform should send its data."""
    return {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": MAX_BODY_MIB}


def too_large() -> Response:
    """The refusal of a body over the limit."""
    return _json(413, {"error": f"the body is too large; {MAX_BODY_MIB} MiB are allowed"})


def _check_route(method: str, path: str) -> None:
    allowed = _METHODS.get(path)
    if allowed is None:
        raise RequestError(404, f"{path} does not exist; use {' or '.join(_METHODS)}")
    if method != allowed:
        raise RequestError(405, f"{method} {path} is not allowed; use {allowed}")


def _invoke(model: Model, headers: Mapping[str, str], body: bytes) -> Response:
    content_type = headers.get("content-type", codec.CSV).partition(";")[0].strip().lower()
    rows = codec.parse(body, content_type, model.features)
    answer_type = codec.negotiate(headers.get("accept", ""), content_type)
    try:
        predictions = model.predict(rows)
    except ValueError as error:
        raise RequestError(400, str(error)) from error
    return Response(200, answer_type, codec.render(predictions, answer_type))


def _json(status: int, document: object) -> Response:
    return Response(status, codec.JSON, json.dumps(document).encode())
