"""Schedule expressions of EventBridge Scheduler: `rate(...)` and `cron(...)`, checked field by field.

Source: EventBridge Scheduler user guide, "Schedule types".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)")
_CRON = re.compile(r"cron\(([^()]*)\)")


@dataclass(frozen=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    special: str | None = None

    def number(self, text: str) -> int | None:
        """The number that `text` means in this field; None if it means none."""
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.low
        return int(text) if text.isdecimal() and self.low <= int(text) <= self.high else None

    def accepts(self, text: str) -> bool:
        """True if `text` is a list of values, ranges and steps of this field."""
        if self.special is not None and re.fullmatch(self.special, text.upper()):
            return True
        return all(self._accepts_part(part) for part in text.split(","))

    def _accepts_part(self, part: str) -> bool:
        value, slash, step = part.partition("/")
        if slash and not (step.isdecimal() and 1 <= int(step) <= self.high):
            return False
        if value == "*":
            return True
        first, dash, last = value.partition("-")
        low, high = self.number(first), self.number(last if dash else first)
        return low is not None and high is not None and low <= high


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of month", 1, 31, special=r"\?|L|LW|L-([1-9]|[12]\d|30)|([1-9]|[12]\d|3[01])W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 1, 7, _DAYS, special=r"\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"),
    _Field("year", 1970, 2199),
)


def refusal(expression: str) -> str | None:
    """Why EventBridge Scheduler would refuse `expression` as a recurring schedule; None if it would not."""
    rate = _RATE.fullmatch(expression)
    if rate:
        singular, plural = rate[1] == "1", rate[3] == "s"
        return "1 takes the singular unit, other numbers the plural" if singular == plural else None
    cron = _CRON.fullmatch(expression)
    if cron is None:
        return "is neither rate(...) nor cron(...)"
    return _cron_refusal(cron[1].split())


def _cron_refusal(values: list[str]) -> str | None:
    if len(values) != len(_FIELDS):
        return f"has {len(values)} cron fields instead of {len(_FIELDS)}"
    for field, value in zip(_FIELDS, values, strict=True):
        if not field.accepts(value):
            return f"{value} is not a value of the field {field.name} ({field.low} to {field.high})"
    if (values[2] == "?") == (values[4] == "?"):
        return "exactly one of day of month and day of week must be ?"
    return None
