"""Statistics of a data set against exact computation, and their form in statistics.json."""

from __future__ import annotations

import json
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from analyzer import documents, statistics, table
from analyzer.columns import Column, Statistics
from analyzer.table import Table
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Profile


def column(profiled: Statistics, name: str) -> Column:
    found = profiled.column(name)
    assert found is not None
    return found


def test_types_are_inferred_from_what_is_written(profile: Profile) -> None:
    names = ["whole", "broken", "text", "mixed", "nothing", "code"]
    rows = [["1", "1.0", "a", "1", "", "1e5"], ["-2", "2", "b", "x", "", "9E"], ["", "NaN", "", "2", "NA", "7"]]
    types = {c.name: c.inferred_type for c in profile(names, rows).columns}
    assert types == {
        "whole": "Integral",
        "broken": "Fractional",
        "text": "String",
        "mixed": "String",
        "nothing": "Unknown",
        "code": "String",
    }


def test_words_for_a_missing_number_are_missing_in_numbers_and_values_in_texts(profile: Profile) -> None:
    profiled = profile(["seats", "country"], [["1", "NA"], ["NA", "DE"], ["nan", ""], ["", "NA"]])
    seats, country = column(profiled, "seats"), column(profiled, "country")
    assert (seats.num_present, seats.num_missing, seats.completeness) == (1, 3, 0.25)
    assert (country.num_present, country.num_missing) == (3, 1)
    assert country.texts is not None
    assert country.texts.counts == {"NA": 2, "DE": 1}


@settings(deadline=None, max_examples=40)
@given(values=st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=60))
def test_moments_are_those_of_numpy(values: list[float]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "data.csv"
        file.write_text("x\n" + "".join(f"{value!r}\n" for value in values))
        with Table([file], Path(folder)) as opened:
            numbers = statistics.compute(opened).columns[0].numbers
    assert numbers is not None
    assert numbers.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-6)
    assert numbers.std_dev == pytest.approx(np.std(values), rel=1e-6, abs=1e-6)
    assert numbers.sum == pytest.approx(math.fsum(values), rel=1e-9, abs=1e-3)
    assert (numbers.min, numbers.max, numbers.sketch.count) == (min(values), max(values), len(values))


