"""Interest on money paid back (지방세환급가산금): Framework Act on Local Taxes, article 62; its decree, article 43."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from billing.rules.dated import DatedTable, DatedTables
from billing.rules.periods import days_between
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value

# Why money comes back, and what its interest runs after (decree article 43 paragraph 1 nos. 1-5).
AFTER_PAYMENT: Final = frozenset({"paid_by_mistake", "paid_twice", "corrected", "cancelled", "amended"})
AFTER_EVENT: Final = frozenset({"year_paid_ahead", "reduced", "law_changed", "claimed"})
# A correction on a plain complaint (고충민원) bears none (article 62 paragraph 3).
WITHOUT: Final = frozenset({"grievance"})
DAYS_OF_YEAR: Final = 365


class EventDayMissing(ValueError):
    """For this cause interest runs from another day than the payment, and it was not named."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Days at one rate, in percent a year."""

    percent: str
    days: int


@dataclass(frozen=True, kw_only=True)
class Interest:
    """In won, cut to 10."""

    amount: int
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]


NONE: Final = Interest(amount=0, parts=(), steps=())


def first_day(*, cause: str, paid: date, event: date | None = None) -> date | None:
    """The first day that bears interest; None where the cause bears none. Raises EventDayMissing.

    `event`: for a year paid ahead the day the car was sold or scrapped, for a reduction its decision, for a change of
    law its first day, for a refund that a return applies for the day it was filed (interest then begins 30 days later).
    What is corrected on its payer's claim (경정청구) is a correction: interest runs from the payment.

    >>> first_day(cause="paid_twice", paid=date(2024, 7, 31))
    datetime.date(2024, 8, 1)
    """
    if cause in WITHOUT:
        return None
    if cause in AFTER_PAYMENT:
        return paid + timedelta(days=1)
    if cause not in AFTER_EVENT:
        raise ValueError(f"no rule for a refund because of {cause!r}")
    if event is None:
        raise EventDayMissing(f"the day of {cause!r} is needed")
    if cause == "claimed":
        event += timedelta(days=30)
    return max(event, paid) + timedelta(days=1)  # whatever gave cause before, nothing was held before it was paid


def refund_interest(
    *, refund: int, first: date | None, decided: date, tables: DatedTables, after_a_late_judgment: bool = False
) -> Interest:
    """Simple interest on `refund` won from the first day to the decision to pay, both counted; each day at its rate.

    Paid 40 days or more after a decision on an objection or a judgment became final it is half as much again (decree
    article 43 paragraph 2). A year counts 365 days, also a leap year: the texts read name no other number.
    """
    if first is None or first > decided:
        return NONE
    times = Fraction(3, 2) if after_a_late_judgment else Fraction(1)
    total, parts, steps = Fraction(0), [], []
    for table, days in _stretches(first, decided, tables):
        rate = table.body["percent"]
        part = refund * percent(rate) * times * days / DAYS_OF_YEAR
        total += part
        parts.append(Part(percent=rate, days=days))
        values: dict[str, Value] = {"base": refund, "percent": rate, "days": days, "times": _text(times)}
        steps.append(Step(code="refund_interest", article=table.article, amount=int(part), values=values))
    amount = cut(total)
    return Interest(amount=amount, parts=tuple(parts), steps=tuple(steps))


def _stretches(first: date, last: date, tables: DatedTables) -> list[tuple[DatedTable, int]]:
    """The rates in force from one day to another, each with its days."""
    found = []
    while first <= last:
        table = tables.at("refund_interest", first)
        ends = last if table.valid_to is None else min(last, table.valid_to)
        found.append((table, days_between(first, ends)))
        first = ends + timedelta(days=1)
    return found


def _text(times: Fraction) -> str:
    return "1.5" if times != 1 else "1"
