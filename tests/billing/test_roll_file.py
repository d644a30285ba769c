from __future__ import annotations

from billing.rules.roll_file import read_roll


def test_of_a_file_that_is_no_roll_the_first_thousand_rows_are_named() -> None:
    read = read_roll(("one,two\n" + "a\n" * 5_000).encode(), columns=["one", "two"])
    assert len(read.problems) == 1000
    assert read.rows == ()
