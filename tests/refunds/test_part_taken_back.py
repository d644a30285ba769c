"""A bank takes back a part of what it paid on a bill that was reduced: what is owed, what goes back, and the books.

What was too much goes first, then what the reduction gave back, and only then is the bill owed again. A tax that was
never paid stays a claim of its own; once it is late the refund of the other pays it by law.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.management import call_command

from billing import services as billing
from billing.models import Bill, BillPayment
from billing.selectors import money_back, owed_on
from core import clock
from payments.models import Payment
from refunds.models import Leg, Refund, SetOff
from refunds.services.standing import claimed_back
from refunds.states import HOLDING, UNDECIDED, Origin, Way
from tests.payments.cast import BillFacts, a_bill, balances
from tests.refunds.cast import Office, days_ago, pays, takes_back


@dataclass(frozen=True)
class Case:
    """A bill of 40,000 and 12,000 won; what was paid, what each tax was reduced by, what of which payment went again.

    `owed` and `back` say what is left to pay and to pay back while the bill is not late.
    """

    paid: tuple[int, ...]
    off: tuple[int, int]
    taken: tuple[tuple[int, int], ...]
    owed: int
    back: int


CASES = {
    "less than was given back": Case((52_000,), (30_000, 0), ((0, 5_000),), 0, 25_000),
    "nearly all of it": Case((52_000,), (30_000, 0), ((0, 29_990),), 0, 10),
    "more than was given back of both taxes": Case((52_000,), (10_000, 6_000), ((0, 20_000),), 4_000, 0),
    "the payment of the other tax": Case((40_000, 12_000), (30_000, 0), ((1, 12_000),), 0, 18_000),
    "a part of the first of two": Case((30_000, 22_000), (30_000, 0), ((0, 10_000),), 0, 20_000),
    "what was too much goes first": Case((60_000,), (10_000, 0), ((0, 9_000),), 0, 9_000),
    "twice": Case((52_000,), (20_000, 5_000), ((0, 10_000), (0, 17_000)), 2_000, 0),
    "beside a tax that was never paid": Case((40_000,), (30_000, 0), ((0, 5_000),), 12_000, 25_000),
    "everything": Case((52_000,), (20_000, 5_000), ((0, 52_000),), 27_000, 0),
}


def happens(office: Office, case: Case, bill: BillFacts, *, on: int) -> None:
    payments = [pays(bill, won, on=days_ago(on)) for won in case.paid]
    office.deliver()
    lines = Bill.objects.get(pk=bill.id).lines.order_by("position").values_list("pk", flat=True)
    off = {line: won for line, won in zip(lines, case.off, strict=True) if won}
    billing.reduce_bill(bill_id=bill.id, lines=off, reason="x", asked_by_id=office.clerk.id, at=clock.now())
    office.deliver()
    for which, won in case.taken:
        takes_back(payments[which], won)
        office.deliver()


def stays(bill: BillFacts) -> int:
    """Won that came and were not taken back."""
    return sum(row.applied + row.excess for row in BillPayment.objects.filter(bill_id=bill.id))


def owes(bill: BillFacts) -> int:
    return owed_on(bill_ids=[bill.id], on=clock.local_date(clock.now()))[bill.id].total


@pytest.mark.parametrize("name", CASES)
def test_what_is_owed_and_what_goes_back_are_what_was_paid_and_asked(office: Office, name: str) -> None:
    case = CASES[name]
    bill = a_bill()
    happens(office, case, bill, on=3)
    found = money_back(bill_id=bill.id)
    given, excess = sum(one.amount for one in found.given_back), sum(one.excess for one in found.payments)
    asked = bill.amount - sum(case.off)
    assert (owes(bill), given + excess) == (case.owed, case.back)
    assert stays(bill) + case.owed == asked + case.back
    live = dict.fromkeys(Origin, 0)
    for refund in Refund.objects.filter(status__in=UNDECIDED):
        live[Origin(refund.origin)] += refund.available
    assert (live[Origin.PAYABLE], live[Origin.OVERPAYMENT]) == (given, excess)
    books = balances()
    assert books.get("receivable", 0) == case.owed
    assert -books.get("refund_payable", 0) - books.get("overpayment", 0) == case.back
    call_command("ledger_check")


def test_a_tax_of_a_late_bill_that_was_never_paid_is_paid_out_of_the_refund_of_the_other(office: Office) -> None:
    case = CASES["beside a tax that was never paid"]
    bill = a_bill(due=days_ago(2))
    happens(office, case, bill, on=3)
    assert owes(bill) == 12_360  # three percent for being late
    office.pays_back(Refund.objects.get())
    set_off = SetOff.objects.get()
    assert (set_off.bill_id, set_off.principal, set_off.effective_on) == (bill.id, 12_000, days_ago(2))
    assert owes(bill) == 0  # both claims ended on the day on which it was due
    assert sum(Leg.objects.filter(status__in=HOLDING).values_list("principal", flat=True)) == 13_000
    call_command("ledger_check")


def test_what_left_already_is_claimed_back_and_the_bill_stays_paid(office: Office) -> None:
    bill = a_bill()
    happens(office, Case((52_000,), (30_000, 0), (), 0, 30_000), bill, on=3)
    refund = office.pays_back(Refund.objects.get(), way=Way.DONATION)
    takes_back(Payment.objects.get().pk, 25_000)
    office.deliver()
    refund.refresh_from_db()
    assert (owes(bill), refund.available, claimed_back(refund)) == (0, 5_000, 25_000)
    call_command("ledger_check")
