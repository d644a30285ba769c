from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from billing.rules.assessed import Assessed
from billing.rules.building import Building, Vessel, assess_building, assess_vessel
from billing.rules.dated import NoTableForDate, RateNotSourced
from billing.rules.instalments import months_to_wait
from billing.rules.land import Land, assess_land
from billing.rules.resident import Office, assess_employees, assess_office, dates_of, employees, individual, office

from .seoul import tables

MILLION = 1_000_000


def amounts(assessed: Assessed) -> dict[str, int]:
    return {line.tax: line.amount for line in assessed.lines}


def building(**changed: object) -> Assessed:
    facts = {"value": 100 * MILLION} | changed
    return assess_building(building=Building(**facts), year=2026, tables=tables())  # type: ignore[arg-type]


def land(**changed: object) -> Assessed:
    facts = {"kind": "comprehensive", "value": 200 * MILLION} | changed
    return assess_land(land=Land(**facts), year=2026, tables=tables())  # type: ignore[arg-type]


def test_a_building_owes_a_quarter_percent_of_seventy_percent_and_the_fire_service_part() -> None:
    found = building()
    assert amounts(found) == {
        "property": 175_000,
        "property_urban": 98_000,
        "local_resource": 56_300,  # 49,100 and 0.12% of six million
        "local_education": 35_000,
    }
    assert all(step.article for step in found.steps)


@pytest.mark.parametrize(
    ("use", "tax"), [("factory", 350_000), ("new_factory", 875_000), ("golf_or_luxury", 2_800_000)]
)
def test_some_uses_of_a_building_have_their_own_rate(use: str, tax: int) -> None:
    assert building(use=use).amount_of("property") == tax


@pytest.mark.parametrize(("risk", "times"), [("risk", 2), ("large_risk", 3)])
def test_a_dangerous_building_owes_the_fire_service_part_more_than_once(risk: str, times: int) -> None:
    assert building(risk=risk).amount_of("local_resource") == 56_300 * times


def test_a_building_owes_at_most_half_as_much_again_as_last_year() -> None:
    found = building(last_year_main=100_000, last_year_urban=60_000, last_year_resource=30_000)
    assert amounts(found) == {
        "property": 150_000,
        "property_urban": 90_000,
        "local_resource": 45_000,
        "local_education": 30_000,
    }


def test_a_shared_building_is_divided_after_its_tax_was_computed() -> None:
    assert building(share=Fraction(1, 3)).amount_of("property") == 58_330


def test_a_small_shed_owes_property_tax_but_a_fire_service_part_too_small_to_collect() -> None:
    found = building(value=4 * MILLION)
    assert amounts(found) == {"property": 7_000, "property_urban": 3_920, "local_education": 1_400}
    assert [step.code for step in found.steps][-1] == "not_collected"


@pytest.mark.parametrize("facts", [{"use": "castle"}, {"risk": "none"}])
def test_a_building_without_a_sourced_rate_is_refused(facts: dict[str, str]) -> None:
    with pytest.raises(RateNotSourced):
        building(**facts)


@pytest.mark.parametrize(
    ("kind", "value", "tax"),
    [
        ("comprehensive", 50 * MILLION, 70_000),
        ("comprehensive", 200 * MILLION, 250_000 + 200_000),
        ("separate", 200 * MILLION, 280_000),
        ("separate", 2_000 * MILLION, 2_800_000 + 1_600_000),
        ("farm_or_forest", 100 * MILLION, 49_000),
        ("golf_or_luxury", 100 * MILLION, 2_800_000),
        ("other_separated", 100 * MILLION, 140_000),
    ],
)
def test_land_by_class(kind: str, value: int, tax: int) -> None:
    assert land(kind=kind, value=value).amount_of("property") == tax


def test_the_urban_part_of_land_is_taken_on_what_lies_in_the_urban_area() -> None:
    assert land(urban_value=100 * MILLION).amount_of("property_urban") == 98_000
    assert "property_urban" not in amounts(land())
    with pytest.raises(ValueError, match="part of the value"):
        land(urban_value=201 * MILLION)


