from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from billing.selectors import life_of
from billing.selectors.city import dated_tables
from core.clock import local_date
from payments import selectors
from payments.rules.parts import PartRule, may_pay_part, parts_of_plan


@dataclass(frozen=True)
class PartChoice:
    """What of one bill may be paid by itself today: the next parts of its plan, or any sum from `smallest` on."""

    plan: tuple[int, ...] = ()
    plan_due_on: date | None = None
    smallest: int | None = None

    @property
    def any(self) -> bool:
        return bool(self.plan) or self.smallest is not None


def part_choice(*, bill: selectors.Payable, at: datetime) -> PartChoice:
    """What may be paid of a bill that the running session sees."""
    today = local_date(at)
    open_parts = [part for part in life_of(bill_id=bill.bill_id, on=today).parts if part.left]
    plan = parts_of_plan(left=[part.left for part in open_parts], owed=bill.owed)
    rule = _rule(today)
    overdue = rule.overdue and bill.due_on < today and rule.smallest < bill.owed
    return PartChoice(tuple(plan), open_parts[0].due_on if plan else None, rule.smallest if overdue else None)


def part_allowed(*, bill: selectors.Payable, amount: int, at: datetime) -> bool:
    """Whether so much of one bill may be paid by itself."""
    today = local_date(at)
    left = [part.left for part in life_of(bill_id=bill.bill_id, on=today).parts]
    return may_pay_part(amount=amount, owed=bill.owed, overdue=bill.due_on < today, left=left, rule=_rule(today))


def _rule(on: date) -> PartRule:
    body = dated_tables().at("part_payment", on).body
    return PartRule(overdue=body["overdue"], smallest=body["smallest"])
