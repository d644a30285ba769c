"""Houses assessed column by column get the same won as row by row, on every edge."""

from __future__ import annotations

import numpy as np

from billing.rules.columnwise import COLUMNWISE, assess_columns, assess_each
from billing.rules.property_roll import HOUSING
from tests.billing.columns_agree import disagreements

from .seoul import tables


def test_thousands_of_random_houses_are_assessed_alike_by_column_and_by_row() -> None:
    assert HOUSING.name in COLUMNWISE
    assert disagreements(kind="housing", rows=2_000, seed=1) == []


def test_a_year_without_a_sourced_ratio_is_refused_alike() -> None:
    columns = {name: ["1000000"] for name in HOUSING.column_names} | {"share_percent": ["100"]}
    term = HOUSING.term(year=2027, number=1, tables=tables())
    for way in (assess_columns, assess_each):
        found = way(columns, kind=HOUSING, term=term, tables=tables())
        assert found.refused == {0: ("official_price", "no_rate")}


def test_amounts_beyond_sixty_four_bits_are_exact() -> None:
    columns = {name: ["", ""] for name in HOUSING.column_names} | {
        "official_price": [str(10**14 - 1)] * 2,
        "one_house": ["N", "Y"],
        "urban_area": ["Y", "Y"],
        "share_percent": ["33.3333", "99.9999"],
    }
    term = HOUSING.term(year=2026, number=1, tables=tables())
    one, other = (way(columns, kind=HOUSING, term=term, tables=tables()) for way in (assess_columns, assess_each))
    for tax, column in other.amounts.items():
        assert one.amounts[tax].tolist() == column.tolist()
        assert one.amounts[tax].dtype == np.int64
