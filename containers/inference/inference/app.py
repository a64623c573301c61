"""The web layer: hands the requests of the server (RSGI) to the service."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from contract import log, paths

from inference import service
from inference.settings import Settings

if TYPE_CHECKING:
    from inference.model import Model

INLINE_BYTES = 64 * 1024
"""A larger body is answered in a thread, so that it does not keep small ones (and pings) waiting."""
_logger = logging.getLogger(__name__)


class Application:
    """An RSGI application that loads its model in the background, so that /ping can answer meanwhile.

    Requests that arrive before it is loaded wait for it; only /ping tells that it is not ready.
    """

    def __init__(self) -> None:
        self._model: Model | None = None
        self._loaded = asyncio.Event()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start loading; called once in each worker process."""
        log.configure()
        threading.Thread(target=self._load, args=(loop,), daemon=True).start()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        body = await _read(protocol)
        if body is None:
            response = service.too_large()
        else:
            if scope.path == "/invocations":
                await self._loaded.wait()
            response = await self._respond(scope, body)
        headers = [("content-type", response.content_type)]
        protocol.response_bytes(status=response.status, headers=headers, body=response.body)

    async def _respond(self, scope: Any, body: bytes) -> service.Response:
        headers = {name: scope.headers.get(name) for name in ("content-type", "accept") if name in scope.headers}
        arguments = (scope.method, scope.path, headers, body, self._model)
        if len(body) <= INLINE_BYTES:
            return service.respond(*arguments)
        return await asyncio.get_running_loop().run_in_executor(None, service.respond, *arguments)

    def _load(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            # XGBoost imports scikit-learn where there is one, for wrappers that are not used here: three seconds.
            sys.modules.setdefault("sklearn", None)  # type: ignore[arg-type]
            # Only here, for it imports XGBoost, which takes a second in which /ping can already answer.
            from inference.model import load_model

            self._model = load_model(paths.model_dir(), threads=Settings.from_environment(os.environ).threads)
        except Exception:
            _logger.exception("the model cannot be loaded")
            # A container that will never be ready must end, so that SageMaker fails the deployment at once.
            os._exit(1)
        loop.call_soon_threadsafe(self._loaded.set)
        _logger.info("model loaded", extra={"features": len(self._model.features)})


async def _read(protocol: Any) -> bytes | None:
    """The body; None if it is over the limit. Then too it is read to its end: who still sends sees no answer."""
    chunks, size = [], 0
    async for chunk in protocol:
        size += len(chunk)
        if size <= service.MAX_BODY_BYTES:
            chunks.append(chunk)
    return b"".join(chunks) if size <= service.MAX_BODY_BYTES else None


app = Application()
