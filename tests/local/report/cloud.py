"""A cloud that answers from a table, behind real boto3 clients: requests and answers fit botocore's model."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.validate import ParamValidator

Answer = dict[str, Any] | Exception | Callable[[dict[str, Any]], dict[str, Any]]


class FakeCloud:
    """`cloud(service)` gives a client; `answers` are by (service, operation), and may depend on the request."""

    def __init__(self, answers: dict[tuple[str, str], Answer]) -> None:
        self.answers = answers
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._clients: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._client(service)
        return self._clients[service]

    def _client(self, service: str) -> Any:
        session = boto3.session.Session(aws_access_key_id="000000000000", aws_secret_access_key="test")
        client = session.client(service, region_name="us-east-1")

        def provide(params: dict[str, Any], model: Any, **_: Any) -> None:
            self.requests.append((model.name, dict(params)))

        def answer(model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
            return _Http(), self._answer(service, model)

        client.meta.events.register("provide-client-params.*.*", provide)
        client.meta.events.register("before-call.*.*", answer)
        return client

    def _answer(self, service: str, model: Any) -> dict[str, Any]:
        found = self.answers.get((service, model.name))
        if callable(found) and not isinstance(found, Exception):
            found = found(self.requests[-1][1])
        if found is None:
            found = error("NotImplemented", f"no answer to {model.name}", model.name)
        if isinstance(found, Exception):
            raise found
        body = found.pop("__body", None) if "__body" in found else None
        report = ParamValidator().validate(found, model.output_shape)
        assert not report.has_errors(), f"{model.name}: {report.generate_report()}"
        if body is not None:
            return {**found, "Body": StreamingBody(io.BytesIO(body), len(body))}
        return found


def error(code: str, message: str = "", operation: str = "Operation") -> ClientError:
    """An error that the service answers."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class _Http:
    status_code = 200
    headers: dict[str, str] = {}
