from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.assessed import Assessed
from billing.rules.dated import NoTableForDate
from billing.rules.housing import House, assess_facts, assess_house, house_year

from .seoul import dated, tables

JULY, SEPTEMBER = 1, 2
HOUSE: dict[str, Any] = {
    "official_price": 500_000_000,
    "prior_year_price": 490_000_000,
    "one_house": "N",
    "urban_area": "Y",
    "share_percent": 100,
    "year": 2026,
}


def bill(half: int, **changed: Any) -> Assessed:
    return assess_facts(HOUSE | {"half": half} | changed, tables=tables())


def amounts(assessed: Assessed) -> dict[str, int]:
    return {line.tax: line.amount for line in assessed.lines}


def codes(assessed: Assessed) -> list[str]:
    return [step.code for step in assessed.steps]


def test_a_house_is_billed_in_two_halves() -> None:
    halves = [bill(JULY), bill(SEPTEMBER)]
    for half in halves:
        assert amounts(half) == {"property": 285_000, "property_urban": 210_000, "local_education": 57_000}
    assert codes(halves[0]) == [
        "fair_market_base",
        "progressive_rate",
        "urban_part",
        "half_of_year",
        "property_cut",
        "urban_cut",
        "education",
    ]
    assert all(step.article for step in halves[0].steps)


def test_a_small_tax_is_billed_whole_in_july_and_not_again_in_september() -> None:
    small = {"official_price": 300_000_000, "prior_year_price": None, "one_house": "Y"}
    july, september = bill(JULY, **small), bill(SEPTEMBER, **small)
    assert amounts(july) == {"property": 99_000, "property_urban": 180_600, "local_education": 19_800}
    assert (september.lines, september.collected, codes(september)[-1]) == ((), False, "billed_in_july")


def test_the_limit_for_a_whole_bill_was_lower_before_2018() -> None:
    house = House(price=200_000_000)  # 150,000 + 2,500 won a year and more than 100,000
    assert assess_house(house=house, year=2017, half=SEPTEMBER, tables=tables()).collected
    assert not assess_house(house=house, year=2018, half=SEPTEMBER, tables=tables()).collected


def test_two_owners_each_owe_half_of_what_the_whole_house_owes() -> None:
    assert amounts(bill(JULY, share_percent=50)) == {
        "property": 142_500,
        "property_urban": 105_000,
        "local_education": 28_500,
    }
    assert "owners_share" in codes(bill(JULY, share_percent=50))


def test_a_house_outside_the_urban_area_owes_no_urban_part() -> None:
    assert set(amounts(bill(JULY, urban_area="N"))) == {"property", "local_education"}


def test_the_building_part_owes_the_fire_service_part() -> None:
    found = amounts(bill(JULY, building_value=100_000_000))
    assert found["local_resource"] == 22_550  # half of 24,100 and 0.1% of what the base of 60 million has above 39
    assert list(found) == ["property", "property_urban", "local_resource", "local_education"]


def test_a_price_that_leapt_meets_the_cap_of_the_base() -> None:
    found = bill(JULY, official_price=700_000_000, prior_year_price=500_000_000)
    step = next(step for step in found.steps if step.code == "base_cap")
    assert step.amount == 321_000_000
    assert amounts(found)["property"] == 327_000


def test_before_2024_the_base_had_no_cap() -> None:
    found = bill(JULY, year=2023, official_price=700_000_000, prior_year_price=500_000_000)
    assert "base_cap" not in codes(found)


def test_a_tax_named_for_last_year_caps_this_years() -> None:
    found = bill(JULY, last_year_main=400_000, last_year_urban=300_000)
    assert amounts(found) == {"property": 220_000, "property_urban": 165_000, "local_education": 44_000}
    assert codes(found).count("tax_cap") == 2


@pytest.mark.parametrize(
    ("year", "price", "one_house", "base", "main"),
    [
        (2020, 500_000_000, True, 300_000_000, 570_000),  # no rates of its own yet
        (2021, 500_000_000, True, 300_000_000, 420_000),
        (2022, 500_000_000, True, 225_000_000, 270_000),
        (2023, 500_000_000, True, 220_000_000, 260_000),
        (2026, 900_000_000, True, 405_000_000, 787_500),
        (2026, 900_000_001, True, 405_000_000, 990_000),  # above 900 million only the ratio is left
        (2026, 900_000_000, False, 540_000_000, 1_530_000),
    ],
)
def test_a_households_only_house_by_year(year: int, price: int, one_house: bool, base: int, main: int) -> None:
    found = house_year(house=House(price=price, one_house=one_house), tables=tables(), on=date(year, 6, 1))
    assert (found.base, int(found.main)) == (base, main)


def test_a_tax_below_two_thousand_won_is_not_collected() -> None:
    found = bill(JULY, official_price=1_000_000, prior_year_price=None)
    assert (found.lines, found.collected, codes(found)[-1]) == ((), False, "not_collected")


def test_a_year_whose_ratio_was_not_read_is_refused_by_name() -> None:
    with pytest.raises(NoTableForDate, match="housing_ratio"):
        bill(JULY, year=2027)


@pytest.mark.parametrize("share", [0, -1, 101])
def test_an_impossible_share_is_refused(share: int) -> None:
    with pytest.raises(ValueError, match="share"):
        bill(JULY, share_percent=share)


def test_each_bracket_begins_with_what_the_brackets_below_it_sum_to() -> None:
    found = [brackets for table in dated() for brackets in brackets_in(table.body)]
    assert found
    for brackets in found:
        over, plus = 0, Fraction(0)
        for bracket in brackets:
            assert bracket["plus"] == plus
            if "up_to" in bracket:
                plus += (bracket["up_to"] - over) * Fraction(bracket["percent"]) / 100
                over = bracket["up_to"]


def brackets_in(body: Any) -> list[list[dict[str, Any]]]:
    if isinstance(body, list):
        return [body] if all(isinstance(entry, dict) and "plus" in entry for entry in body) else []
    if isinstance(body, dict):
        return [found for value in body.values() for found in brackets_in(value)]
    return []


facts = st.fixed_dictionaries(
    {
        "official_price": st.integers(1, 30_000_000).map(lambda thousands: thousands * 1000),
        "prior_year_price": st.none() | st.integers(1, 30_000_000).map(lambda thousands: thousands * 1000),
        "one_house": st.sampled_from("YN"),
        "urban_area": st.sampled_from("YN"),
        "share_percent": st.integers(1, 100),
        "building_value": st.none() | st.integers(0, 10**9),
        "year": st.integers(2017, 2026),
    }
)


@settings(deadline=None)
@given(facts)
def test_halves_never_ask_for_more_than_the_year_and_every_line_ends_in_a_zero(drawn: dict[str, Any]) -> None:
    july, september = (assess_facts(drawn | {"half": half}, tables=tables()) for half in (JULY, SEPTEMBER))
    for line in (*july.lines, *september.lines):
        assert line.amount > 0
        assert line.amount % 10 == 0
    bigger = assess_facts(drawn | {"half": JULY, "official_price": drawn["official_price"] * 2}, tables=tables())
    if september.lines and not drawn["prior_year_price"]:
        assert bigger.amount_of("property") >= july.amount_of("property")
    assert july.collected == bool(july.lines)
    assert assess_facts(drawn | {"half": JULY}, tables=tables()) == july
