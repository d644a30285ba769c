from __future__ import annotations

import io

import pyarrow
from pyarrow import parquet

from billing.rules.roll_file import CsvRoll
from billing.rules.roll_parquet import LONGEST, ParquetRoll


def test_of_a_file_that_is_no_roll_the_first_thousand_rows_are_named() -> None:
    read = CsvRoll(io.BytesIO(("one,two\n" + "a\n" * 5_000).encode()), ["one", "two"])
    assert list(read.chunks()) == []
    assert len(read.problems) == 1000


def test_a_small_parquet_file_that_repeats_a_huge_text_does_not_fill_the_memory() -> None:
    texts = pyarrow.DictionaryArray.from_arrays([0] * 20_000, ["x" * 100_000])
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"one": texts, "two": range(20_000)}), file, store_schema=False)
    read = ParquetRoll(file, ["one", "two"])
    before = pyarrow.default_memory_pool().max_memory()
    (chunk,) = read.chunks()
    assert (len(chunk), len(chunk.cells["one"][-1]), chunk.cells["two"][-1]) == (20_000, LONGEST, "19999")
    assert pyarrow.default_memory_pool().max_memory() < before + 100_000_000
    assert read.problems == []
