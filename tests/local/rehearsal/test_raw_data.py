from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from local.rehearsal import raw_data


class Bucket:
    """Keeps what an S3 client is asked to put."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_object(self, **request: Any) -> None:
        self.objects[f"{request['Bucket']}/{request['Key']}"] = request["Body"]


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_month_holds_all_its_flights_and_weather_as_published() -> None:
    (january,) = raw_data.months(["2013-01"])
    flights, weather = _rows(january.flights), _rows(january.weather)
    assert len(flights) == 27_004
    assert {row["month"] for row in flights} == {row["month"] for row in weather} == {"1"}
    assert flights[0]["dep_time"] == "517"


def test_months_come_in_the_order_asked_for() -> None:
    assert [month.name for month in raw_data.months(["2013-06", "2013-03"])] == ["2013-06", "2013-03"]


def test_a_month_that_is_not_in_the_package_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no month '2014-01'; it has 2013-01, .*2013-12"):
        next(raw_data.months(["2014-01"]))


def test_the_raw_layout_is_uploaded_below_the_prefix() -> None:
    bucket: Any = Bucket()
    keys = raw_data.upload(bucket, "raw", "flight-delay/", raw_data.months(["2013-02"]))
    assert keys == [
        "flight-delay/planes/planes.csv",
        "flight-delay/flights/2013-02.csv",
        "flight-delay/weather/2013-02.csv",
    ]
    assert bucket.objects["raw/flight-delay/planes/planes.csv"].startswith(b"tailnum,year,")


def test_the_raw_layout_is_written_to_a_folder(tmp_path: Path) -> None:
    files = raw_data.write(tmp_path, raw_data.months(["2013-02"]))
    assert [file.relative_to(tmp_path).as_posix() for file in files][1:] == [
        "flights/2013-02.csv",
        "weather/2013-02.csv",
    ]
    assert len(_rows(files[1].read_text())) == 24_951


def test_the_package_itself_is_never_imported() -> None:
    assert raw_data.PACKAGE not in sys.modules
