from __future__ import annotations

import doctest
import re
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from billing import rules
from billing.rules.automobile import Vehicle
from billing.rules.automobile_bill import assess_half
from billing.rules.calendar import CalendarNotKnown, due_when_billed
from billing.rules.dated import DatedTable, DatedTables, NoTableForDate, RateNotSourced
from billing.rules.late_payment import PartPaid, late_payment
from billing.rules.numbers import NumbersExhausted, SpreadSerials, TaxNumber, read_epay_number, tax_number_is_valid
from billing.rules.prepayment import prepay
from billing.rules.steps import Step

from .seoul import calendar, read, tables

MODULES = sorted(path.stem for path in Path(rules.__file__).parent.glob("*.py"))


def car(**facts: object) -> Vehicle:
    known = {"kind": "passenger", "use": "private", "first_registered": date(2025, 1, 1), "displacement_cc": 2000}
    return Vehicle(**(known | facts))  # type: ignore[arg-type]


def codes(steps: tuple[Step, ...]) -> list[str]:
    return [step.code for step in steps]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_rules_hold(name: str) -> None:
    assert doctest.testmod(import_module(f"billing.rules.{name}")).failed == 0


def test_a_half_of_a_new_car_shows_its_calculation() -> None:
    result = assess_half(vehicle=car(), year=2026, half=1, tables=tables())
    assert [(line.tax, line.amount) for line in result.lines] == [("automobile", 200_000), ("local_education", 60_000)]
    assert result.total == 260_000
    assert codes(result.steps) == ["yearly_by_displacement", "cut_to_ten", "education"]
    assert all(step.article for step in result.steps)


def test_a_car_registered_within_the_half_pays_from_that_day() -> None:
    vehicle = car(first_registered=date(2026, 4, 15))
    assert assess_half(vehicle=vehicle, year=2026, half=1, tables=tables()).amount_of("automobile") == 84_380


def test_a_sum_below_two_thousand_won_is_not_collected() -> None:
    vehicle = car(first_registered=date(2026, 6, 30))
    result = assess_half(vehicle=vehicle, year=2026, half=1, tables=tables())
    assert not result.collected
    assert codes(result.steps)[-1] == "not_collected"


def test_a_car_registered_after_the_period_is_refused() -> None:
    with pytest.raises(ValueError, match="after the period"):
        assess_half(vehicle=car(first_registered=date(2026, 7, 1)), year=2026, half=1, tables=tables())


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "van", "size": "express"},
        {"kind": "boat"},
        {"use": "diplomatic"},
    ],
)
def test_a_vehicle_without_a_sourced_rate_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(RateNotSourced):
        assess_half(vehicle=car(**facts), year=2026, half=1, tables=tables())


def test_a_year_without_a_table_is_refused_by_name() -> None:
    with pytest.raises(NoTableForDate, match="automobile_passenger"):
        assess_half(vehicle=car(first_registered=date(2001, 1, 1)), year=2010, half=1, tables=tables())
    with pytest.raises(NoTableForDate, match="automobile_prepayment"):
        prepay(vehicle=car(), year=2019, month=3, tables=tables())


def test_two_tables_never_hold_on_one_day() -> None:
    first = DatedTable(name="x", valid_from=date(2020, 1, 1), valid_to=None, article="a", body={})
    second = DatedTable(name="x", valid_from=date(2021, 1, 1), valid_to=None, article="a", body={})
    with pytest.raises(ValueError, match="two tables 'x'"):
        DatedTables([first, second])


def test_a_table_without_its_article_is_refused() -> None:
    with pytest.raises(ValueError, match="no article"):
        DatedTables([DatedTable(name="x", valid_from=date(2020, 1, 1), valid_to=None, article=" ", body={})])


def test_every_tax_says_by_which_table_it_is_computed() -> None:
    taxes = read("taxes.yaml")["taxes"]
    local = [tax for tax in taxes if tax["kind"] == "tax" and tax["code"] != "rural_special"]
    assert len({tax["item"][:3] for tax in local}) == 11
    assert len({tax["code"] for tax in taxes}) == len({tax["item"] for tax in taxes}) == len(taxes)
    assert {"automobile", "property"} <= {tax["table"] for tax in taxes}
    assert all(tax["article"] for tax in taxes)


def test_every_holiday_is_named_and_substitutes_fall_on_working_days() -> None:
    days = read("holidays.yaml")["holidays"]
    assert [day["date"] for day in days] == sorted({day["date"] for day in days})
    assert all(day["date"].weekday() < 5 for day in days if "대체" in day["name_ko"])


