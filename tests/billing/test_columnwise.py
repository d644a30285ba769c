"""A whole column at once and one row after the other come to the same won."""

from __future__ import annotations

import pytest

from billing.rules.columnwise import ALIKE, COLUMNWISE, assess_columns, assess_each
from billing.rules.registry import KINDS
from tests.billing.columns_agree import DRAWN, disagreements

from .seoul import tables

GOOD = {
    "value": "100000000",
    "use": "general",
    "fire_risk": "ordinary",
    "urban_area": "N",
    "share_percent": "100",
    "land_kind": "separate",
    "urban_value": "0",
    "vessel_kind": "ship",
    "licence_class": "1",
    "violated_on": "2026-05-20",
    "vehicle_class": "car",
    "zone": "children",
    "two_hours": "N",
}


def test_twenty_thousand_random_vehicles_are_assessed_alike_by_column_and_by_row() -> None:
    assert disagreements(kind="automobile", rows=20_000, seed=1) == []


@pytest.mark.parametrize("kind", sorted(set(DRAWN) - {"automobile"}))
def test_a_thousand_random_rows_of_every_other_kind_are_assessed_alike_by_column_and_by_row(kind: str) -> None:
    assert disagreements(kind=kind, rows=1_000, seed=7) == []


def test_every_kind_of_roll_is_assessed_by_column_and_compared_with_its_rows() -> None:
    assert set(COLUMNWISE) | set(ALIKE) == set(KINDS) == set(DRAWN)


@pytest.mark.parametrize("name", ["building", "land", "vessel", "licence", "parking_fine", "bus_lane_fine"])
def test_a_row_for_which_no_rate_was_read_is_refused_alike_beside_a_good_one(name: str) -> None:
    kind = KINDS[name]
    wrong = kind.rate_column({})
    columns = {column: [GOOD.get(column, "")] * 2 for column in kind.row_names}
    columns[wrong] = [GOOD[wrong], "moon"]
    term = kind.terms(2026, tables())[0]
    for way in (assess_columns, assess_each):
        found = way(columns, kind=kind, term=term, tables=tables())
        assert found.refused == {1: (wrong, "no_rate")}
        assert found.collected.tolist()[0]
