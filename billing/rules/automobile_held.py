"""The tax of a half for the days on which somebody held a car (일할계산): Local Tax Act, articles 129, 130."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from billing.rules.automobile import Vehicle, half_tax, vehicle_age
from billing.rules.dated import DatedTables
from billing.rules.periods import Half, days_between
from billing.rules.steps import Step


@dataclass(frozen=True, kw_only=True)
class Held:
    """The first and the last day on which the payer held the car, both counted; None where it is open.

    Of a transfer (이전등록) the new owner's first day is the day of registration, the old owner's last the day before;
    a car that is scrapped (말소등록) counts the day on which it was taken off the register.
    """

    first: date | None = None
    last: date | None = None

    def days_in(self, half: Half) -> int:
        """
        >>> Held(first=date(2026, 4, 15)).days_in(Half(2026, 1)), Held(last=date(2026, 3, 31)).days_in(Half(2026, 2))
        (77, 0)
        """
        first, last = max(self.first or half.first, half.first), min(self.last or half.last, half.last)
        return max(days_between(first, last), 0)


def held_since_registration(vehicle: Vehicle, held: Held) -> Held:
    """Nobody held a car before it was first registered."""
    return Held(first=max(held.first or vehicle.first_registered, vehicle.first_registered), last=held.last)


def tax_while_held(
    *, vehicle: Vehicle, half: Half, held: Held, tables: DatedTables, on: date
) -> tuple[Fraction, tuple[Step, ...]]:
    """A half's tax for the days of `held`, in won, not yet cut (decree article 126).

    A private passenger car from its third year counts by the days of the half, every other by the days of the year.
    """
    amount, steps = half_tax(vehicle=vehicle, year=half.year, half=half.number, tables=tables, on=on)
    days = held_since_registration(vehicle, held).days_in(half)
    if days == half.days:
        return amount, steps
    rule = tables.at("automobile_part_of_half", on)
    age = vehicle_age(first_registered=vehicle.first_registered, year=half.year, half=half.number)
    private_car = vehicle.kind == "passenger" and vehicle.use == "private"
    by_half = private_car and age >= rule.body["by_half_from_age"]
    base, of = (amount, half.days) if by_half else (2 * amount, half.days_of_year)
    part = base * days / of
    values = {"base": int(base), "days": days, "of": of}
    return part, (*steps, Step(code="part_of_half", article=rule.article, amount=int(part), values=values))
