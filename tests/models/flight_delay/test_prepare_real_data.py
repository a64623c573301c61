from __future__ import annotations

from pathlib import Path

import pytest

from local.rehearsal import raw_data
from models.flight_delay import prepare


@pytest.fixture(scope="module")
def few_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real flights of 10 to 13 February 2013, in the raw layout."""
    folder = tmp_path_factory.mktemp("raw")
    flights = raw_data.write(folder, raw_data.months(["2013-02"]))[1]
    header, *rows = flights.read_text().splitlines()
    kept = [row for row in rows if row.split(",")[2] in ("10", "11", "12", "13")]
    flights.write_text("\n".join([header, *kept]) + "\n")
    return folder


def test_real_flights_become_rows_with_plausible_features(few_days: Path) -> None:
    tables = prepare.load(few_days, 4)
    rows = prepare.engineer(tables["flights"].rows, tables["weather"].rows, tables["planes"].rows)
    assert rows["day"].nunique() == 4
    assert rows["flight_id"].is_unique
    assert 0.05 < rows["arrived_late"].mean() < 0.5
    assert rows["temperature_fahrenheit"].notna().mean() > 0.95
    assert rows["seats"].notna().mean() > 0.8
    assert rows["day_of_week"].between(1, 7).all()


def test_the_impossible_wind_of_12_february_is_set_aside(few_days: Path) -> None:
    (reason,) = prepare.load(few_days, 4)["weather"].rejected["reason"]
    assert reason == "wind_speed is out of range: 1048.36058 (allowed: 0 to 250)"
