"""What a refund comes to on a day: what of it pays bills as of when, the interest on every part, and what is left.

Framework Act on Local Taxes, articles 60 and 62; its decree, article 43. Pure functions, amounts in won.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from billing.rules.dated import DatedTables
from billing.rules.refund_interest import AFTER_EVENT, NONE, first_day, refund_interest
from billing.rules.steps import Step, Value

# Money that was for no bill is no tax that was paid; article 62 speaks of refunds of taxes only.
NO_TAX = "no_tax"
YEAR_PAID_AHEAD = "year_paid_ahead"


@dataclass(frozen=True, kw_only=True)
class Paid:
    """So much of the refund was paid on that day."""

    on: date
    amount: int


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A bill that the refund pays: what it owes if paid on `as_of`. `by_law`: arrears; else its owner asked for it."""

    bill_id: int
    amount: int
    as_of: date
    by_law: bool = True


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What of a refund and of its interest pays a bill, as of a day."""

    bill_id: int
    principal: int
    interest: int
    as_of: date
    by_law: bool


@dataclass(frozen=True, kw_only=True)
class Why:
    """What interest hangs on, beside the days of payment; see `billing.rules.refund_interest.first_day`."""

    cause: str
    event_on: date | None = None
    final_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`interest` on all of it; `principal_left` and `interest_left` go to the person, after `taken` paid bills."""

    principal: int
    interest: int
    taken: tuple[Taken, ...]
    principal_left: int
    interest_left: int
    steps: tuple[Step, ...] = field(default=())


@dataclass
class _Left:
    """What of one day's payment is not used yet."""

    on: date
    amount: int


def figures(
    *, paid: Sequence[Paid], demands: Sequence[Demand], why: Why, decided: date, tables: DatedTables
) -> Figures:
    """Bills take in the order given, each the oldest money first.

    A part's interest ends on the day as of which it paid a bill (article 60 paragraph 3: both claims went out on that
    day), for the rest on the day of the decision.

    Interest pays a bill only where no refund is left to pay it with. Raises EventDayMissing.
    """
    left = [_Left(one.on, one.amount) for one in sorted(paid, key=lambda one: one.on)]
    taken: list[Taken] = []
    interest, steps = 0, []
    for demand in demands:
        wanted = demand.amount
        for slot in left:
            part = min(wanted, slot.amount)
            if part:
                until = max(demand.as_of, slot.on)
                found = _interest(part, slot.on, why, until=until, decided=decided, tables=tables)
                interest, wanted, slot.amount = interest + found[0], wanted - part, slot.amount - part
                steps += [Step(code="set_off", article=SET_OFF, amount=part, values=_set_off(demand)), *found[1]]
        if wanted < demand.amount:
            taken.append(_taken(demand, demand.amount - wanted))
    for slot in left:
        if slot.amount:
            found = _interest(slot.amount, slot.on, why, until=decided, decided=decided, tables=tables)
            interest += found[0]
            steps += found[1]
    rest = sum(slot.amount for slot in left)
    taken, spent = (taken, 0) if rest else _pay_with_interest(taken, demands, interest)
    return Figures(
        principal=sum(one.amount for one in paid),
        interest=interest,
        taken=tuple(taken),
        principal_left=rest,
        interest_left=interest - spent,
        steps=tuple(steps),
    )


FIRST_DAY = "지방세기본법 제62조 제1항, 시행령 제43조 제1항"
SET_OFF = "지방세기본법 제60조 제2항, 제3항, 시행령 제37조의2"


def arose(*, paid: Sequence[Paid], why: Why, found: date) -> date:
    """The day to which a set-off works back, if arrears existed by then (decree article 37-2).

    The claim is prescribed from another one. What was paid wrongly, or is corrected or cancelled, arose with its
    payment, of several with the last; a year paid ahead with the sale or scrapping, but not before it was paid; relief,
    a change of law and what a return applies for on their day, or, where nobody has named it, when it was `found`.

    >>> paid = [Paid(on=date(2026, 1, 5), amount=70), Paid(on=date(2026, 1, 9), amount=30)]
    >>> arose(paid=paid, why=Why(cause="corrected"), found=date(2026, 3, 1))
    datetime.date(2026, 1, 9)
    >>> arose(paid=paid, why=Why(cause="reduced", event_on=date(2026, 2, 1)), found=date(2026, 3, 1))
    datetime.date(2026, 2, 1)
    """
    last = max((one.on for one in paid), default=found)
    if why.cause not in AFTER_EVENT:
        return last
    day = why.event_on or found
    return max(day, last) if why.cause == YEAR_PAID_AHEAD else day


