"""Values as a person reads them, with their units; what is missing reads `no data yet`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup

MISSING = Markup('<span class="none">no data yet</span>')
GOOD = ("COMPLETE", "SUCCEEDED", "INSERVICE", "APPROVED", "OK", "DONE", "UNCHANGED", "SUCCESSFUL")
BAD = ("FAIL", "ROLLBACK", "REJECT", "ALARM", "STOP", "OUTOFSERVICE")
BUSY = ("PROGRESS", "PENDING", "EXECUTING", "STARTING", "UPDATING", "CREATING", "DELETING", "RUNNING")


def tone(status: str) -> str:
    """`good`, `bad`, `busy` or `idle`: how a status of any AWS API is coloured."""
    word = status.upper().replace("-", "").replace(" ", "")
    # In this order: UPDATE_ROLLBACK_COMPLETE is bad, UPDATE_COMPLETE_CLEANUP_IN_PROGRESS is still busy.
    for name, parts in (("bad", BAD), ("busy", BUSY), ("good", GOOD)):
        if any(part in word for part in parts):
            return name
    return "idle"


def present(convert: Callable[[Any], str]) -> Callable[[Any], str]:
    """The filter, with `no data yet` for None."""

    def shown(value: Any) -> str:
        return MISSING if value is None else convert(value)

    return shown


@present
def duration(seconds: float) -> str:
    """Seconds as `850 ms`, `12.3 s`, `2 min 05 s` or `1 h 02 min`."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


@present
def milliseconds(value: float) -> str:
    """Milliseconds with three significant digits: `0.43 ms`, `8.21 ms`, `1,240 ms`."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


@present
def count(value: float) -> str:
    """A whole number with separators."""
    return f"{value:,.0f}"


@present
def decimal(value: float) -> str:
    """A ratio or distance with three decimals."""
    return f"{value:.3f}"


@present
def percent(share: float) -> str:
    """A share of 0 to 1 in percent."""
    return f"{share:.1%}"


@present
def plain(value: Any) -> str:
    """Any other value as text; an empty text is missing too."""
    return str(value) or MISSING


@present
def moment(value: datetime) -> str:
    """Date and time in UTC."""
    return f"{value:%Y-%m-%d %H:%M:%S} UTC"


@present
def clock(value: datetime) -> str:
    """The time of the day, in UTC."""
    return f"{value:%H:%M:%S}"


def breakable(name: str) -> Markup:
    """A name that may be broken after its underscores and dashes, where a column is narrow."""
    return Markup("<wbr>").join(re.split(r"(?<=[_-])", name))


FILTERS: dict[str, Callable[..., Any]] = {
    "breakable": breakable,
    "tone": tone,
    "duration": duration,
    "milliseconds": milliseconds,
    "count": count,
    "decimal": decimal,
    "percent": percent,
    "plain": plain,
    "moment": moment,
    "clock": clock,
}