@pytest.mark.parametrize(
    ("nominal", "due"),
    [
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 2, 16), date(2026, 2, 19)),  # Seollal
        (date(2025, 10, 3), date(2025, 10, 10)),  # National Foundation Day, Chuseok, its substitute, Hangeul Day
        (date(2026, 5, 1), date(2026, 5, 4)),  # Labour Day before a weekend
        (date(2025, 9, 30), date(2025, 10, 15)),  # by order
    ],
)
def test_due_dates_move_off_days_on_which_nobody_can_pay(nominal: date, due: date) -> None:
    assert calendar().due_date(nominal=nominal, tax="automobile") == due


def test_no_due_date_is_guessed_beyond_the_known_holidays() -> None:
    with pytest.raises(CalendarNotKnown):
        calendar().due_date(nominal=date(2028, 6, 30), tax="automobile")


def test_a_bill_that_arrives_late_falls_due_two_weeks_after() -> None:
    due = due_when_billed(calendar=calendar(), nominal=date(2026, 6, 30), tax="automobile", arrives=date(2026, 11, 22))
    assert due == date(2026, 12, 7)  # the 6th is a Sunday
    in_time = due_when_billed(
        calendar=calendar(), nominal=date(2026, 6, 30), tax="automobile", arrives=date(2026, 6, 10)
    )
    assert in_time == date(2026, 6, 30)


def test_nothing_is_added_on_the_due_date_and_three_percent_the_day_after() -> None:
    rule = tables().at("late_payment", date(2026, 6, 1))
    due = date(2026, 6, 30)
    assert late_payment(tax=200_000, due=due, on=due, rule=rule).total == 0
    assert late_payment(tax=200_000, due=due, on=due + timedelta(days=1), rule=rule).total == 6_000


def test_a_part_paid_in_time_bears_no_surcharge() -> None:
    rule = tables().at("late_payment", date(2026, 6, 1))
    paid = [PartPaid(on=date(2026, 6, 20), amount=400_000), PartPaid(on=date(2026, 8, 15), amount=100_000)]
    result = late_payment(tax=1_000_000, due=date(2026, 6, 30), on=date(2026, 9, 1), rule=rule, paid=paid)
    assert result.once == 18_000  # 3% of 600,000
    assert result.monthly == 3_960 + 3_300  # July on 600,000, August on 500,000


def test_the_monthly_part_ends_after_sixty_months() -> None:
    rule = tables().at("late_payment", date(2024, 6, 1))
    result = late_payment(tax=1_000_000, due=date(2024, 7, 1), on=date(2034, 7, 1), rule=rule)
    assert (result.months, result.total) == (60, 30_000 + 396_000)


def test_a_changed_digit_spoils_a_tax_number() -> None:
    number = str(
        TaxNumber(
            province="11",
            district="680",
            account="10",
            item="109000",
            year=2026,
            month=6,
            term=1,
            ward="000",
            serial=42,
        )
    )
    assert len(number) == 31
    assert tax_number_is_valid(number)
    changed = number[:2] + str((int(number[2]) + 1) % 10) + number[3:]
    assert not tax_number_is_valid(changed)
    assert not tax_number_is_valid(number[:-1])


def test_payment_numbers_never_repeat_and_neighbours_stand_apart() -> None:
    scheme = SpreadSerials()
    numbers = [scheme.number(institution="11680", kind="1", year=2026, item="09", serial=n) for n in range(5000)]
    assert len(set(numbers)) == 5000
    assert abs(int(numbers[1][-9:]) - int(numbers[2][-9:])) > 1000
    with pytest.raises(NumbersExhausted):
        scheme.number(institution="11680", kind="1", year=2026, item="09", serial=1_000_000_000)


@pytest.mark.parametrize("text", ["", "123", "4831022341510664999x", "483102234151066499９", "4" * 20])
def test_what_is_no_payment_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="19 digits"):
        read_epay_number(text)


def test_what_a_city_is_told_that_is_refused_is_what_the_pack_refuses() -> None:
    text = (Path(__file__).parents[2] / "docs" / "cities.md").read_text(encoding="utf-8")
    whole = text.partition("## Taxes that are refused whole")[2].partition("##")[0]
    told = {code for line in whole.splitlines() if line.startswith("| `") for code in re.findall(r"`(\w+)`", line)}
    taxes = read("taxes.yaml")["taxes"]
    assert told == {tax["code"] for tax in taxes if tax["table"] == "not_sourced"}
    late = {tax.get("late", "late_payment") for tax in taxes}
    without = {name for name in late if not any(table["name"] == name for table in read("late_payment.yaml")["tables"])}
    assert without == set(re.findall(r"`(late_\w+)`", whole))
    assert {tax["table"] for tax in taxes if tax.get("late") in without} == {"not_sourced"}
