"""What every change of a bill shares: its facts, and the refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from billing.models import Bill, BillChange, TaxType
from billing.rules.smallest import too_little
from billing.selectors.city import dated_tables
from billing.states import BILL_TRANSITIONS, BillStatus
from core.errors import Refusal
from core.states import StaleState, move

Details = Mapping[str, Any]


class BillNotInForce(Refusal):
    message = _("This bill is no longer in force.")


class ReasonNeeded(Refusal):
    message = _("Say why.")


class SameOfficerDecides(Refusal):
    message = _("You asked for this, so another officer has to decide about it.")


class TooLittleLeft(Refusal):
    """Local Tax Act, articles 119, 130 paragraph 4 and 148."""

    def __init__(self, smallest: int) -> None:
        text = _("Less than %(smallest)s won would be asked, and so little is not collected. Take it off entirely.")
        super().__init__(text % {"smallest": f"{smallest:,}"})


class Check(Protocol):
    """Refuse what can't be done to this bill. The bill's row is locked."""

    def __call__(self, bill: Bill, details: Details, *, at: datetime) -> None: ...


class Do(Protocol):
    """Carry a change out in the caller's transaction. The bill's row is locked."""

    def __call__(self, bill: Bill, change: BillChange, *, at: datetime) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Act:
    """A kind of change. `by_worker`: it makes new numbers, which only the worker may.

    How many won it weighs towards the second officer's threshold, the database reads from the bill (`threshold.sql`).
    """

    article: str
    check: Check
    do: Do
    by_worker: bool = False


@dataclass(frozen=True, kw_only=True)
class LineNow:
    """A line as it stands: `amount` after reductions, what of payments is kept, in won."""

    id: int
    tax: str
    amount: int
    tax_paid: int
    surcharge_paid: int

    @property
    def unpaid(self) -> int:
        return max(self.amount - self.tax_paid, 0)


def lines_now(bill: Bill) -> list[LineNow]:
    """The lines of a bill with what was taken off and paid, without what a credit may still take off."""
    found = []
    for line in bill.lines.order_by("position").prefetch_related("adjustments", "paid_parts"):
        less, paid = line.adjustments.all(), line.paid_parts.all()
        found.append(
            LineNow(
                id=line.pk,
                tax=line.tax_id,
                amount=line.amount - sum(row.amount for row in less),
                tax_paid=sum(row.tax_part for row in paid) - sum(row.returned for row in less),
                surcharge_paid=sum(row.surcharge_part for row in paid) - sum(row.surcharge_returned for row in less),
            )
        )
    return found


def refuse_too_little(bill: Bill, amounts: Mapping[int, int], *, unpaid: int | None = None) -> None:
    """What would be asked, by line, has to be enough to be collected. Fines and charges know no smallest sum."""
    taxes = dict(bill.lines.filter(tax__kind=TaxType.LevyKind.TAX).values_list("id", "tax_id"))
    asked = {tax: amounts[line] for line, tax in taxes.items()}
    if not asked:
        return
    smallest = too_little(amounts=asked, tables=dated_tables(), on=bill.liability_on, unpaid=unpaid)
    if smallest:
        raise TooLittleLeft(smallest)


def in_force(bill: Bill) -> None:
    """Refuse a bill that was cancelled, replaced, written off or prescribed."""
    if bill.status != BillStatus.ISSUED:
        raise BillNotInForce


def step(bill: Bill, old: BillStatus, new: BillStatus) -> None:
    """Move a bill's state, or refuse because it is no longer where the change starts from."""
    try:
        move(Bill, bill.pk, transitions=BILL_TRANSITIONS, old=old, new=new)
    except StaleState:
        raise BillNotInForce from None
    bill.status = new
