"""What a late sum owes beside itself (납부지연가산세): Framework Act on Local Taxes, article 55; amounts in won."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from billing.rules.dated import DatedTable, DatedTables
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step


@dataclass(frozen=True, kw_only=True)
class PartPaid:
    """A part of a tax component paid on a day."""

    on: date
    amount: int


@dataclass(frozen=True, kw_only=True)
class Surcharge:
    once: int
    monthly: int
    months: int
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return self.once + self.monthly


NONE = Surcharge(once=0, monthly=0, months=0, steps=())


def month_passes_after(due: date, months: int) -> date:
    """The first day on which `months` full months lie behind the due date (Civil Act article 160: a month without the
    corresponding day ends on its last).

    >>> month_passes_after(date(2026, 6, 30), 1), month_passes_after(date(2026, 1, 30), 1)
    (datetime.date(2026, 8, 1), datetime.date(2026, 3, 1))
    """
    start = due + timedelta(days=1)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    last = monthrange(year, month)[1]
    return date(year, month, start.day) if start.day <= last else date(year, month, last) + timedelta(days=1)


def full_months_late(*, due: date, on: date, at_most: int) -> int:
    """Full months since the due date.

    >>> full_months_late(due=date(2026, 6, 30), on=date(2026, 7, 31), at_most=60)
    0
    """
    months = 0
    while months < at_most and on >= month_passes_after(due, months + 1):
        months += 1
    return months


def late_payment(
    *, tax: int, due: date, on: date, rule: DatedTable, paid: Sequence[PartPaid] = (), others: int = 0
) -> Surcharge:
    """Surcharge on one tax component of one bill, billed by the office, if what is still owed is paid on `on`.

    3% once on what was unpaid when the due date passed, cut to 10 won; then a rate for each full month on what is
    unpaid when that month has passed, cut to 10 won together, only if the tax was at least the threshold
    (paragraph 4: per bill and tax item) and at most 60 months. `others` is what other components of the same tax on
    the bill ask for, as the urban-area part of property tax: together they reach the threshold.
    """
    if on <= due:
        return NONE
    body = rule.body
    unpaid = _unpaid(tax, paid, due)
    once = cut(unpaid * percent(body["once_percent"]))
    steps = [_step("late_once", rule, once, base=unpaid, percent=body["once_percent"])]
    if tax + others < body["month_part_from"]:
        steps.append(_step("late_below_threshold", rule, None, threshold=body["month_part_from"]))
        return Surcharge(once=once, monthly=0, months=0, steps=tuple(steps))
    months = full_months_late(due=due, on=on, at_most=body["months_at_most"])
    bases = [_unpaid(tax, paid, month_passes_after(due, n) - timedelta(days=1)) for n in range(1, months + 1)]
    monthly = cut(sum(bases, 0) * percent(body["month_percent"]))
    if months:
        values = {"base": bases[-1], "percent": body["month_percent"], "months": months}
        steps.append(_step("late_by_month", rule, monthly, **values))
    return Surcharge(once=once, monthly=monthly, months=months, steps=tuple(steps))


def late_payment_of_parts(*, parts: Mapping[str, int], due: date, on: date, rule: DatedTable) -> dict[str, Surcharge]:
    """Each component by itself; the sum of the cut amounts is what is owed."""
    return {tax: late_payment(tax=amount, due=due, on=on, rule=rule) for tax, amount in parts.items()}


def late_filing(*, tax: int, due: date, on: date, tables: DatedTables, paid: Sequence[PartPaid] = ()) -> Surcharge:
    """Surcharge on a self-assessed tax before a notice (paragraph 1 no. 1): each day, that of paying included, on what
    is unpaid on it, at the day's own rate; cut to 10 won together, at most a share of the tax.

    The database says the same (`billing_late_by_day`).
    """
    total, day, rule = Fraction(0), due + timedelta(days=1), None
    while day <= on:
        rule = tables.at("late_filing", day)
        total += _unpaid(tax, paid, day - timedelta(days=1)) * percent(rule.body["day_percent"])
        day += timedelta(days=1)
    if rule is None:
        return NONE
    amount = min(cut(total), cut(tax * percent(rule.body["at_most_percent"])))
    step = _step("late_by_day", rule, amount, base=tax, days=(on - due).days)
    return Surcharge(once=amount, monthly=0, months=0, steps=(step,))


def _unpaid(tax: int, paid: Sequence[PartPaid], until: date) -> int:
    return max(tax - sum(part.amount for part in paid if part.on <= until), 0)


def _step(code: str, rule: DatedTable, amount: int | None, **values: Any) -> Step:
    return Step(code=code, article=rule.article, amount=amount, values=values)
