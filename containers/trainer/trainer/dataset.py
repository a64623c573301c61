"""Data sets of the pipeline: CSV files with a header, the label first and then the features."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from contract.features import Encoder, Feature, Matrix


@dataclass(frozen=True)
class Dataset:
    """Labelled rows: the features by column (rows x features) and the labels, 0 or 1 (rows)."""

    features: pd.DataFrame
    labels: npt.NDArray[np.float32]


def read(folder: Path, label: str) -> Dataset:
    """All rows of the CSV files of `folder`; empty fields are missing values.

    Raises: FileNotFoundError without a CSV file; ValueError without rows, if the first column is not `label`, if the
    files have different columns, or if a label is neither 0 nor 1.
    """
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise FileNotFoundError(f"{folder} holds no CSV file")
    # Only an empty field is missing: "NA" may be a category.
    frames = [pd.read_csv(file, keep_default_na=False, na_values=[""]) for file in files]
    for file, frame in zip(files, frames, strict=True):
        columns = list(frame.columns)
        if columns[0] != label:
            raise ValueError(f"{file}: the first column must be the label {label!r}, not {columns[0]!r}")
        if columns != list(frames[0].columns):
            raise ValueError(f"{file}: columns {columns} differ from those of {files[0].name}")
    rows = pd.concat(frames, ignore_index=True)
    if rows.empty:
        raise ValueError(f"{folder}: the CSV files hold no row")
    wrong = rows[~rows[label].isin([0, 1])]
    if not wrong.empty:
        value = wrong[label].iloc[0]
        raise ValueError(f"{folder}: label {label!r} must be 0 or 1; {len(wrong)} rows are not, the first is {value}")
    return Dataset(features=rows.drop(columns=label), labels=rows[label].to_numpy(np.float32))


def infer_encoder(features: pd.DataFrame) -> Encoder:
    """The encoder of these rows: text is a string feature with its sorted values as categories, numbers that are all
    whole are integral, other numbers fractional."""
    return Encoder([_infer(str(name), features[name]) for name in features.columns])


def encode(encoder: Encoder, features: pd.DataFrame) -> Matrix:
    """The matrix (rows x features) of `features`.

    Raises: ValueError as `Encoder.encode_columns` does.
    """
    return encoder.encode_columns({str(name): _values(features[name]) for name in features.columns})


def _infer(name: str, column: pd.Series[Any]) -> Feature:
    present = column.dropna()
    if not pd.api.types.is_numeric_dtype(column):
        return Feature(name, "string", tuple(sorted(str(value) for value in present.unique())))
    return Feature(name, "integral" if (present % 1 == 0).all() else "fractional")


def _values(column: pd.Series[Any]) -> npt.NDArray[Any]:
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(np.float64)
    return column.astype(object).where(column.notna(), None).to_numpy()
