"""One mistake in the configuration, and how it must be reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DEV = "config/dev.yaml"
OVERRIDES = "models.flight-delay"


@dataclass(frozen=True)
class Bad:
    """One mistake: the change that makes it, and where and how it must be reported."""

    name: str
    file: str
    key: str
    """The key that is changed."""
    value: Any
    line_with: str
    """Text of the line that must be reported; `a > b` is the first line with b from the first line with a on."""
    says: tuple[str, ...]
    """What the message must mention."""
    reported_key: str | None = None
    """The key that must be reported, if it is another one."""

    @property
    def expected_key(self) -> str:
        return self.reported_key if self.reported_key is not None else self.key
