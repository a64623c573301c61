"""The pipeline's first step: joins flights with weather and planes, engineers features, splits by time, ingests.

Input `raw`: `flights/YYYY-MM.csv`, `weather/YYYY-MM.csv`, `planes/planes.csv`. Outputs: `train`, `validation`, `test`
(label first, then the features), `baseline` (the training rows' features) and `rejected` (the rows set aside, each with
its reason, and `summary.json`).
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3
import pandas as pd
from botocore.config import Config
from contract import paths
from trainer import feature_store, raw_csv
from trainer.raw_csv import Column, Table

RECORD_IDENTIFIER = "flight_id"
EVENT_TIME = "scheduled_departure"
LABEL = "arrived_late"
LATE_MINUTES = 15
LOCAL_ZONE = "America/New_York"  # where all the flights depart: their days and hours are local
HELD_OUT_FRACTION = 0.1  # of the days for validation, and as many after them for the test
FEATURES = {
    "carrier": "string",
    "origin": "string",
    "destination": "string",
    "distance_miles": "integral",
    "scheduled_departure_hour": "integral",
    "scheduled_arrival_hour": "integral",
    "day_of_week": "integral",
    "seats": "integral",
    "plane_age_years": "integral",
    "temperature_fahrenheit": "fractional",
    "dew_point_fahrenheit": "fractional",
    "humidity_percent": "fractional",
    "wind_speed_mph": "fractional",
    "precipitation_inches": "fractional",
    "pressure_millibars": "fractional",
    "visibility_miles": "fractional",
}
"""The features of model.yaml, in its order."""

FLIGHTS = (
    Column("time_hour", "time"),  # the scheduled departure's hour, UTC
    Column("minute", "number", minimum=0, maximum=59),
    Column("sched_arr_time", "number", minimum=0, maximum=2400),  # local at the destination, HHMM
    Column("carrier"),
    Column("flight", "number", minimum=1),
    Column("origin"),
    Column("dest"),
    Column("distance", "number", minimum=1, maximum=12_000),
    Column("tailnum", required=False),
    Column("arr_delay", "number", required=False),  # minutes; none if cancelled, diverted or still in the air
)
# The limits are wider than any record at sea level: beyond them a value is a slip (one hour of 2013 has 1,048 mph).
WEATHER = (
    Column("origin"),
    Column("time_hour", "time"),
    Column("temp", "number", required=False, minimum=-80, maximum=140),
    Column("dewp", "number", required=False, minimum=-100, maximum=100),
    Column("humid", "number", required=False, minimum=0, maximum=101),
    Column("wind_speed", "number", required=False, minimum=0, maximum=250),
    Column("precip", "number", required=False, minimum=0, maximum=20),
    Column("pressure", "number", required=False, minimum=850, maximum=1100),
    Column("visib", "number", required=False, minimum=0, maximum=100),
)
PLANES = (
    Column("tailnum"),
    Column("year", "number", required=False, minimum=1900, maximum=2100),
    Column("seats", "number", required=False, minimum=1, maximum=1000),
)

logger = logging.getLogger("prepare")


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare the data of one training run.

    Raises: ValueError if raw files or columns are missing, too many rows are malformed, or too few days are labelled.
    """
    options = _parse(arguments)
    tables = load(paths.processing_dir("input", "raw"), options.training_days)
    rows = engineer(tables["flights"].rows, tables["weather"].rows, tables["planes"].rows)
    last = rows.loc[rows[LABEL].notna(), "day"].max()
    first = last - pd.Timedelta(days=options.training_days - 1)
    window = rows[rows["day"].between(first, last)]
    labelled = window[window[LABEL].notna()]
    parts = split(labelled)
    summary = {
        "data_version": options.data_version,
        "first_day": f"{labelled['day'].min():%Y-%m-%d}",
        "last_day": f"{last:%Y-%m-%d}",
        "rows": {name: len(part) for name, part in parts.items()},
        "unlabelled_flights": len(window) - len(labelled),
        "rejected": {name: len(table.rejected) for name, table in tables.items()},
    }
    logger.info("prepared", extra=summary)
    write_rejected(tables, summary)
    refuse_if_mostly_rejected(tables, options.max_rejected_fraction)
    write_parts(parts)
    if options.feature_group:
        ingest(options.feature_group, labelled, options.online_days, options.data_version)


