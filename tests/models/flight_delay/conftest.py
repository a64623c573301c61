"""A small raw data set: two months of flights, hourly weather and two planes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

FLIGHTS = "time_hour,minute,sched_arr_time,carrier,flight,origin,dest,distance,tailnum,arr_delay"
WEATHER = "origin,time_hour,temp,dewp,humid,wind_speed,precip,pressure,visib"
PLANES = "tailnum,year,seats"
DAYS = 40
FIRST = datetime(2013, 1, 1, 5, tzinfo=ZoneInfo("America/New_York"))


def _hours() -> Iterator[tuple[str, str]]:
    """Two departure hours a day, as the month's name and the time in UTC."""
    for number in range(DAYS):
        for hour in (5, 20):
            local = FIRST.replace(hour=hour) + timedelta(days=number)
            yield f"{local:%Y-%m}", f"{local.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def raw(base: Path) -> Path:
    """40 days from 1 January, two hours each, in each a flight that is on time and one that is late."""
    folder = base / "processing" / "input" / "raw"
    lines: dict[str, list[str]] = {"planes/planes.csv": [PLANES, "N1,1999,149", "N2,NA,55"]}
    for month, hour in _hours():
        flights = lines.setdefault(f"flights/{month}.csv", [FLIGHTS])
        flights.append(f"{hour},15,819,UA,1545,EWR,IAH,1400,N1,15")
        flights.append(f"{hour},30,2400,AA,2,LGA,MIA,1096,N9,16")
        weather = lines.setdefault(f"weather/{month}.csv", [WEATHER])
        weather.append(f"EWR,{hour},39.02,26.06,59.37,10.5,0,1012.1,10")
    for name, rows in lines.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join(rows) + "\n")
    return folder


def append(file: Path, line: str) -> None:
    """Add a line to a CSV file."""
    file.write_text(file.read_text() + line + "\n")
