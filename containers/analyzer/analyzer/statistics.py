"""Computes the statistics of a table's columns."""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.columns import Column, InferredType, Numbers, Statistics, Texts
from analyzer.moments import Moments
from analyzer.table import Table

CATEGORY_LIMIT = 1_000
"""How many of a string feature's values are counted one by one, the most frequent first."""


def compute(table: Table, expected: Mapping[str, InferredType] | None = None) -> Statistics:
    """The statistics of a table's columns.

    A column is Integral or Fractional if all its values are numbers so written, else String, Unknown if it has none.
    `expected` types (the baseline's) are kept where at least one value fits, so that a few wrong values in a numeric
    column do not hide its distribution; `type_match` tells their share.
    """
    expected = expected or {}
    columns = [
        _typed(name, counts, table.row_count, expected.get(name))
        for name, counts in zip(table.names, table.type_counts(), strict=True)
    ]
    numeric = [index for index, column in enumerate(columns) if column.inferred_type in ("Integral", "Fractional")]
    numbers = _numbers(table, numeric)
    return Statistics(
        table.row_count,
        tuple(_filled(table, index, column, numbers, expected) for index, column in enumerate(columns)),
    )


def _typed(name: str, counts: tuple[int, int, int, int], rows: int, expected: InferredType | None) -> Column:
    expected = None if expected == "Unknown" else expected
    present, integers, fractions, words = counts
    numbers = integers + fractions
    values = present - words
    if expected == "String" or (expected is None and values > numbers) or (values > 0 and numbers == 0):
        match = 1.0 if expected in (None, "String") else 0.0
        return Column(name, "String" if present else "Unknown", present, rows - present, type_match=match)
    if values == 0:
        return Column(name, "Unknown", 0, rows)
    inferred: InferredType = "Fractional" if fractions else "Integral"
    kept = expected if expected in ("Integral", "Fractional") else inferred
    return Column(name, kept, values, rows - values, type_match=numbers / values)


def _filled(
    table: Table,
    index: int,
    column: Column,
    numbers: Mapping[int, tuple[Numbers, int]],
    expected: Mapping[str, InferredType],
) -> Column:
    common = (column.name, column.inferred_type, column.num_present, column.num_missing)
    if index not in numbers:
        texts = Texts(*table.categories(index, CATEGORY_LIMIT)) if column.num_present else Texts(0, {})
        return Column(*common, texts=texts, type_match=column.type_match)
    found, whole = numbers[index]
    # An integer may be written as 55.0 (a float column with gaps in pandas): the value counts, not the spelling.
    match = whole / column.num_present if expected.get(column.name) == "Integral" else column.type_match
    return Column(*common, numbers=found, type_match=match)


def _numbers(table: Table, columns: list[int]) -> dict[int, tuple[Numbers, int]]:
    moments = {index: Moments() for index in columns}
    for batch in table.numbers(columns):
        for index, values in batch.items():
            moments[index].add(values)
    return {index: (moment.result(), moment.whole) for index, moment in moments.items()}