def expires(*, arose: date, tables: DatedTables) -> date:
    """The last day on which a refund can be claimed (지방세기본법 제64조), counted from when it could be first.

    Civil Act, article 160: the day before the same date, or the month's end where the date is missing.
    """
    years: int = tables.at("refund_limitation", arose).body["years"]
    try:
        return arose.replace(year=arose.year + years)
    except ValueError:
        return date(arose.year + years, 2, 28)


def is_late(*, final_on: date | None, decided: date, tables: DatedTables) -> bool:
    """Whether the decision to pay comes so long after a judgment that interest is half as much again."""
    if final_on is None:
        return False
    days: int = tables.at("refund_late_judgment", decided).body["days"]
    return decided >= final_on + timedelta(days=days)


def _interest(
    part: int, paid: date, why: Why, *, until: date, decided: date, tables: DatedTables
) -> tuple[int, tuple[Step, ...]]:
    if why.cause == NO_TAX:
        return 0, (Step(code="no_tax", article="지방세기본법 제62조 제1항", amount=0),)
    first = first_day(cause=why.cause, paid=paid, event=why.event_on)
    if first is None:
        return 0, (Step(code="no_interest", article="지방세기본법 제62조 제3항", amount=0),)
    if first > until:
        no_days: dict[str, Value] = {"base": part, "paid": paid.isoformat()}
        return 0, (Step(code="refund_no_days", article=FIRST_DAY, values=no_days),)
    late = is_late(final_on=why.final_on, decided=decided, tables=tables)
    found = refund_interest(refund=part, first=first, decided=until, tables=tables, after_a_late_judgment=late)
    start = Step(
        code="refund_first_day",
        article=FIRST_DAY,
        values={"base": part, "paid": paid.isoformat(), "first": first.isoformat(), "until": until.isoformat()},
    )
    return found.amount, (start, *found.steps) if found is not NONE else (start,)


def _pay_with_interest(taken: list[Taken], demands: Sequence[Demand], interest: int) -> tuple[list[Taken], int]:
    """What demands are still open once the refund is used up is paid with its interest."""
    found, spent = [], 0
    by_bill = {(one.bill_id, one.by_law): one for one in taken}
    for demand in demands:
        one = by_bill.get((demand.bill_id, demand.by_law)) or _taken(demand, 0)
        part = min(demand.amount - one.principal, interest - spent)
        spent += part
        if one.principal or part:
            found.append(Taken(**{**one.__dict__, "interest": part}))
    return found, spent


def _taken(demand: Demand, principal: int) -> Taken:
    return Taken(bill_id=demand.bill_id, principal=principal, interest=0, as_of=demand.as_of, by_law=demand.by_law)


def _set_off(demand: Demand) -> dict[str, str | int]:
    return {"bill": demand.bill_id, "as_of": demand.as_of.isoformat()}


def last_paid_first(*, paid: Sequence[Paid], amount: int) -> list[Paid]:
    """Of several payments the last goes back first, then those before it (지방세기본법 제62조 제1항 제1호).

    >>> [(one.amount, one.on.day) for one in last_paid_first(paid=[
    ...     Paid(on=date(2026, 1, 5), amount=70), Paid(on=date(2026, 1, 9), amount=30)], amount=50)]
    [(30, 9), (20, 5)]
    """
    found = []
    for one in sorted(paid, key=lambda one: one.on, reverse=True):
        part = min(one.amount, amount)
        if part > 0:
            found.append(Paid(on=one.on, amount=part))
            amount -= part
    return found
