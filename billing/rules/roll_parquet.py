"""Reading a levy roll from a Parquet file, batch by batch; the first record is row 2, as if a header stood above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

import pyarrow as arrow
from pyarrow import parquet

from billing.rules.roll_file import ROWS_A_CHUNK, Chunk, Problem, check_header

# What a small file may unfold to: a roll of ten million rows, not a trap.
UNFOLDED_AT_MOST: Final = 8 << 30
COLUMN_AT_MOST: Final = 1 << 30  # of one column in one row group
# No cell is longer; of a longer one so much is kept that it is reported, instead of filling the memory.
LONGEST: Final = 10_000
ENCODING: Final = "parquet"


@dataclass
class ParquetRoll:
    """A Parquet file whose columns are texts, whole numbers, days or yes and no; an empty value is an empty cell."""

    file: BinaryIO
    columns: Sequence[str]
    optional: Sequence[str] = ()
    encoding: str = ""
    rows_expected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._opened: Any = None
        try:
            known = set(parquet.read_schema(self.file).names)
            opened = parquet.ParquetFile(
                self.file,
                pre_buffer=False,
                buffer_size=1 << 20,
                memory_map=False,
                # A text that is repeated is held once, as in the file.
                read_dictionary=[name for name in (*self.columns, *self.optional) if name in known],
            )
            groups = [opened.metadata.row_group(n) for n in range(opened.metadata.num_row_groups)]
        except (arrow.ArrowException, OSError, ValueError):
            self.problems.append(Problem(row=1, code="parquet"))
            return
        if sum(group.total_byte_size for group in groups) > UNFOLDED_AT_MOST or _largest(groups) > COLUMN_AT_MOST:
            self.problems.append(Problem(row=1, code="parquet_large"))
            return
        self.encoding, self.rows_expected = ENCODING, opened.metadata.num_rows
        self.problems += check_header(opened.schema_arrow.names, self.columns, self.optional)
        self.problems += [
            Problem(row=1, column=column.name[:40], code="column_type", shown=str(column.type)[:60])
            for column in opened.schema_arrow
            if column.name in (*self.columns, *self.optional) and not _is_cell(column.type)
        ]
        if not self.problems:
            self._opened = opened

    def chunks(self, *, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]:
        if self._opened is None:
            return
        first = 2
        names = [*self.columns, *(name for name in self.optional if name in self._opened.schema_arrow.names)]
        try:
            for batch in self._opened.iter_batches(batch_size=rows, columns=names, use_threads=False):
                cells: dict[str, Sequence[str]] = {name: _texts(batch.column(name)) for name in names}
                cells |= dict.fromkeys(set(self.optional) - set(names), ("",) * batch.num_rows)
                numbers = range(first, first + batch.num_rows)
                first += batch.num_rows
                if batch.num_rows:
                    yield Chunk(numbers=numbers, cells=cells)
        except (arrow.ArrowException, OSError, ValueError):
            self.problems.append(Problem(row=first, code="parquet"))
        if first == 2 and not self.problems:
            self.problems.append(Problem(row=2, code="no_rows"))


def _largest(groups: Sequence[Any]) -> int:
    """Bytes of the largest column of a row group, unfolded."""
    sizes = (group.column(n).total_uncompressed_size for group in groups for n in range(group.num_columns))
    return max(sizes, default=0)


def _is_cell(kind: Any) -> bool:
    if arrow.types.is_dictionary(kind):
        return _is_cell(kind.value_type)
    types = arrow.types
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_integer(kind)
        or types.is_date32(kind)
        or types.is_null(kind)
        or str(kind) == "string_view"
    )


def _texts(column: Any) -> list[str]:
    if arrow.types.is_dictionary(column.type):
        known = _texts(column.dictionary)
        return [known[place] if place is not None else "" for place in column.indices.to_pylist()]
    return [(value or "")[:LONGEST] for value in column.cast(arrow.string()).to_pylist()]
