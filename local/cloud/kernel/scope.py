"""Whose account and region a piece of work belongs to, in requests and in background work alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ministack.core.responses import get_account_id, get_region, request_scope


@dataclass(frozen=True)
class Scope:
    """An account and a region."""

    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """`arn:aws:<service>:<region>:<account>:<resource>`."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def current() -> Scope:
    """The scope of the request, or of the background work, that is running."""
    return Scope(get_account_id(), get_region())


@contextmanager
def use(scope: Scope) -> Iterator[None]:
    """Run a block in that scope: for work that no request started."""
    with request_scope(scope.account, scope.region):
        yield