def load(raw: Path, training_days: int) -> dict[str, Table]:
    """The raw tables `flights`, `weather` and `planes`, of the months that the training window needs.

    Raises: ValueError naming every missing file and column, or if no flight has landed yet.
    """
    months = sorted(file.stem for file in raw.glob("flights/*.csv") if re.fullmatch(r"\d{4}-\d{2}", file.stem))
    check_layout(raw, months)
    flights: list[Table] = []
    first = ""
    for month in reversed(months):
        if month < first:
            break
        flights.insert(0, raw_csv.read(raw / "flights" / f"{month}.csv", FLIGHTS))
        landed = flights[0].rows.dropna(subset="arr_delay")
        if not first and not landed.empty:
            first = f"{local_times(landed).max() - pd.Timedelta(days=training_days - 1):%Y-%m}"
    if not first:
        raise ValueError(f"no flight in {raw}/flights has an arrival delay: there is nothing to learn from")
    table = raw_csv.concat(flights)
    weather = raw_csv.concat(
        [raw_csv.read(raw / "weather" / f"{month}.csv", WEATHER) for month in months[-len(flights) :]]
    )
    planes = raw_csv.read(raw / "planes" / "planes.csv", PLANES)
    return {
        "flights": table.reject(flight_ids(table.rows).duplicated(), "the flight is there twice"),
        "weather": weather.reject(weather.rows.duplicated(["origin", "time_hour"]), "the hour is there twice"),
        "planes": planes.reject(planes.rows.duplicated("tailnum"), "the plane is there twice"),
    }


def check_layout(raw: Path, months: Sequence[str]) -> None:
    """Raises: ValueError naming every file, and every column of a file, that is missing."""
    if not months:
        raise ValueError(f"{raw}/flights holds no file named YYYY-MM.csv")
    expected: dict[str, Sequence[Column]] = {f"flights/{month}.csv": FLIGHTS for month in months}
    expected |= {f"weather/{month}.csv": WEATHER for month in months} | {"planes/planes.csv": PLANES}
    problems = []
    for name, columns in expected.items():
        if not (raw / name).is_file():
            problems.append(f"{name} is missing")
        elif missing := raw_csv.missing_columns(raw / name, columns):
            problems.append(f"{name} lacks the columns {', '.join(missing)}")
    if problems:
        raise ValueError(f"raw data in {raw}: " + "; ".join(problems))


def departure_times(flights: pd.DataFrame) -> pd.Series[Any]:
    """The scheduled departures in UTC."""
    times: pd.Series[Any] = flights["time_hour"] + pd.to_timedelta(flights["minute"], unit="min")
    return times


def local_times(flights: pd.DataFrame) -> pd.Series[Any]:
    """The scheduled departures in local time, without a zone."""
    local: pd.Series[Any] = departure_times(flights).dt.tz_convert(LOCAL_ZONE).dt.tz_localize(None)
    return local


def flight_ids(flights: pd.DataFrame) -> pd.Series[Any]:
    """Identifiers such as `2013-01-01-UA-1545-EWR-0515`: local day, carrier, flight, origin, local time."""
    local = local_times(flights)
    number = flights["flight"].astype("int64").astype(str)
    names = flights["carrier"] + "-" + number + "-" + flights["origin"]
    identifiers: pd.Series[Any] = local.dt.strftime("%Y-%m-%d-") + names + local.dt.strftime("-%H%M")
    return identifiers


def engineer(flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame) -> pd.DataFrame:
    """A row for each flight, by departure: identifier, event time (ISO-8601 UTC), `day` (local), label, features.

    The label is missing while a flight has no arrival delay; what weather or planes do not know is missing.
    """
    joined = flights.merge(weather, on=["origin", "time_hour"], how="left", validate="many_to_one")
    joined = joined.merge(planes, on="tailnum", how="left", validate="many_to_one", suffixes=("", "_plane"))
    local = local_times(joined)
    columns = {
        RECORD_IDENTIFIER: flight_ids(joined),
        EVENT_TIME: departure_times(joined).dt.strftime(raw_csv.TIME_FORMAT),
        "day": local.dt.normalize(),
        LABEL: (joined["arr_delay"] > LATE_MINUTES).astype("Int64").mask(joined["arr_delay"].isna()),
        "carrier": joined["carrier"],
        "origin": joined["origin"],
        "destination": joined["dest"],
        "distance_miles": joined["distance"],
        "scheduled_departure_hour": local.dt.hour,
        "scheduled_arrival_hour": joined["sched_arr_time"] // 100 % 24,
        "day_of_week": local.dt.day_of_week + 1,  # Monday is 1
        "seats": joined["seats"],
        "plane_age_years": (local.dt.year - joined["year"]).clip(lower=0),
        "temperature_fahrenheit": joined["temp"],
        "dew_point_fahrenheit": joined["dewp"],
        "humidity_percent": joined["humid"],
        "wind_speed_mph": joined["wind_speed"],
        "precipitation_inches": joined["precip"],
        "pressure_millibars": joined["pressure"],
        "visibility_miles": joined["visib"],
    }
    rows = pd.DataFrame(columns)
    whole = [name for name, kind in FEATURES.items() if kind == "integral"]
    rows[whole] = rows[whole].astype("Int64")
    return rows.sort_values([EVENT_TIME, RECORD_IDENTIFIER], ignore_index=True)


