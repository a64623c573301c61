from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from models.flight_delay import prepare

from .conftest import append

LATE_JANUARY = "2013-01-10T10:00:00Z"


def _run(*arguments: str) -> None:
    prepare.main(["--data-version", "v1", "--training-days", "40", *arguments])


def _output(base: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(base / "processing" / "output" / name / f"{name}.csv")


def _reasons(base: Path, name: str) -> list[str]:
    return list(pd.read_csv(base / "processing/output/rejected" / f"{name}.csv")["reason"])


def _summary(base: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((base / "processing/output/rejected/summary.json").read_text())
    return document


def _engineer(raw: Path) -> pd.DataFrame:
    tables = prepare.load(raw, 40)
    return prepare.engineer(tables["flights"].rows, tables["weather"].rows, tables["planes"].rows)


def test_the_features_are_those_of_the_model_s_schema() -> None:
    schema = yaml.safe_load(Path(prepare.__file__).with_name("model.yaml").read_text())["schema"]
    assert list(prepare.FEATURES.items()) == [(entry["name"], entry["type"]) for entry in schema["features"]]
    assert schema["record_identifier"] == prepare.RECORD_IDENTIFIER
    assert schema["event_time"] == prepare.EVENT_TIME
    assert schema["label"] == prepare.LABEL


def test_a_flight_is_joined_with_its_weather_and_its_plane(raw: Path) -> None:
    first = _engineer(raw).iloc[0].to_dict()
    assert first == {
        "flight_id": "2013-01-01-UA-1545-EWR-0515",
        "scheduled_departure": "2013-01-01T10:15:00Z",
        "day": pd.Timestamp("2013-01-01"),
        "arrived_late": 0,
        "carrier": "UA",
        "origin": "EWR",
        "destination": "IAH",
        "distance_miles": 1400,
        "scheduled_departure_hour": 5,
        "scheduled_arrival_hour": 8,
        "day_of_week": 2,
        "seats": 149,
        "plane_age_years": 14,
        "temperature_fahrenheit": 39.02,
        "dew_point_fahrenheit": 26.06,
        "humidity_percent": 59.37,
        "wind_speed_mph": 10.5,
        "precipitation_inches": 0.0,
        "pressure_millibars": 1012.1,
        "visibility_miles": 10.0,
    }


def test_more_than_fifteen_minutes_is_late_and_unknown_weather_and_planes_are_missing(raw: Path) -> None:
    second = _engineer(raw).iloc[1]
    assert (second["arrived_late"], second["scheduled_arrival_hour"]) == (1, 0)
    assert second[["seats", "plane_age_years", "temperature_fahrenheit"]].isna().all()


def test_an_evening_flight_belongs_to_its_local_day(raw: Path) -> None:
    evening = _engineer(raw).iloc[2]
    assert evening["scheduled_departure"] == "2013-01-02T01:15:00Z"
    assert (evening["day"], evening["scheduled_departure_hour"]) == (pd.Timestamp("2013-01-01"), 20)
    assert evening["flight_id"] == "2013-01-01-UA-1545-EWR-2015"


def test_the_data_sets_are_cut_in_the_order_of_time(base: Path, raw: Path) -> None:
    _run()
    train, validation, test = (_output(base, name) for name in ("train", "validation", "test"))
    assert (len(train), len(validation), len(test)) == (32 * 4, 4 * 4, 4 * 4)
    assert list(train.columns) == [prepare.LABEL, *prepare.FEATURES]
    # 1 January 2013 was a Tuesday; the test rows are the last four days, to Saturday 9 February.
    assert test["day_of_week"].unique().tolist() == [3, 4, 5, 6]


def test_the_baseline_is_the_training_rows_without_their_label(base: Path, raw: Path) -> None:
    _run()
    expected = _output(base, "train").drop(columns=prepare.LABEL)
    pd.testing.assert_frame_equal(_output(base, "baseline"), expected)


def test_integers_are_written_as_integers_and_missing_values_as_nothing(base: Path, raw: Path) -> None:
    _run()
    lines = (base / "processing/output/train/train.csv").read_text().splitlines()
    assert lines[1] == "0,UA,EWR,IAH,1400,5,8,2,149,14,39.02,26.06,59.37,10.5,0.0,1012.1,10.0"
    assert lines[2] == "1,AA,LGA,MIA,1096,5,0,2,,,,,,,,,"


def test_the_window_ends_at_the_newest_labelled_day(base: Path, raw: Path) -> None:
    append(raw / "flights/2013-02.csv", "2013-02-20T10:00:00Z,15,819,UA,1545,EWR,IAH,1400,N1,NA")
    prepare.main(["--data-version", "v1", "--training-days", "10"])
    summary = _summary(base)
    assert (summary["first_day"], summary["last_day"]) == ("2013-01-31", "2013-02-09")
    assert sum(summary["rows"].values()) == 10 * 4


def test_months_before_the_window_are_not_read(base: Path, raw: Path) -> None:
    (raw / "flights/2013-01.csv").write_text((raw / "flights/2013-02.csv").read_text().splitlines()[0] + "\nbroken\n")
    prepare.main(["--data-version", "v1", "--training-days", "9"])
    assert _summary(base)["rejected"]["flights"] == 0


def test_flights_without_arrival_are_left_out_and_counted(base: Path, raw: Path) -> None:
    append(raw / "flights/2013-01.csv", f"{LATE_JANUARY},45,819,UA,7,EWR,IAH,1400,N1,NA")
    _run()
    summary = _summary(base)
    assert summary["unlabelled_flights"] == 1
    assert sum(summary["rows"].values()) == 160


def test_malformed_rows_are_set_aside_with_their_reason(base: Path, raw: Path) -> None:
    append(raw / "flights/2013-01.csv", f"{LATE_JANUARY},45,819,UA,7,EWR,IAH,far,N1,1")
    append(raw / "weather/2013-01.csv", f"JFK,{LATE_JANUARY},39,26,59,1048.36,0,1012,10")
    _run()
    assert _reasons(base, "flights") == ["distance is not a number: far"]
    assert _reasons(base, "weather") == ["wind_speed is out of range: 1048.36 (allowed: 0 to 250)"]
    assert _summary(base)["rejected"] == {"flights": 1, "weather": 1, "planes": 0}


@pytest.mark.parametrize(
    ("name", "file", "reason"),
    [
        ("flights", "flights/2013-01.csv", "the flight is there twice"),
        ("weather", "weather/2013-01.csv", "the hour is there twice"),
        ("planes", "planes/planes.csv", "the plane is there twice"),
    ],
)
def test_a_row_that_is_there_twice_is_used_once(base: Path, raw: Path, name: str, file: str, reason: str) -> None:
    append(raw / file, (raw / file).read_text().splitlines()[1])
    _run("--max-rejected-fraction", "0.5")
    assert _reasons(base, name) == [reason]
    assert sum(_summary(base)["rows"].values()) == 160


def test_too_many_malformed_rows_fail_the_job_after_they_were_written(base: Path, raw: Path) -> None:
    file = raw / "flights/2013-01.csv"
    file.write_text(file.read_text().replace(",IAH,1400,", ",IAH,far,"))
    with pytest.raises(ValueError, match="flights: 62 rows are malformed, over 5%; the first: distance"):
        _run()
    assert len(_reasons(base, "flights")) == 62


def test_everything_that_the_raw_data_lacks_is_named_at_once(raw: Path) -> None:
    (raw / "weather/2013-02.csv").unlink()
    (raw / "planes/planes.csv").write_text("tailnum,type\n")
    with pytest.raises(ValueError, match=r"weather/2013-02\.csv is missing; planes/planes\.csv lacks .* year, seats"):
        _run()


def test_raw_data_without_flights_is_refused(base: Path) -> None:
    with pytest.raises(ValueError, match=r"flights holds no file named YYYY-MM\.csv"):
        _run()


def test_raw_data_without_a_landed_flight_is_refused(raw: Path) -> None:
    for file in (raw / "flights").glob("*.csv"):
        file.write_text(file.read_text().replace(",15\n", ",\n").replace(",16\n", ",NA\n"))
    with pytest.raises(ValueError, match="nothing to learn from"):
        _run()


def test_fewer_than_three_days_cannot_be_split(raw: Path) -> None:
    with pytest.raises(ValueError, match="2 labelled days cannot be split"):
        prepare.main(["--data-version", "v1", "--training-days", "2"])
