from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from trainer import dataset


def _write(folder: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        (folder / f"{number}.csv").write_text(text)
    return folder


def test_all_files_of_a_channel_are_read(tmp_path: Path) -> None:
    rows = dataset.read(_write(tmp_path, "late,wind\n1,2.5\n", "late,wind\n0,3\n"), "late")
    assert rows.labels.tolist() == [1, 0]
    assert rows.features["wind"].tolist() == [2.5, 3.0]


def test_types_and_categories_are_taken_from_the_rows(tmp_path: Path) -> None:
    folder = _write(tmp_path, "late,carrier,seats,wind\n1,UA,100,2.5\n0,NA,,3.0\n0,UA,50,\n")
    encoder = dataset.infer_encoder(dataset.read(folder, "late").features)
    assert encoder.to_json() == [
        {"name": "carrier", "type": "string", "categories": ["NA", "UA"]},
        {"name": "seats", "type": "integral"},
        {"name": "wind", "type": "fractional"},
    ]


def test_empty_fields_are_missing_and_na_may_be_a_category(tmp_path: Path) -> None:
    features = dataset.read(_write(tmp_path, "late,carrier,seats\n1,NA,\n0,,7\n"), "late").features
    encoded = dataset.encode(dataset.infer_encoder(features), features)
    np.testing.assert_array_equal(encoded, [[0, np.nan], [np.nan, 7]])


def test_a_channel_without_csv_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no CSV file"):
        dataset.read(tmp_path, "late")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["wind,late\n1,0\n"], "first column must be the label 'late', not 'wind'"),
        (["late,wind\n1,0\n", "late,rain\n1,0\n"], r"columns \['late', 'rain'\] differ"),
        (["late,wind\n"], "hold no row"),
        (["late,wind\n1,1\n2,1\n"], "must be 0 or 1; 1 rows are not, the first is 2"),
        (["late,wind\n,1\n"], "must be 0 or 1"),
    ],
)
def test_a_data_set_that_is_not_as_it_must_be_is_refused(tmp_path: Path, texts: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dataset.read(_write(tmp_path, *texts), "late")
