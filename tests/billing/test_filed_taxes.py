"""Taxes that a payer files himself: known sums, the edges of every bracket, each won with its article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from random import Random

import pytest

from billing import services
from billing.explain import sentences
from billing.models import Bill
from billing.rules.acquisition import House, acquire, acquire_house
from billing.rules.assessed import Assessed
from billing.rules.dated import NoTableForDate, RateNotSourced
from billing.rules.leisure_tobacco import leisure_tax, tobacco_tax
from billing.rules.licence import LICENCE, licence_tax
from billing.rules.local_income import corporate_income_tax, personal_income_tax
from billing.rules.registration import register

from .conftest import Officers
from .seoul import tables

DAY = date(2026, 9, 1)
SEED = 20260901


def amounts(assessed: Assessed) -> dict[str, int]:
    return {line.tax: line.amount for line in assessed.lines}


def house(price: int, **facts: object) -> dict[str, int]:
    return amounts(acquire_house(house=House(price=price, **facts), on=DAY, tables=tables()))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("price", "tax", "education"),
    [
        (600_000_000, 6_000_000, 600_000),
        (600_010_000, 6_000_100, 600_010),
        (700_000_000, 11_690_000, 1_169_000),
        (750_000_000, 15_000_000, 1_500_000),
        (800_000_000, 18_640_000, 1_864_000),
        (900_000_000, 27_000_000, 2_700_000),
        (900_000_010, 27_000_000, 2_700_000),
        (1_200_000_000, 36_000_000, 3_600_000),
    ],
)
def test_a_house_by_its_price(price: int, tax: int, education: int) -> None:
    assert house(price, small=True) == {"acquisition": tax, "local_education": education}


def test_a_large_house_also_owes_the_special_tax_for_rural_development() -> None:
    assert house(800_000_000)["rural_special"] == 1_600_000  # 0.2%


def test_half_of_a_house_takes_the_rate_of_the_whole() -> None:
    assert house(400_000_000, whole_price=800_000_000, small=True)["acquisition"] == 9_320_000  # 2.33%


@pytest.mark.parametrize(
    ("facts", "percent"),
    [
        ({"homes": 2}, 1),
        ({"homes": 3}, 8),
        ({"homes": 4}, 12),
        ({"homes": 2, "regulated": True}, 8),
        ({"homes": 3, "regulated": True}, 12),
        ({"corporation": True}, 12),
    ],
)
def test_one_house_too_many_costs_more(facts: dict[str, object], percent: int) -> None:
    found = house(500_000_000, **facts)
    assert found["acquisition"] == 5_000_000 * percent
    if percent > 1:
        assert found["local_education"] == 2_000_000  # 0.4%
        assert found["rural_special"] == {8: 3_000_000, 12: 5_000_000}[percent]  # 0.6% and 1%


@pytest.mark.parametrize(
    ("kind", "percent", "education", "rural"),
    [
        ("purchase", "4", 400_000, 200_000),
        ("purchase_farmland", "3", 200_000, 200_000),
        ("inheritance", "2.8", 160_000, 200_000),
        ("gift", "3.5", 300_000, 200_000),
        ("original", "2.8", 160_000, 200_000),
        ("passenger_car", "7", 0, 0),
        ("passenger_car_light", "4", 0, 0),
        ("machinery", "3", 200_000, 200_000),
        ("membership", "2", 0, 200_000),
    ],
)
def test_other_acquisitions(kind: str, percent: str, education: int, rural: int) -> None:
    found = acquire(kind=kind, price=100_000_000, on=DAY, tables=tables())
    assert found.amount_of("acquisition") == int(Fraction(percent) * 1_000_000)
    assert (found.amount_of("local_education"), found.amount_of("rural_special")) == (education, rural)


def test_nothing_is_due_on_half_a_million() -> None:
    assert acquire(kind="motorcycle", price=500_000, on=DAY, tables=tables()).lines == ()
    assert not acquire(kind="motorcycle", price=500_000, on=DAY, tables=tables()).collected
    assert acquire(kind="motorcycle", price=500_010, on=DAY, tables=tables()).total == 10_000


@pytest.mark.parametrize(
    ("kind", "base", "tax", "education"),
    [
        ("mortgage", 300_000_000, 600_000, 120_000),
        ("mortgage", 1_000_000, 6_000, 1_200),
        ("preservation", 200_000_000, 1_600_000, 320_000),
        ("land_other", 0, 6_000, 1_200),
        ("vehicle_mortgage", 20_000_000, 40_000, 0),
        ("company_founded", 10_000_000, 112_500, 22_500),
        ("company_founded", 100_000_000, 400_000, 80_000),
        ("branch_founded", 0, 40_200, 8_040),
    ],
)
def test_an_entry_in_a_register(kind: str, base: int, tax: int, education: int) -> None:
    found = register(kind=kind, base=base, on=DAY, tables=tables())
    assert (found.amount_of("registration_licence"), found.amount_of("local_education")) == (tax, education)


def test_a_corporation_in_the_capital_pays_three_times() -> None:
    found = register(kind="company_founded", base=10_000_000, on=DAY, tables=tables(), in_the_metropolis=True)
    assert amounts(found) == {"registration_licence": 337_500, "local_education": 67_500}
    with pytest.raises(RateNotSourced):
        register(kind="company_other", base=0, on=DAY, tables=tables(), in_the_metropolis=True)


@pytest.mark.parametrize(
    ("licence_class", "won"), [("1", 67_500), ("2", 54_000), ("3", 40_500), ("4", 27_000), ("5", 18_000)]
)
def test_a_licence_by_its_class(licence_class: str, won: int) -> None:
    found = licence_tax(licence_class=licence_class, on=date(2026, 1, 1), tables=tables())
    assert amounts(found) == {"registration_licence": won}


@pytest.mark.parametrize(
    ("base", "won"),
    [
        (0, 0),
        (14_000_000, 84_000),
        (50_000_000, 624_000),
        (88_000_000, 1_536_000),
        (150_000_000, 3_706_000),
        (300_000_000, 9_406_000),
        (500_000_000, 17_406_000),
        (1_000_000_000, 38_406_000),
        (1_200_000_000, 47_406_000),
    ],
)
def test_income_tax_of_a_person(base: int, won: int) -> None:
    assert personal_income_tax(base=base, year=2026, tables=tables()).total == won


@pytest.mark.parametrize(
    ("base", "before", "since"),
    [
        (200_000_000, 1_800_000, 2_000_000),
        (20_000_000_000, 378_000_000, 398_000_000),
        (300_000_000_000, 6_258_000_000, 6_558_000_000),
        (400_000_000_000, 8_658_000_000, 9_058_000_000),
    ],
)
def test_income_tax_of_a_corporation_rose_in_2026(base: int, before: int, since: int) -> None:
    assert corporate_income_tax(base=base, begins=date(2025, 7, 1), tables=tables()).total == before
    assert corporate_income_tax(base=base, begins=date(2026, 1, 1), tables=tables()).total == since


def test_a_short_business_year_and_a_family_corporation() -> None:
    half = corporate_income_tax(base=200_000_000, begins=date(2026, 1, 1), months=6, tables=tables())
    assert half.total == 3_000_000  # (2,000,000 + 2% of 200,000,000) / 2
    family = corporate_income_tax(base=200_000_000, begins=date(2026, 1, 1), family=True, tables=tables())
    assert family.total == 4_000_000


def test_leisure_and_tobacco() -> None:
    leisure = leisure_tax(tickets_sold=1_000_000_000, on=DAY, tables=tables())
    assert amounts(leisure) == {"leisure": 100_000_000, "local_education": 40_000_000, "rural_special": 20_000_000}
    packs = tobacco_tax(kind="cigarette", quantity=20_000, on=DAY, tables=tables())
    assert amounts(packs) == {"tobacco": 1_007_000, "local_education": 442_970}  # 43.99%
    liquid = tobacco_tax(kind="liquid", quantity=1_000, on=DAY, tables=tables(), leaf=False)
    assert liquid.amount_of("tobacco") == 314_000


REFUSED: list[Callable[[], Assessed]] = [
    lambda: acquire(kind="spaceship", price=1_000_000, on=DAY, tables=tables()),
    lambda: register(kind="patent", base=0, on=DAY, tables=tables()),
    lambda: licence_tax(licence_class="6", on=DAY, tables=tables()),
    lambda: tobacco_tax(kind="tea", quantity=1, on=DAY, tables=tables()),
    lambda: personal_income_tax(base=1, year=2022, tables=tables()),
    lambda: corporate_income_tax(base=1, begins=date(2024, 1, 1), tables=tables()),
    lambda: tobacco_tax(kind="cigarette", quantity=20, on=date(2027, 1, 1), tables=tables()),
]


@pytest.mark.parametrize("refused", REFUSED)
def test_what_was_not_read_is_refused_by_name(refused: Callable[[], Assessed]) -> None:
    with pytest.raises((RateNotSourced, NoTableForDate)):
        refused()


def test_random_returns_are_whole_tens_of_won_explained_step_by_step() -> None:
    draw = Random(SEED)  # noqa: S311 (the same returns at every run)
    for _ in range(500):
        price = draw.randint(500_010, 3_000_000_000)
        homes = draw.randint(1, 5)
        returns = [
            acquire_house(house=House(price=price, homes=homes, small=draw.random() < 0.5), on=DAY, tables=tables()),
            personal_income_tax(base=price, year=2026, tables=tables()),
            corporate_income_tax(base=price, begins=DAY, months=draw.randint(1, 12), tables=tables()),
            register(kind="mortgage", base=price, on=DAY, tables=tables()),
        ]
        for found in returns:
            assert all(line.amount > 0 and line.amount % 10 == 0 for line in found.lines)
            assert all(step.article for step in found.steps)
            last = [step.amount for step in found.steps if step.amount is not None]
            assert found.total <= sum(last)
            assert all(sentence.text and "%(" not in sentence.text for sentence in sentences(found.steps))


def test_more_income_never_owes_less() -> None:
    draw = Random(SEED + 1)  # noqa: S311
    for _ in range(500):
        base = draw.randint(0, 2_000_000_000)
        more = base + draw.randint(0, 1_000_000)
        year = 2026
        assert (
            personal_income_tax(base=base, year=year, tables=tables()).total
            <= personal_income_tax(base=more, year=year, tables=tables()).total
        )


def test_a_roll_of_licences_becomes_bills_due_at_the_end_of_january(
    imported: Callable[..., int], officers: Officers
) -> None:
    at = datetime(2026, 1, 8, 1, tzinfo=UTC)
    cells = "LIC-1,11680,김갑수,690302-9635604,,L-2020-1,식품접객업,3"
    text = ",".join(LICENCE.column_names) + "\n" + cells + "\n"
    roll_id = imported(text, tax="licence", term=1, at=at)
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=at)
    services.issue_roll(roll_id=roll_id, at=at)
    bill = Bill.objects.get()
    assert (bill.amount, bill.tax_id, bill.body_id) == (40_500, "registration_licence", "11680")
    assert (bill.nominal_due_on, bill.due_on) == (date(2026, 1, 31), date(2026, 2, 2))  # the 31st is a Saturday
