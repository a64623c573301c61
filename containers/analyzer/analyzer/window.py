"""The time window of a monitoring execution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_HOUR = timedelta(hours=1)


def parse_time(text: str) -> datetime:
    """An ISO 8601 time in UTC; one without an offset is taken as UTC.

    Raises: ValueError naming the text.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an ISO 8601 time, such as 2026-03-01T14:00:00Z") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


@dataclass(frozen=True)
class Window:
    """The half-open interval [start, end), in UTC; refuses an empty one."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(
                f"the window's start {self.start.isoformat()} is not before its end {self.end.isoformat()}"
            )

    @classmethod
    def parse(cls, start: str, end: str, minutes: int) -> Self:
        """The window of ISO 8601 texts; an empty start means `minutes` before the end."""
        last = parse_time(end)
        return cls(parse_time(start) if start else last - timedelta(minutes=minutes), last)

    def __contains__(self, time: datetime) -> bool:
        return self.start <= time < self.end

    def hours(self) -> Iterator[datetime]:
        """The start of every clock hour that the window touches."""
        hour = self.start.replace(minute=0, second=0, microsecond=0)
        while hour < self.end:
            yield hour
            hour += _HOUR

    def to_json(self) -> dict[str, str]:
        """Start and end as ISO 8601 texts."""
        return {"start": _text(self.start), "end": _text(self.end)}


def _text(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")
