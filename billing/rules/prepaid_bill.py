"""A bill of automobile tax that is paid ahead (연납): Local Tax Act, article 128 paragraph 3; its decree, article 125.

In January and March it is for the whole year; in June and September, when the first half has its own bill, for the
second half.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.automobile import education_tax
from billing.rules.automobile_bill import billed_whole_in_june
from billing.rules.automobile_held import Held, tax_while_held
from billing.rules.automobile_roll import vehicle_of
from billing.rules.dated import DatedTables
from billing.rules.periods import Half
from billing.rules.prepayment import discount, year_of_car
from billing.rules.rounding import cut
from billing.rules.steps import Step

RULES: Final = "automobile_prepaid"
TAX: Final = "automobile"
OF_THE_CAR: Final = ("vehicle_number", "kind", "use", "first_registered", "displacement_cc", "load_kg", "size")
# What a term of such a bill is counted from: a year has one for each month, apart from those of the halves.
TERMS_FROM: Final = 10


class NotPaidAhead(ValueError):
    """This car's tax can't be paid ahead in that month."""


def halves_in(month: int) -> tuple[int, ...]:
    """Which halves a prepayment in a month is for."""
    return (1, 2) if month < 6 else (2,)


def months_open(*, year: int, tables: DatedTables) -> tuple[int, ...]:
    """The months of a year in which tax may be paid ahead."""
    return tuple(tables.at("automobile_prepayment", date(year, 12, 31)).body["months"])


def due_of(*, year: int, month: int) -> date:
    """The last day of the month: until then it is applied for and paid."""
    return date(year, month, monthrange(year, month)[1])


def facts_of(car: Mapping[str, Any], *, year: int, month: int, tables: DatedTables) -> dict[str, Any]:
    """What the bill keeps; `car` is what a regular bill of the car keeps.

    Raises NotPaidAhead, also for a small year that June bills whole, and NoTableForDate for a year whose rate was not
    read.
    """
    facts = {name: car[name] for name in OF_THE_CAR if car.get(name) is not None}
    vehicle = vehicle_of(facts)
    if month not in months_open(year=year, tables=tables):
        raise NotPaidAhead("not in this month")
    if month >= 6 and billed_whole_in_june(vehicle=vehicle, year=year, tables=tables, held=Held()):
        raise NotPaidAhead("billed whole in June")
    return facts | {"rules": RULES, "year": year, "prepaid_in": month, "halves": list(halves_in(month))}


def assess_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute the bill from what it keeps: the tax of its halves less the discount, then education tax on the rest."""
    vehicle, year = vehicle_of(facts), facts["year"]
    first, second, _ = year_of_car(vehicle=vehicle, year=year, tables=tables)
    less, step = discount(year=year, month=facts["prepaid_in"], first=first, second=second, tables=tables)
    whole = sum(won for half, won in ((1, first), (2, second)) if half in facts["halves"])
    return _bill(facts, whole - less, (_year(whole, tables=tables, year=year), step), tables=tables)


def left_of(facts: Mapping[str, Any], *, last: date, tables: DatedTables) -> Assessed | None:
    """The bill for the days until the car left, `last` included, each with its part of the discount.

    None where no day of what is paid ahead is left, or none was held.
    """
    vehicle, year = vehicle_of(facts), facts["year"]
    halves = [Half(year, number) for number in facts["halves"]]

    def won(held: Held) -> Fraction:
        return sum(
            (tax_while_held(vehicle=vehicle, half=half, held=held, tables=tables, on=half.first)[0] for half in halves),
            start=Fraction(0),
        )

    whole, part = won(Held()), won(Held(last=last))
    if not 0 < part < whole:
        return None
    paid = assess_facts(facts, tables=tables).amount_of(TAX)
    return _bill(facts, cut(paid * part / whole), (), tables=tables)


def _bill(facts: Mapping[str, Any], car: int, steps: tuple[Step, ...], *, tables: DatedTables) -> Assessed:
    on = date(facts["year"], 1, 1)
    education, more = education_tax(vehicle=vehicle_of(facts), car=car, tables=tables, on=on)
    lines = [Line(tax=TAX, amount=car), Line(tax="local_education", amount=education)]
    return Assessed(lines=tuple(line for line in lines if line.amount), steps=(*steps, *more))


def _year(whole: int, *, tables: DatedTables, year: int) -> Step:
    rule = tables.at("automobile_prepayment", date(year, 12, 31))
    return Step(code="paid_ahead", article=rule.article, amount=whole)
