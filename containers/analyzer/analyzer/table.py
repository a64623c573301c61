"""A data set as text columns in DuckDB, on disk, so that its size is bounded by the disk and not by the memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import numpy.typing as npt

BATCH_ROWS = 4 * 122_880
"""Rows per batch: four of DuckDB's row groups, some 4 MB for each numeric column."""
MISSING_NUMBERS = ("", "NA", "NaN", "nan", "null", "None")
"""What stands for a missing number in text; the same words as in `contract.features`, so that the monitor counts as
missing what the model takes as missing. A missing string is an empty one."""


class Table:
    """Rows of CSV files under one header; refuses files of different headers and rows of another width."""

    def __init__(self, files: Sequence[Path], work_dir: Path, *, memory_limit: str = "2GB") -> None:
        if not files:
            raise ValueError("no CSV file to read")
        self.names = _common_header(files)
        work_dir.mkdir(parents=True, exist_ok=True)
        config: dict[str, Any] = {
            "memory_limit": memory_limit,
            "temp_directory": str(work_dir),
            "autoinstall_known_extensions": "false",
        }
        self._connection = duckdb.connect(str(work_dir / "table.duckdb"), config=config)
        # Names come from the data: columns are called c0, c1... inside, so that no name gets into a query (S608).
        types = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(self.names)))
        self._connection.execute(
            f"CREATE TABLE data AS SELECT * FROM read_csv(?, header = true, auto_detect = false, delim = ',',"  # noqa: S608
            f" quote = '\"', escape = '\"', nullstr = '', columns = {{{types}}})",
            [[str(file) for file in files]],
        )
        self.row_count: int = self._one("SELECT count(*) FROM data")[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def type_counts(self) -> list[tuple[int, int, int, int]]:
        """Of each column: how many values are present, integers, other numbers, and words for a missing number."""
        words = ", ".join(f"'{word}'" for word in MISSING_NUMBERS)
        number = "isfinite(TRY_CAST({0} AS DOUBLE))"
        broken = "(contains({0}, '.') OR contains(lower({0}), 'e'))"
        tests = (f"{number} AND NOT {broken}", f"{number} AND {broken}", f"trim({{0}}) IN ({words})")
        counted = "count({0}), " + ", ".join(f"count(*) FILTER (WHERE {test})" for test in tests)
        expressions = ", ".join(counted.format(f"c{index}") for index in range(len(self.names)))
        counts = [int(count) for count in self._one(f"SELECT {expressions} FROM data")]  # noqa: S608
        return [(counts[i], counts[i + 1], counts[i + 2], counts[i + 3]) for i in range(0, len(counts), 4)]

    def numbers(self, columns: Sequence[int]) -> Iterator[dict[int, npt.NDArray[np.float64]]]:
        """The finite numbers of the columns, batch by batch; what is missing or no number is left out."""
        if not columns:
            return
        selected = ", ".join(f"TRY_CAST(c{index} AS DOUBLE) AS c{index}" for index in columns)
        for start in range(0, self.row_count, BATCH_ROWS):
            query = f"SELECT {selected} FROM data WHERE rowid >= ? AND rowid < ?"  # noqa: S608
            batch = self._connection.execute(query, [start, start + BATCH_ROWS]).fetchnumpy()
            yield {index: _finite(batch[f"c{index}"]) for index in columns}

    def categories(self, column: int, limit: int) -> tuple[int, dict[str, int]]:
        """How many distinct texts a column holds, and the counts of the `limit` most frequent ones."""
        rows = self._connection.execute(
            f"WITH counted AS (SELECT c{column} AS text, count(*) AS rows FROM data WHERE c{column} IS NOT NULL"  # noqa: S608
            f" GROUP BY ALL) SELECT text, rows, (SELECT count(*) FROM counted) FROM counted"
            " ORDER BY rows DESC, text LIMIT ?",
            [limit],
        ).fetchall()
        return (int(rows[0][2]) if rows else 0), {text: int(count) for text, count, _ in rows}

    def _one(self, query: str) -> tuple[int, ...]:
        row = self._connection.execute(query).fetchone()
        assert row is not None, query
        return row


def _finite(values: Any) -> npt.NDArray[np.float64]:
    present = values.compressed() if isinstance(values, np.ma.MaskedArray) else values
    return np.asarray(present[np.isfinite(present)], dtype=np.float64)


def _common_header(files: Sequence[Path]) -> tuple[str, ...]:
    headers = {file: _header(file) for file in files}
    first, names = next(iter(headers.items()))
    for file, other in headers.items():
        if other != names:
            raise ValueError(f"{file} has the columns {', '.join(other)}; {first} has {', '.join(names)}")
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{first} has more than one column {', '.join(repeated)}")
    return names


def _header(file: Path) -> tuple[str, ...]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        names = next(csv.reader(stream), None)
    if not names:
        raise ValueError(f"{file} is empty; a header with the names of the columns is needed")
    return tuple(names)