def split(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Train, validation and test rows in the order of time, cut between local days.

    Raises: ValueError with fewer than three days.
    """
    days = sorted(rows["day"].unique())
    if len(days) < 3:
        raise ValueError(f"{len(days)} labelled days cannot be split into train, validation and test: 3 are needed")
    held_out = max(1, round(len(days) * HELD_OUT_FRACTION))
    validation, test = days[-2 * held_out], days[-held_out]
    return {
        "train": rows[rows["day"] < validation],
        "validation": rows[(rows["day"] >= validation) & (rows["day"] < test)],
        "test": rows[rows["day"] >= test],
    }


def write_rejected(tables: dict[str, Table], summary: dict[str, Any]) -> None:
    """Write the rejected rows of each table, with their reasons, and the summary of the run."""
    folder = paths.processing_dir("output", "rejected")
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.rejected.to_csv(folder / f"{name}.csv", index=False)
    (folder / "summary.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")


def refuse_if_mostly_rejected(tables: dict[str, Table], limit: float) -> None:
    """Raises: ValueError if a larger fraction of a table's rows than `limit` was rejected; the reason is shown."""
    for name, table in tables.items():
        rejected = len(table.rejected)
        if rejected > limit * (rejected + len(table.rows)):
            example = table.rejected["reason"].iloc[0]
            raise ValueError(f"{name}: {rejected} rows are malformed, over {limit:.0%}; the first: {example}")


def write_parts(parts: dict[str, pd.DataFrame]) -> None:
    """Write the CSV files of `train`, `validation`, `test` and `baseline`."""
    for name, rows in parts.items():
        _write_csv(name, rows[[LABEL, *FEATURES]])
    _write_csv("baseline", parts["train"][list(FEATURES)])


def ingest(name: str, rows: pd.DataFrame, online_days: int, version: str) -> None:
    """Write all rows to the feature group's offline store, and those of the newest days to its online store."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    config = Config(retries={"mode": "standard", "max_attempts": 5}, max_pool_connections=feature_store.THREADS)
    group = feature_store.describe(boto3.client("sagemaker", region_name=region, config=config), name)
    records = rows[[RECORD_IDENTIFIER, EVENT_TIME, LABEL, *FEATURES]]
    counts: dict[str, int] = {}
    if group.offline_uri is not None:
        s3 = boto3.client("s3", region_name=region, config=config)
        counts["offline_files"] = feature_store.write_offline(s3, group, records, version)
    if group.online:
        runtime = boto3.client("sagemaker-featurestore-runtime", region_name=region, config=config)
        newest = rows["day"] > rows["day"].max() - pd.Timedelta(days=online_days)
        counts["online_records"] = feature_store.put_online(runtime, group, records[newest])
    logger.info("ingested", extra={"feature_group": name, **counts})


def _write_csv(name: str, rows: pd.DataFrame) -> None:
    file = paths.processing_dir("output", name, f"{name}.csv")
    file.parent.mkdir(parents=True, exist_ok=True)
    rows.to_csv(file, index=False)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-version", required=True, help="names this state of the raw data")
    parser.add_argument("--training-days", type=int, required=True, help="length of the window of labelled days")
    parser.add_argument("--feature-group", default="", help="feature group to write to; none if empty")
    parser.add_argument("--online-days", type=int, default=1, help="the newest days that go to the online store")
    parser.add_argument("--max-rejected-fraction", type=float, default=0.05, help="more malformed rows fail the job")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