def test_land_is_capped_by_last_years_tax_and_an_unknown_class_is_refused() -> None:
    assert land(last_year_main=200_000).amount_of("property") == 300_000
    with pytest.raises(RateNotSourced):
        land(kind="swamp")


@pytest.mark.parametrize(("kind", "tax"), [("ship", 300_000), ("luxury_ship", 5_000_000), ("aircraft", 300_000)])
def test_ships_and_aircraft_owe_on_their_value(kind: str, tax: int) -> None:
    found = assess_vessel(vessel=Vessel(kind=kind, value=100 * MILLION), year=2026, tables=tables())
    assert amounts(found) == {"property": tax, "local_education": tax // 5}


def test_a_submarine_is_refused() -> None:
    with pytest.raises(RateNotSourced):
        assess_vessel(vessel=Vessel(kind="submarine", value=1), year=2026, tables=tables())


def test_a_household_owes_the_same_every_year() -> None:
    assert amounts(individual(year=2026, tables=tables())) == {"resident": 4_800, "local_education": 1_200}


def test_the_day_that_decides_who_owes_resident_tax_moved_in_2019() -> None:
    assert dates_of(part="individual", year=2018, tables=tables()) == (date(2018, 8, 1), date(2018, 8, 31))
    assert dates_of(part="individual", year=2026, tables=tables()) == (date(2026, 7, 1), date(2026, 8, 31))


@pytest.mark.parametrize(
    ("place", "tax", "education"),
    [
        (Office(owner="person", area_m2=Fraction(330)), 50_000, 12_500),
        (Office(owner="person", area_m2=Fraction("330.5")), 50_000 + 82_500, 12_500),
        (Office(owner="company", capital=3_000_000_000, area_m2=Fraction(10)), 50_000, 12_500),
        (Office(owner="company", capital=3_000_000_001, area_m2=Fraction(10)), 100_000, 25_000),
        (Office(owner="company", capital=5_000_000_001, area_m2=Fraction(1000)), 450_000, 50_000),
        (Office(owner="other_company", area_m2=Fraction(1000), polluting=True), 550_000, 12_500),
    ],
)
def test_a_place_of_business_owes_by_its_owner_and_its_area(place: Office, tax: int, education: int) -> None:
    found = office(place=place, year=2026, tables=tables())
    assert amounts(found) == {"resident": tax, "local_education": education}


def test_before_2021_an_office_is_refused_by_name_and_so_is_an_unknown_owner() -> None:
    with pytest.raises(NoTableForDate, match="resident_office"):
        office(place=Office(owner="person", area_m2=Fraction(1)), year=2020, tables=tables())
    with pytest.raises(RateNotSourced):
        office(place=Office(owner="ghost", area_m2=Fraction(1)), year=2026, tables=tables())


def test_wages_owe_half_a_percent_unless_the_year_was_small() -> None:
    on = date(2026, 5, 1)
    found = employees(payroll=200 * MILLION, monthly_average=181 * MILLION, on=on, tables=tables())
    assert amounts(found) == {"resident": 1_000_000}
    assert not employees(payroll=200 * MILLION, monthly_average=180 * MILLION, on=on, tables=tables()).collected
    assert employees(payroll=200 * MILLION, monthly_average=180 * MILLION, on=date(2024, 5, 1), tables=tables()).lines


def test_returns_of_resident_tax_recomputed_from_what_they_keep_give_the_same_won() -> None:
    wages = {"payroll": 200 * MILLION, "monthly_average": 190 * MILLION, "year": 2026, "month": 5}
    assert amounts(assess_employees(wages, tables=tables())) == {"resident": 1_000_000}
    place = {"owner": "company", "capital": 4_000_000_000, "area_m2": "330.5", "polluting": "N", "year": 2026}
    assert amounts(assess_office(place, tables=tables())) == {"resident": 182_500, "local_education": 25_000}


def test_the_second_part_of_a_large_tax_may_wait_longer_since_2024() -> None:
    waits = [months_to_wait(tables=tables(), on=date(year, 7, 1)) for year in (2019, 2023, 2024)]
    assert waits == [2, 2, 3]
