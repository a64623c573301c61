"""The rows that are sent: real flights, as a client would send them."""

from __future__ import annotations

import csv

from local.rehearsal import flights
from models.flight_delay.prepare import FEATURES


def test_rows_have_the_models_features_in_its_order_and_no_label() -> None:
    rows = list(csv.reader(flights.request_rows("2013-03", 40)))
    assert len(rows) == 40
    assert {len(row) for row in rows} == {len(FEATURES)}
    carriers = {row[list(FEATURES).index("carrier")] for row in rows}
    assert {"UA", "B6"} <= carriers


def test_rows_are_spread_over_the_month_and_always_the_same() -> None:
    rows = flights.request_rows("2013-03", 40)
    assert len(set(rows)) > 35
    flights.request_rows.cache_clear()
    assert flights.request_rows("2013-03", 40) == rows
