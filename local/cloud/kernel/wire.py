"""The rest-json protocol by the service model: which operation a path means, and what stands where."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from botocore.model import OperationModel, ServiceModel

from local.cloud.kernel import shapes
from local.cloud.kernel.errors import ApiError

Response = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/x-amz-json-1.1"}


def error_response(error: ApiError) -> Response:
    """The error in the form that every JSON client of AWS reads."""
    body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message}).encode()
    return error.status, {**JSON, "x-amzn-errortype": error.code}, body


def parse_rest(
    model: ServiceModel, method: str, path: str, headers: dict[str, str], body: bytes, query: Any
) -> tuple[OperationModel, dict[str, Any]]:
    """The operation and its parameters, gathered from path, query, headers and body."""
    operation, params = _match(model, method, path)
    shape = operation.input_shape
    if shape is None:
        return operation, {}
    payload = shape.serialization.get("payload")
    for name, member in shape.members.items():
        place, key = member.serialization.get("location"), member.serialization.get("name", name)
        if place == "header" and key.lower() in headers:
            params[name] = headers[key.lower()]
        elif place == "querystring" and key in query:
            values = query[key] if isinstance(query[key], list) else [query[key]]
            params[name] = values if member.type_name == "list" else values[0]
    if payload:
        params[payload] = body
    elif body:
        try:
            params.update(json.loads(body))
        except ValueError as error:
            raise ApiError("SerializationException", f"the request body is not JSON: {error}") from error
    return operation, params


def _match(model: ServiceModel, method: str, path: str) -> tuple[OperationModel, dict[str, Any]]:
    for name in model.operation_names:
        operation = model.operation_model(name)
        template = operation.http["requestUri"].partition("?")[0]
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        found = re.fullmatch(pattern, path)
        if found and operation.http["method"] == method:
            return operation, {key: unquote(value) for key, value in found.groupdict().items()}
    raise ApiError("UnknownOperationException", f"{model.service_name} has no operation at {method} {path}", 404)


def render_rest(operation: OperationModel, answer: dict[str, Any]) -> Response:
    """The answer's members as status, headers and body, each where the model puts it."""
    status, headers = operation.http.get("responseCode", 200), {"Content-Type": "application/json"}
    shape = operation.output_shape
    if shape is None:
        return status, headers, b""
    payload = shape.serialization.get("payload")
    rest: dict[str, Any] = {}
    for name, member in shape.members.items():
        value = answer.get(name)
        if value is None or name == payload:
            continue
        if member.serialization.get("location") == "header":
            headers[member.serialization.get("name", name)] = str(value)
        else:
            rest[name] = shapes.render(member, value)
    return status, headers, answer[payload] if payload else json.dumps(rest).encode()
