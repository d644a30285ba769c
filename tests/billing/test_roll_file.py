from __future__ import annotations

import io

from billing.rules.roll_file import CsvRoll


def test_of_a_file_that_is_no_roll_the_first_thousand_rows_are_named() -> None:
    read = CsvRoll(io.BytesIO(("one,two\n" + "a\n" * 5_000).encode()), ["one", "two"])
    assert list(read.chunks()) == []
    assert len(read.problems) == 1000
