"""A data-plane service: many small requests, errors named as the runtime APIs name them."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.cloud.kernel.errors import ApiError
from local.cloud.kernel.service import Service
from local.cloud.kernel.wire import JSON, Response

log = logging.getLogger("local.cloud")
WORKERS = 64


class DataPlaneError(ApiError):
    """An error with members of its own beside the message, such as ModelError's OriginalStatusCode."""

    def __init__(self, code: str, message: str, status: int, **members: Any) -> None:
        super().__init__(code, message, status)
        self.members = members


def validation_error(message: str) -> ApiError:
    """The runtime APIs call it ValidationError, where the control plane says ValidationException."""
    return ApiError("ValidationError", message)


class DataPlaneService(Service):
    """A service with worker threads of its own, so that slow models never hold up the rest of the cloud."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix=name)

    async def handle(self, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Response:
        """Answer one HTTP request."""
        try:
            operation, params = self._parse(method, path, headers, body, query)
            answer = await self._in_worker(self.call, operation.name, params)
        except ApiError as error:
            return _error(error)
        except Exception as error:
            log.exception("%s: %s %s failed", self.name, method, path)
            return _error(ApiError("InternalFailure", f"{type(error).__name__}: {error}", 500))
        return self._render(operation, answer)

    async def _in_worker(self, work: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._workers, lambda: context.run(work, *args))


def code_of(error: ApiError) -> str:
    """The error's code as the runtime APIs name it."""
    return "ValidationError" if error.code == "ValidationException" else error.code


def _error(error: ApiError) -> Response:
    code = code_of(error)
    members = getattr(error, "members", {})
    body = {"__type": code, "message": error.message, "Message": error.message, **members}
    return error.status, {**JSON, "x-amzn-errortype": code}, json.dumps(body).encode()
