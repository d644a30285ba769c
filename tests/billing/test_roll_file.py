from __future__ import annotations

import io
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from billing.rules.registry import KINDS
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


@pytest.mark.parametrize("name", KINDS)
def test_the_documentation_names_every_column_of_every_kind_of_roll(name: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "rolls.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
    own = KINDS[name].own_columns
    before = {"housing_whole": "housing", "automobile_part": "automobile"}.get(name)
    same = KINDS[before].own_columns if before else ()
    written = [f"`{column.name}`" + ("" if column.required else r"\*") for column in own if column not in same]
    assert row.split("|")[3].replace("the same and ", "").strip() == ", ".join(written)
    assert all(f"`{column.name}`" in text for column in KINDS[name].every_column if column not in own)
