"""Houses assessed column by column get the same won as row by row, in every year, on every edge."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from billing.rules.assessed_columns import AssessedColumns
from billing.rules.columnwise import COLUMNWISE, assess_columns, assess_each
from billing.rules.property_roll import HOUSING

from .seoul import tables

EDGES = (1_000, 60_000_000, 100_000_000, 300_000_000, 300_000_001, 600_000_000, 900_000_000, 900_000_001, 10**14 - 1)
SHARES = ("100", "100", "50", "33.3333", "0.0001", "7")


def houses(rows: int, seed: int) -> dict[str, list[str]]:
    draw = Random(seed)  # noqa: S311 (samples, not secrets)
    columns: dict[str, list[str]] = {name: [""] * rows for name in HOUSING.column_names}
    for place in range(rows):
        price = draw.choice(EDGES) if draw.random() < 0.2 else draw.randrange(1, 3_000_000) * 1000
        columns["official_price"][place] = str(price)
        columns["prior_year_price"][place] = draw.choice(
            ["", str(price), str(max(price * draw.randrange(50, 150) // 100, 1))]
        )
        columns["one_house"][place], columns["urban_area"][place] = draw.choice("YN"), draw.choice("YYN")
        columns["share_percent"][place] = draw.choice(SHARES)
    return columns


def won(assessed: AssessedColumns, place: int) -> dict[str, int]:
    return {tax: int(column[place]) for tax, column in assessed.amounts.items() if column[place]}


@pytest.mark.parametrize("year", range(2017, 2028))
def test_columns_and_rows_agree(year: int) -> None:
    assert HOUSING.name in COLUMNWISE
    columns = houses(150, seed=year)
    for number in (1, 2):
        term = HOUSING.term(year=year, number=number, tables=tables())
        one, other = (way(columns, kind=HOUSING, term=term, tables=tables()) for way in (assess_columns, assess_each))
        assert one.refused == other.refused
        for place in range(150):
            if place not in one.refused:
                assert won(one, place) == won(other, place), [columns[name][place] for name in columns]
                assert bool(one.collected[place]) == bool(other.collected[place])


def test_amounts_beyond_sixty_four_bits_are_exact() -> None:
    columns = {name: ["", ""] for name in HOUSING.column_names} | {
        "official_price": [str(10**14 - 1)] * 2,
        "one_house": ["N", "Y"],
        "urban_area": ["Y", "Y"],
        "share_percent": ["33.3333", "99.9999"],
    }
    term = HOUSING.term(year=2026, number=1, tables=tables())
    one, other = (way(columns, kind=HOUSING, term=term, tables=tables()) for way in (assess_columns, assess_each))
    assert [won(one, place) for place in (0, 1)] == [won(other, place) for place in (0, 1)]
    assert all(column.dtype == np.int64 for column in one.amounts.values())
