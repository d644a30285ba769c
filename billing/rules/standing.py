"""What stands beside a bill and what it does to lateness: deferral (징수유예), instalments (분할납부); in won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.rules.dated import DatedTable, DatedTables
from billing.rules.late_payment import NONE, PartPaid, Surcharge, late_filing, late_payment
from billing.rules.steps import Step, Value

DEFERRAL_ARTICLE = "지방세징수법 제25조의2, 제28조"


@dataclass(frozen=True, kw_only=True)
class Deferral:
    """Collection deferred from a day to a day, both counted: nothing is added for late payment meanwhile."""

    from_on: date
    until_on: date


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of one tax component in an instalment plan, in won."""

    number: int
    due_on: date
    amount: int


def moved_due(*, due: date, deferrals: Sequence[Deferral]) -> date:
    """The due date after deferrals that began in time, at the latest on the day after it.

    >>> moved_due(due=date(2026, 6, 30), deferrals=[Deferral(from_on=date(2026, 6, 1), until_on=date(2026, 12, 31))])
    datetime.date(2026, 12, 31)
    """
    for deferral in sorted(deferrals, key=lambda deferral: deferral.from_on):
        if deferral.from_on <= due + timedelta(days=1) and deferral.until_on > due:
            due = deferral.until_on
    return due


def running(*, day: date, due: date, deferrals: Sequence[Deferral]) -> date:
    """A day counted without the days after `due` on which collection was deferred: lateness stands still on them.

    >>> running(day=date(2026, 8, 10), due=date(2026, 6, 30),
    ...         deferrals=[Deferral(from_on=date(2026, 7, 11), until_on=date(2026, 7, 20))])
    datetime.date(2026, 7, 31)
    """
    start = due + timedelta(days=1)
    still = sum(max((min(deferral.until_on, day) - max(deferral.from_on, start)).days + 1, 0) for deferral in deferrals)
    return day - timedelta(days=still)


def late_with_facts(
    *,
    tax: int,
    due: date,
    on: date,
    rule: DatedTable,
    paid: Sequence[PartPaid] = (),
    deferrals: Sequence[Deferral] = (),
    plan: Sequence[Part] = (),
    others: int = 0,
    by_day: DatedTables | None = None,
) -> Surcharge:
    """Surcharge on one tax component if what is still owed is paid on `on` (Framework Act article 55).

    Each part of a plan is late by itself; payments fill the parts one after the other, and a reduced tax loses its
    last parts first. `others`: what other components of the same tax on the bill ask for. `by_day`: the payer filed
    the tax himself, so it is late by the day.
    """
    found, before = NONE, 0
    for part in plan or (Part(number=1, due_on=due, amount=tax),):
        amount = min(part.amount, max(tax - before, 0))
        moved = moved_due(due=part.due_on, deferrals=deferrals)
        days = [PartPaid(on=running(day=p.on, due=moved, deferrals=deferrals), amount=p.amount) for p in paid]
        late = NONE
        if amount:
            until = running(day=on, due=moved, deferrals=deferrals)
            rest = _beyond(days, before)
            if by_day:
                late = late_filing(tax=amount, due=moved, on=until, tables=by_day, paid=rest)
            else:
                late = late_payment(tax=amount, due=moved, on=until, rule=rule, paid=rest, others=others)
        found = _together(found, late, _why(part, on, plan, deferrals) if late.steps else ())
        before += part.amount
    return found


def _beyond(paid: Sequence[PartPaid], before: int) -> list[PartPaid]:
    """What of payments, in the order of their days, is left after the first `before` won went to earlier parts."""
    left = []
    for part in sorted(paid, key=lambda part: part.on):
        taken = min(before, part.amount)
        before -= taken
        left.append(PartPaid(on=part.on, amount=part.amount - taken))
    return left


def _why(part: Part, on: date, plan: Sequence[Part], deferrals: Sequence[Deferral]) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = ()
    if plan:
        values: dict[str, Value] = {"number": part.number, "due": part.due_on.isoformat(), "base": part.amount}
        steps += (Step(code="late_part", article="지방세법 제118조", values=values),)
    for deferral in deferrals:
        if deferral.from_on <= on:
            span: dict[str, Value] = {"from": deferral.from_on.isoformat(), "until": deferral.until_on.isoformat()}
            steps += (Step(code="late_deferred", article=DEFERRAL_ARTICLE, values=span),)
    return steps


def _together(one: Surcharge, other: Surcharge, why: tuple[Step, ...]) -> Surcharge:
    return Surcharge(
        once=one.once + other.once,
        monthly=one.monthly + other.monthly,
        months=max(one.months, other.months),
        steps=one.steps + why + other.steps,
    )
