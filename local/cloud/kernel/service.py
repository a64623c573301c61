"""A service: the operations that it has, and the way of a request through them."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import OperationModel

from local.cloud.kernel import shapes
from local.cloud.kernel.errors import ApiError, not_supported
from local.cloud.kernel.wire import JSON, Response, error_response, parse_rest, render_rest

Handler = Callable[[dict[str, Any]], Mapping[str, Any] | None]
log = logging.getLogger("local.cloud")


class Service:
    """One AWS service by its botocore name; its operations are plain functions from request to answer.

    An operation that botocore does not know is refused when it is declared; one that botocore knows and nobody
    declared answers with a clear error.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.model = shapes.service_model(name)
        self._handlers: dict[str, Handler] = {}

    def operation(self, name: str) -> Callable[[Handler], Handler]:
        """Declare the function that answers this operation. It gets and returns botocore's parameter names."""
        self.model.operation_model(name)

        def declare(handler: Handler) -> Handler:
            self._handlers[name] = handler
            return handler

        return declare

    @property
    def operations(self) -> list[str]:
        """The operations that are answered, sorted."""
        return sorted(self._handlers)

    def call(self, name: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation in this process, with the same validation as from outside.

        Raises:
            ApiError: as the operation answers it.
        """
        operation = self.model.operation_model(name)
        shape = operation.input_shape
        request = shapes.parse(shape, dict(params)) if shape else {}
        if shape:
            shapes.validate(shape, request)
        handler = self._handlers.get(name)
        if handler is None:
            raise not_supported(self.name, name)
        return dict(handler(request) or {})

    async def handle(self, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Response:
        """Answer one HTTP request; the work is done in a thread, so that it may call the cloud itself."""
        try:
            operation, params = self._parse(method, path, headers, body, query)
        except ApiError as error:
            return error_response(error)
        try:
            answer = await asyncio.to_thread(self.call, operation.name, params)
        except ApiError as error:
            return error_response(error)
        except Exception as error:
            log.exception("%s:%s failed", self.name, operation.name)
            return error_response(ApiError("InternalFailure", f"{type(error).__name__}: {error}", 500))
        return self._render(operation, answer)

    def _parse(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: Any
    ) -> tuple[OperationModel, dict[str, Any]]:
        if self.model.protocol == "rest-json":
            return parse_rest(self.model, method, path, headers, body, query)
        name = headers.get("x-amz-target", "").rpartition(".")[2]
        if name not in self.model.operation_names:
            raise ApiError("UnknownOperationException", f"{self.name} has no operation '{name}'")
        try:
            params = json.loads(body or b"{}")
        except ValueError as error:
            raise ApiError("SerializationException", f"the request body is not JSON: {error}") from error
        return self.model.operation_model(name), params

    def _render(self, operation: OperationModel, answer: dict[str, Any]) -> Response:
        if self.model.protocol == "rest-json":
            return render_rest(operation, answer)
        shape = operation.output_shape
        return 200, dict(JSON), json.dumps(shapes.render(shape, answer) if shape else {}).encode()
