"""Automobile tax: every class of vehicle, part of a half, the small year billed in June, prepayment of every year."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from billing.rules.automobile import Vehicle, yearly_tax
from billing.rules.automobile_bill import assess_half, billed_whole_in_june
from billing.rules.automobile_held import Held
from billing.rules.automobile_roll import assess_facts
from billing.rules.prepayment import discount, prepay

from .seoul import tables

SEED = 20260601


def car(**facts: object) -> Vehicle:
    known = {"kind": "passenger", "use": "private", "first_registered": date(2025, 1, 1), "displacement_cc": 2000}
    return Vehicle(**(known | facts))  # type: ignore[arg-type]


def of_kind(kind: str, use: str, **facts: object) -> Vehicle:
    return car(kind=kind, use=use, displacement_cc=None, **facts)


@pytest.mark.parametrize(
    ("vehicle", "won"),
    [
        (car(use="business", displacement_cc=1600), 28_800),
        (car(use="business", displacement_cc=2500), 47_500),
        (car(use="business", displacement_cc=2501), 60_024),
        (of_kind("passenger_electric", "private"), 100_000),
        (of_kind("van", "business", size="express"), 100_000),
        (of_kind("van", "business", size="small_charter"), 50_000),
        (of_kind("van", "private", size="large"), 115_000),
        (of_kind("truck", "private", load_kg=8_000), 130_500),
        (of_kind("truck", "private", load_kg=10_001), 187_500),
        (of_kind("truck", "private", load_kg=20_000), 187_500),
        (of_kind("truck", "private", load_kg=20_001), 217_500),
        (of_kind("truck", "business", load_kg=25_500), 65_000),
        (of_kind("special", "business", size="small"), 13_500),
        (of_kind("small", "private"), 18_000),
        (of_kind("small", "business"), 3_300),
    ],
)
def test_every_class_of_vehicle_has_its_year(vehicle: Vehicle, won: int) -> None:
    assert yearly_tax(vehicle=vehicle, tables=tables(), on=date(2026, 6, 1))[0] == won


def test_a_small_car_pays_its_whole_year_in_june_less_the_discount_on_the_second_half() -> None:
    small = car(displacement_cc=998)
    result = assess_half(vehicle=small, year=2026, half=1, tables=tables())
    assert billed_whole_in_june(vehicle=small, year=2026, tables=tables())
    assert result.amount_of("automobile") == 79_840 - 1_990  # 5% of 39,920
    assert result.amount_of("local_education") == 23_350
    assert [step.code for step in result.steps][-4:] == [
        "whole_year_in_june",
        "prepayment_discount",
        "cut_to_ten",
        "education",
    ]
    paid_early = prepay(vehicle=small, year=2026, month=6, tables=tables())
    assert (paid_early.car, paid_early.education) == (77_850, 23_350)


def test_before_2026_june_counted_by_the_days_of_the_year() -> None:
    assert prepay(vehicle=car(), year=2025, month=6, tables=tables()).discount == 10_080  # 400,000 x 184/365 x 5%
    assert prepay(vehicle=car(), year=2026, month=6, tables=tables()).discount == 10_000  # 200,000 x 5%
    # 400,000 x 184/365 x 10% would be 20,160: more than a tenth of the second half
    old = car(first_registered=date(2022, 1, 1))
    assert prepay(vehicle=old, year=2022, month=6, tables=tables()).discount == 20_000


@pytest.mark.parametrize("year", [2021, 2022, 2023, 2024, 2025, 2026])
@pytest.mark.parametrize("month", [1, 3, 6, 9])
def test_every_month_of_every_year_that_was_read_can_be_prepaid(year: int, month: int) -> None:
    vehicle = car(first_registered=date(year, 1, 1), displacement_cc=2497)
    percent = {2021: 10, 2022: 10, 2023: 7}.get(year, 5)
    days = (date(year, 12, 31) - date(year, month, {1: 31, 3: 31, 6: 30, 9: 30}[month])).days
    whole, half = 499_400, 249_700
    if month == 9 or (month == 6 and year == 2026):
        exact = Fraction(half * days * percent, 184 * 100)
    else:
        exact = Fraction(whole * days * percent, (366 if year == 2024 else 365) * 100)
    if month == 6:
        exact = min(exact, Fraction(half, 10))
    found = prepay(vehicle=vehicle, year=year, month=month, tables=tables())
    assert found.discount == int(exact // 10) * 10
    assert found.car == whole - found.discount
    assert found.education == found.car * 3 // 10 // 10 * 10


def test_a_leap_year_has_366_days_to_prepay() -> None:
    old = car(first_registered=date(2024, 1, 1))
    assert prepay(vehicle=old, year=2024, month=1, tables=tables()).discount == 18_300  # 335/366, cut


def test_before_2021_a_small_year_and_a_prepayment_in_june_or_september_save_a_tenth_of_what_lies_ahead() -> None:
    small = car(displacement_cc=998, first_registered=date(2018, 1, 1))
    result = assess_half(vehicle=small, year=2019, half=1, tables=tables())
    assert result.amount_of("automobile") == 79_840 - 3_990  # a tenth of the second half, article 128 paragraph 4
    discounts = [discount(year=2020, month=month, first=200_000, second=180_000, tables=tables()) for month in (6, 9)]
    assert [won for won, _ in discounts] == [18_000, 9_000]  # October to December are 92 of 184 days


def test_both_halves_count_by_their_own_age() -> None:
    # registered in autumn: 10 years in the first half, 11 in the second; 40,000 x 60% + 40,000 x 55%
    autumn = car(displacement_cc=1000, first_registered=date(2016, 9, 1))
    result = assess_half(vehicle=autumn, year=2026, half=1, tables=tables())
    assert result.amount_of("automobile") == 46_000 - 1_100
    assert [step.values["age"] for step in result.steps if step.code == "reduced_by_age"] == [10, 11]


def test_seller_and_buyer_share_a_half_by_days() -> None:
    vehicle = car(first_registered=date(2019, 3, 1))  # 8 years: 400,000 / 2 x 70%
    sold = date(2026, 2, 10)
    seller = assess_half(vehicle=vehicle, year=2026, half=1, tables=tables(), held=Held(last=sold - timedelta(days=1)))
    buyer = assess_half(vehicle=vehicle, year=2026, half=1, tables=tables(), held=Held(first=sold))
    assert seller.amount_of("automobile") == 30_930  # 140,000 x 40/181
    assert buyer.amount_of("automobile") == 109_060  # 140,000 x 141/181
    assert "part_of_half" in [step.code for step in seller.steps]


def test_a_young_car_and_a_truck_count_by_the_days_of_the_year() -> None:
    until = Held(last=date(2026, 3, 31))
    young = assess_half(vehicle=car(), year=2026, half=1, tables=tables(), held=until)
    truck = of_kind("truck", "private", load_kg=5000, first_registered=date(2010, 1, 1))
    assert young.amount_of("automobile") == 98_630  # 400,000 x 90/365
    assert assess_half(vehicle=truck, year=2026, half=1, tables=tables(), held=until).total == 19_600  # 79,500 x 90/365


def test_a_small_car_given_away_in_spring_is_not_billed_for_the_rest_of_the_year() -> None:
    held = Held(last=date(2026, 3, 31))
    assert not billed_whole_in_june(vehicle=car(displacement_cc=998), year=2026, tables=tables(), held=held)
    result = assess_half(vehicle=car(displacement_cc=998), year=2026, half=1, tables=tables(), held=held)
    assert result.amount_of("automobile") == 19_680  # 79,840 x 90/365


def test_a_car_that_was_not_held_within_the_half_has_no_bill() -> None:
    with pytest.raises(ValueError, match="not held"):
        assess_half(vehicle=car(), year=2026, half=2, tables=tables(), held=Held(last=date(2026, 6, 30)))


def test_a_bill_for_part_of_a_half_is_computed_again_from_its_facts() -> None:
    facts = {"kind": "passenger", "use": "private", "displacement_cc": 2000, "first_registered": "2019-03-01"}
    facts |= {"year": 2026, "half": 1}
    assert assess_facts(facts | {"held_until": "2026-02-09"}, tables=tables()).amount_of("automobile") == 30_930
    assert assess_facts(facts | {"held_from": "2026-02-10"}, tables=tables()).amount_of("automobile") == 109_060


def _independent(vehicle: Vehicle, year: int, first: date, last: date) -> int:
    """The same law written once more, for private passenger cars of a year above 100,000 won, first half."""
    cc = vehicle.displacement_cc or 0
    rate = 80 if cc <= 1000 else 140 if cc <= 1600 else 200
    age = year - vehicle.first_registered.year + (1 if vehicle.first_registered.month <= 6 else 0)
    half = Fraction(cc * rate, 2) * (100 - 5 * (min(age, 12) - 2) if age >= 3 else 100) / 100
    days = (last - first).days + 1
    of_half = (date(year, 6, 30) - date(year, 1, 1)).days + 1
    of_year = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    if days < of_half:
        half = half * days / of_half if age >= 3 else 2 * half * days / of_year
    return int(half // 10) * 10


def test_three_thousand_random_cars_agree_with_the_law_written_a_second_time() -> None:
    draw = Random(SEED)  # noqa: S311 (the same cars at every run)
    for _ in range(3000):
        year = draw.choice((2021, 2024, 2025, 2026))
        vehicle = car(
            displacement_cc=draw.randint(2500, 6000),  # so large that no age makes the year small
            first_registered=date(2005, 1, 1)
            + timedelta(days=draw.randrange((date(year, 1, 1) - date(2005, 1, 1)).days)),
        )
        first = date(year, 1, 1) + timedelta(days=draw.choice((0, 0, draw.randrange(180))))
        last = draw.choice((None, first + timedelta(days=draw.randrange((date(year, 6, 30) - first).days + 1))))
        found = assess_half(vehicle=vehicle, year=year, half=1, tables=tables(), held=Held(first=first, last=last))
        expected = _independent(vehicle, year, first, last or date(year, 6, 30))
        assert found.amount_of("automobile") == expected, (vehicle, year, first, last)
        assert found.amount_of("local_education") == expected * 3 // 10 // 10 * 10