def test_batches_add_up(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BATCH_ROWS", 7)
    values = np.random.default_rng(3).normal(1e6, 1, 100).tolist()
    numbers = column(profile(["x"], [[value] for value in values]), "x").numbers
    assert numbers is not None
    assert numbers.std_dev == pytest.approx(np.std(values), rel=1e-9)
    assert numbers.sketch.count == 100


def test_the_most_frequent_categories_are_counted(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "CATEGORY_LIMIT", 2)
    texts = column(profile(["x"], [[text] for text in "abacabd"]), "x").texts
    assert texts is not None
    assert (texts.distinct_count, texts.counts, texts.complete) == (4, {"a": 3, "b": 2}, False)


def test_expected_types_are_kept_and_their_share_is_measured(profile: Profile) -> None:
    expected = {
        "seats": "Integral",
        "temperature": "Fractional",
        "carrier": "String",
        "new": "Unknown",
        "broken": "Integral",
    }
    rows = [
        ["1", "1", "1", "1", "x"],
        ["2.0", "2.5", "2", "2", "y"],
        ["2.5", "hot", "", "", "z"],
        ["x", "", "", "", "1.5"],
    ]
    profiled = profile(list(expected), rows, expected)
    observed = {c.name: (c.inferred_type, round(c.type_match, 3)) for c in profiled.columns}
    assert observed == {
        "seats": ("Integral", 0.5),
        "temperature": ("Fractional", 0.667),
        "carrier": ("String", 1.0),
        "new": ("Integral", 1.0),
        "broken": ("Integral", 0.0),
    }


def test_a_numeric_column_without_a_number_becomes_a_string(profile: Profile) -> None:
    found = column(profile(["seats"], [["many"], ["few"]], {"seats": "Integral"}), "seats")
    assert (found.inferred_type, found.type_match) == ("String", 0.0)


@pytest.mark.parametrize("text", ['"', "a,b", "line\nbreak", "back\\slash", "ü", " x ", "a\r\nb", "'"])
def test_texts_are_read_as_they_were_written(profile: Profile, text: str) -> None:
    texts = column(profile(["x", "y"], [[text, "1"], ["plain", "2"]]), "x").texts
    assert texts is not None
    assert texts.counts == {text: 1, "plain": 1}


def test_statistics_have_the_schema_of_model_monitor(profile: Profile) -> None:
    document = profile(["seats", "carrier"], [["1", "UA"], ["3", "UA"], ["", "DL"]]).to_json()
    seats, carrier = document["features"]
    assert document["version"] == 0
    assert document["dataset"] == {"item_count": 3}
    assert seats["name"] == "seats"
    assert seats["inferred_type"] == "Integral"
    numbers = seats["numerical_statistics"]
    assert numbers["common"] == {"num_present": 2, "num_missing": 1}
    assert {key: numbers[key] for key in ("mean", "sum", "std_dev", "min", "max")} == {
        "mean": 2.0, "sum": 4.0, "std_dev": 1.0, "min": 1.0, "max": 3.0,
    }  # fmt: skip
    kll = numbers["distribution"]["kll"]
    assert len(kll["buckets"]) == 10
    assert kll["buckets"][0].keys() == {"lower_bound", "upper_bound", "count"}
    assert kll["sketch"]["parameters"].keys() == {"c", "k"}
    assert [sorted(level) for level in kll["sketch"]["data"]] == [[1.0, 3.0]]
    assert carrier["string_statistics"] == {
        "common": {"num_present": 3, "num_missing": 0},
        "distinct_count": 2,
        "distribution": {"categorical": {"buckets": [{"value": "UA", "count": 2}, {"value": "DL", "count": 1}]}},
    }


def test_statistics_survive_json(profile: Profile) -> None:
    document = profile(["seats", "carrier", "none"], [["1", "UA", ""], ["3.5", "", ""]]).to_json()
    assert Statistics.from_json(json.loads(json.dumps(document))).to_json() == document


def test_statistics_of_another_schema_are_refused() -> None:
    with pytest.raises(ValueError, match=r"statistics\.json is not in Model Monitor's schema"):
        Statistics.from_json({"features": [{}], "dataset": {"item_count": 1}})


def test_an_overflow_is_still_valid_json(profile: Profile, tmp_path: Path) -> None:
    document = profile(["x"], [["1.7e308"], ["-1.7e308"], ["1.7e308"]]).to_json()
    documents.write(tmp_path / "statistics.json", document)
    read = documents.read(tmp_path / "statistics.json")
    assert read["features"][0]["numerical_statistics"]["std_dev"] is None
    assert math.isnan(Statistics.from_json(read).columns[0].numbers.std_dev)  # type: ignore[union-attr]


def test_files_are_read_together_and_must_agree(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("a,b\n1,2\n")
    second.write_text("a,b\n3,4\n")
    with Table([first, second], tmp_path / "work") as opened:
        assert opened.row_count == 2
    second.write_text("b,a\n3,4\n")
    with pytest.raises(ValueError, match=r"2\.csv has the columns b, a; .*1\.csv has a, b"):
        Table([first, second], tmp_path / "other")


@pytest.mark.parametrize(("text", "reason"), [("", "is empty"), ("a,a\n1,2\n", "more than one column a")])
def test_a_file_without_usable_header_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "data.csv").write_text(text)
    with pytest.raises(ValueError, match=reason):
        Table([tmp_path / "data.csv"], tmp_path)


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no CSV file"):
        Table([], tmp_path)


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_file_that_holds_no_json_object_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ValueError, match=r"x\.json"):
        documents.read(tmp_path / "x.json")
