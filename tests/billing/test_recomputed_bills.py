"""A bill computed again from what it keeps gives the same won and steps, whatever kind of roll it came from."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.explain import sentences
from billing.rules.assessed import Assessed
from billing.rules.cells import wrong_cells
from billing.rules.columns import Expected
from billing.rules.kinds import RowRefused
from billing.rules.registry import KINDS, assess_again
from billing.rules.roll_file import Chunk, Problem
from billing.rules.roll_rows import assess_row, facts_of

from .seoul import tables

TODAY = date(2026, 11, 22)
COMMON = {
    "roll_ref": "R-1",
    "district_code": "11680",
    "taxpayer_name": "김갑수",
    "resident_number": "690302-9635604",
    "email": "",
}
won = st.integers(1, 10**11).map(str)
won_or_nothing = st.just("") | st.integers(0, 10**9).map(str)
yes_or_no = st.sampled_from("YN")
share = st.integers(1, 100).map(str) | st.sampled_from(["33.3333", "12.5"])
CASE: dict[str, st.SearchStrategy[str]] = {
    "case_number": st.just("P2026-1"),
    "vehicle_number": st.just("123가4567"),
    "violated_on": st.dates(date(2021, 5, 11), date(2026, 3, 31)).map(str),
}
CELLS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "automobile": {
        "vehicle_number": st.just("12가3456"),
        "kind": st.sampled_from(["passenger", "passenger_electric", "truck", "van", "special", "small"]),
        "use": st.sampled_from(["private", "business"]),
        "displacement_cc": st.integers(1, 9999).map(str),
        "load_kg": st.integers(1, 99_999).map(str),
        "size": st.sampled_from(["large", "small"]),
        "first_registered": st.dates(date(1990, 1, 1), date(2026, 6, 30)).map(str),
        "half": st.just("1"),
    },
    "automobile_part": {
        "vehicle_number": st.just("12가3456"),
        "kind": st.sampled_from(["passenger", "passenger_electric", "truck", "van", "special", "small"]),
        "use": st.sampled_from(["private", "business"]),
        "displacement_cc": st.integers(1, 9999).map(str),
        "load_kg": st.integers(1, 99_999).map(str),
        "size": st.sampled_from(["large", "small"]),
        "first_registered": st.dates(date(1990, 1, 1), date(2026, 3, 1)).map(str),
        "half": st.just("1"),
        "occasion": st.sampled_from(["transfer", "scrapping"]),
        "occasion_on": st.dates(date(2026, 3, 2), date(2026, 6, 30)).map(str),
    },
    "housing": {
        "property_id": st.just("11680100944540831"),
        "address": st.just("서울특별시 1번길 1"),
        "official_price": won,
        "prior_year_price": st.just("") | won,
        "one_house": yes_or_no,
        "urban_area": yes_or_no,
        "share_percent": share,
    },
    "building": {
        "property_id": st.just("11680100944540832"),
        "address": st.just("서울특별시 1번길 2"),
        "value": won,
        "use": st.sampled_from(["general", "factory", "new_factory", "golf_or_luxury"]),
        "fire_risk": st.sampled_from(["ordinary", "risk", "large_risk"]),
        "urban_area": yes_or_no,
        "share_percent": share,
        "last_year_main": won_or_nothing,
        "last_year_urban": won_or_nothing,
        "last_year_resource": won_or_nothing,
    },
    "land": {
        "land_ref": st.just("LAND-1"),
        "land_kind": st.sampled_from(["comprehensive", "separate", "farm_or_forest", "golf_or_luxury"]),
        "value": won,
        "urban_value": st.just("0") | won,
        "last_year_main": won_or_nothing,
        "last_year_urban": won_or_nothing,
    },
    "vessel": {
        "vessel_id": st.just("SHIP-1"),
        "vessel_kind": st.sampled_from(["ship", "luxury_ship", "aircraft"]),
        "value": won,
        "share_percent": share,
    },
    "resident": {"household_id": st.just("H-1")},
    "licence": {
        "licence_number": st.just("L-1"),
        "licence_name": st.just("식품접객업"),
        "licence_class": st.sampled_from("12345"),
    },
    "parking_fine": CASE
    | {
        "vehicle_class": st.sampled_from(["car", "large"]),
        "zone": st.sampled_from(["ordinary", "fire_service", "children", "elderly_disabled"]),
        "two_hours": yes_or_no,
    },
    "bus_lane_fine": CASE | {"vehicle_class": st.sampled_from(["car", "large", "motorcycle"])},
}


def checked(name: str, cells: dict[str, str]) -> tuple[dict[str, Any], Assessed] | list[Problem]:
    """What a bill keeps and asks, or what is wrong with the row."""
    kind = KINDS[name]
    row = dict.fromkeys(kind.optional_names, "") | COMMON | cells
    expected = Expected(term=kind.terms(2026, tables())[0], bodies=["11680"])
    chunk = Chunk(numbers=[2], cells={column: [value] for column, value in row.items()})
    wrong = wrong_cells(chunk, kind=kind, expected=expected)
    if wrong:
        return wrong
    try:
        assessed = assess_row(row, kind=kind, term=expected.term, tables=tables())
    except RowRefused as refused:
        return [Problem(row=2, column=refused.column, code=refused.code)]
    return facts_of(row, kind=kind, term=expected.term), assessed


CELLS["housing_whole"] = CELLS["housing"] | {
    "building_value": won_or_nothing,
    "last_year_main": won_or_nothing,
    "last_year_urban": won_or_nothing,
}


@pytest.mark.parametrize("name", KINDS)
def test_every_column_of_every_kind_of_roll_is_tried(name: str) -> None:
    tried = [column for column in CELLS[name] if column not in KINDS[name].optional_names]
    assert [*COMMON, *tried] == list(KINDS[name].column_names)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(CELLS)).flatmap(lambda name: st.tuples(st.just(name), st.fixed_dictionaries(CELLS[name])))
)
def test_a_bill_recomputed_from_its_stored_facts_gives_the_same_won(drawn: tuple[str, dict[str, str]]) -> None:
    found = checked(*drawn)
    if isinstance(found, list):
        assert {problem.code for problem in found} <= {"urban_value", "billed_in_june"}
        return
    facts, assessed = found
    kept = json.loads(json.dumps(facts))
    assert assess_again(kept, tables=tables()) == assessed
    assert assessed.collected == (assessed.total > 0) or drawn[0].startswith("automobile")
    for sentence in sentences(assessed.steps):
        assert sentence.text
        assert sentence.article


@pytest.mark.parametrize(
    ("name", "cells", "problem"),
    [
        ("housing", {"share_percent": "0"}, ("share_percent", "share")),
        ("housing", {"share_percent": "100.1"}, ("share_percent", "share")),
        ("housing", {"share_percent": "a half"}, ("share_percent", "format")),
        ("housing", {"one_house": "y"}, ("one_house", "unknown_value")),
        ("housing", {"official_price": "0"}, ("official_price", "format")),
        ("housing", {"property_id": "somewhere"}, ("property_id", "format")),
        ("land", {"urban_value": "2000000"}, ("urban_value", "urban_value")),
        ("land", {"land_kind": "swamp"}, ("land_kind", "unknown_value")),
        ("building", {"fire_risk": "high"}, ("fire_risk", "unknown_value")),
        ("vessel", {"vessel_kind": "raft"}, ("vessel_kind", "unknown_value")),
        ("resident", {"household_id": ""}, ("household_id", "missing")),
    ],
)
def test_a_cell_that_cannot_be_is_named(name: str, cells: dict[str, str], problem: tuple[str, str]) -> None:
    plain = {
        "housing": {"property_id": "1168010094454", "address": "a", "official_price": "1000000", "prior_year_price": "",
                    "one_house": "Y", "urban_area": "Y", "share_percent": "100"},
        "building": {"property_id": "1168010094454", "address": "a", "value": "1000000", "use": "general",
                     "fire_risk": "risk", "urban_area": "Y", "share_percent": "50", "last_year_main": "",
                     "last_year_urban": "", "last_year_resource": ""},
        "land": {"land_ref": "L", "land_kind": "separate", "value": "1000000", "urban_value": "0",
                 "last_year_main": "", "last_year_urban": ""},
        "vessel": {"vessel_id": "S", "vessel_kind": "ship", "value": "1000000", "share_percent": "100"},
        "resident": {"household_id": "H"},
    }  # fmt: skip
    found = checked(name, plain[name] | cells)
    assert isinstance(found, list)
    assert [(one.column, one.code) for one in found] == [problem]
