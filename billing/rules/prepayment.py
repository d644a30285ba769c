"""Paying the year's automobile tax early (연납) and getting back what a scrapped car no longer owes."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from billing.rules.automobile import Vehicle, education_tax
from billing.rules.automobile_held import Held, tax_while_held
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.periods import Half
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value


@dataclass(frozen=True, kw_only=True)
class Prepayment:
    """In won: the year without discount, the discount on the car tax, and what is payable."""

    car_year: int
    education_year: int
    discount: int
    car: int
    education: int
    steps: tuple[Step, ...]

    @property
    def pay(self) -> int:
        return self.car + self.education

    @property
    def saving(self) -> int:
        return self.car_year + self.education_year - self.pay


def year_of_car(*, vehicle: Vehicle, year: int, tables: DatedTables) -> tuple[int, int, int]:
    """Car tax of both halves, each cut to 10 won, and the local education tax of the year."""
    on = date(year, 1, 1)
    first, second = (
        cut(tax_while_held(vehicle=vehicle, half=Half(year, half), held=Held(), tables=tables, on=on)[0])
        for half in (1, 2)
    )
    education, _ = education_tax(vehicle=vehicle, car=first + second, tables=tables, on=on)
    return first, second, education


def prepay(*, vehicle: Vehicle, year: int, month: int, tables: DatedTables) -> Prepayment:
    """What a prepayment in January, March, June or September asks (article 128 paragraph 3, decree article 125).

    The discount is cut to 10 won, then the education tax is taken on what remains payable. Raises NoTableForDate for a
    month whose rate was not read.
    """
    first, second, education_year = year_of_car(vehicle=vehicle, year=year, tables=tables)
    less, step = discount(year=year, month=month, first=first, second=second, tables=tables)
    car = first + second - less
    education, more = education_tax(vehicle=vehicle, car=car, tables=tables, on=date(year, 1, 1))
    return Prepayment(
        car_year=first + second,
        education_year=education_year,
        discount=less,
        car=car,
        education=education,
        steps=(step, *more),
    )


def discount(*, year: int, month: int, first: int, second: int, tables: DatedTables) -> tuple[int, Step]:
    """The discount on a year's car tax (halves `first` and `second`, won) paid whole in a month, cut to 10 won.

    Paragraphs 3 and 4 have the same rate: what lies behind the due date, at most a tenth of it.
    """
    rule = tables.at("automobile_prepayment", date(year, month, 1))
    if month not in rule.body["months"]:
        raise NoTableForDate(name="automobile_prepayment", on=date(year, month, 1))
    body, later = rule.body, first + second if month < 6 else second
    base, days, of = _discounted_part(
        year=year, month=month, first=first, second=second, flat=body["basis"] == "flat", june=body.get("june", "")
    )
    amount = base * Fraction(days, of) * percent(body["percent"])
    if "at_most_percent" in body:
        amount = min(amount, later * percent(body["at_most_percent"]))
    values: dict[str, Value] = {"base": base, "days": days, "of": of, "percent": body["percent"]}
    return cut(amount), Step(code="prepayment_discount", article=rule.article, amount=cut(amount), values=values)


def _discounted_part(*, year: int, month: int, first: int, second: int, flat: bool, june: str) -> tuple[int, int, int]:
    """The sum the rate is taken of, and the part of it that counts: days after the due date over days of the period."""
    if flat and month == 1:
        return first + second, 1, 1
    due = date(year, month, monthrange(year, month)[1])
    days = (date(year, 12, 31) - due).days
    if month < 6 or (month == 6 and june == "by_days"):
        return first + second, days, Half(year, 1).days_of_year
    return second, days, Half(year, 2).days


def owed_until(*, vehicle: Vehicle, year: int, scrapped: date, tables: DatedTables) -> int:
    """Tax and education tax, in won, for the days until a car was taken off the register (article 130)."""
    total = 0
    for half in (Half(year, 1), Half(year, 2)):
        held = Held(last=scrapped)
        if held.days_in(half):
            amount, _ = tax_while_held(vehicle=vehicle, half=half, held=held, tables=tables, on=half.first)
            car = cut(amount)
            total += car + education_tax(vehicle=vehicle, car=car, tables=tables, on=half.first)[0]
    return total


def refund_when_scrapped(*, paid: int, vehicle: Vehicle, year: int, scrapped: date, tables: DatedTables) -> int:
    """What of a year paid without discount comes back, in won; never below zero."""
    return max(paid - owed_until(vehicle=vehicle, year=year, scrapped=scrapped, tables=tables), 0)
