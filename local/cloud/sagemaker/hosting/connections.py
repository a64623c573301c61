"""Keep-alive connections to one serving process."""

from __future__ import annotations

import http.client
from collections import deque
from dataclasses import dataclass

TIMEOUT_SECONDS = 60
"""A model must answer within 60 seconds. Source: SageMaker developer guide, "How containers serve requests"."""


class UnreachableError(Exception):
    """The process did not take the request at all: another instance may be asked instead."""


@dataclass(frozen=True)
class Answer:
    """A container's answer to an invocation; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connections:
    """A pool of HTTP/1.1 connections to one port of 127.0.0.1; safe for many threads."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: deque[http.client.HTTPConnection] = deque()

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one request, over an idle connection if there is one.

        Raises:
            UnreachableError: if the request could not be sent.
            TimeoutError: if the answer did not come in time.
            OSError, http.client.HTTPException: if the process broke off in the middle of its answer.
        """
        while self._idle:
            try:
                return self._exchange(self._idle.pop(), path, body, headers)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                continue  # it was closed while idle: that request was never read
            except IndexError:
                break  # another thread took the last one
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            raise UnreachableError(str(error)) from error
        return self._exchange(connection, path, body, headers)

    def _exchange(
        self, connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]
    ) -> Answer:
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            data = response.read()
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, data)

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()
