"""A bill paid with points that asks for less later: the points come back as points, the money as money."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from accounts.access import Role
from accounts.models import Taxpayer
from billing import services as billing
from billing.models import Bill
from billing.selectors import owed
from core import clock
from mileage.models import EarnedBill, Use
from payments import services
from payments.models import Attempt, Payment
from payments.services import Wish, return_points
from refunds.models import Refund
from refunds.services import look_at_bill
from tests.accounts.people import at_a_desk, officer
from tests.billing.people import citizen_session
from tests.mileage.world import available, give
from tests.payments.cast import BillFacts, Visitor, a_bill, balances, sweep_later
from tests.refunds.cast import pays, takes_back
from tests.support.database import AsRole

Deliver = Callable[[], int]


@dataclass
class Payer:
    """The taxpayer of a bill of 52,000 won, with 60,000 points; and what happens to it."""

    bill: BillFacts
    visitor: Visitor
    deliver: Deliver
    clerk: int

    def with_points(self, points: int, *bills: BillFacts) -> None:
        chosen = bills or (self.bill,)
        owe = owed(bill_ids=[one.id for one in chosen], at=clock.now())
        wish = Wish([one.id for one in chosen], sum(one.total for one in owe.values()), secrets.token_hex(16), "ko")
        with self.visitor.here():
            services.pay_with_points(wish=wish, points=points, at=clock.now())
        self.hear()

    def hear(self) -> None:
        self.deliver()
        sweep_later(after=timedelta(seconds=2))
        self.deliver()

    def reduces(self, won: int, bill: BillFacts | None = None) -> None:
        number = (bill or self.bill).id
        line = Bill.objects.get(pk=number).lines.order_by("position").values_list("pk", flat=True)[0]
        billing.reduce_bill(bill_id=number, lines={line: won}, reason="x", asked_by_id=self.clerk, at=clock.now())
        self.hear()

    def cancels(self) -> None:
        billing.cancel_bill(bill_id=self.bill.id, cancelled_by_id=self.clerk, reason="x", at=clock.now())
        self.hear()

    @property
    def left(self) -> int:
        """Points, less what its bills earned."""
        earned = sum(EarnedBill.objects.values_list("points", flat=True))
        return available(Taxpayer.objects.get(pk=self.bill.taxpayer_id), clock.now()) - earned

    def stands(self) -> dict[str, int]:
        """What is left in the books beside revenue and what points cost; they agree with everything else."""
        call_command("ledger_check")
        return {name: won for name, won in balances().items() if name not in {"revenue", "mileage", "mileage_expense"}}


@pytest.fixture
def payer(as_role: AsRole, deliver_events: Deliver) -> Payer:
    bill = a_bill()
    person = Taxpayer.objects.get(pk=bill.taxpayer_id)
    give(person, 60_000, until=date(2036, 1, 1), at=clock.now())
    visitor = Visitor(as_role, citizen_session(as_role, person))
    return Payer(bill, visitor, deliver_events, officer("clerk@example.kr").account)


def test_a_reduced_bill_gives_its_points_back_and_opens_no_refund(payer: Payer) -> None:
    payer.with_points(52_000)
    payer.reduces(5_000)
    assert payer.left == 60_000 - 47_000
    assert not Refund.objects.exists()
    assert owed(bill_ids=[payer.bill.id], at=clock.now())[payer.bill.id].total == 0
    assert payer.stands() == {}
    assert return_points(bill_ids=[payer.bill.id], at=clock.now()) == 0
    look_at_bill(bill_id=payer.bill.id, at=clock.now())
    assert payer.left == 13_000


def test_a_cancelled_bill_gives_all_points_back(payer: Payer) -> None:
    payer.with_points(52_000)
    payer.reduces(5_000)
    payer.cancels()
    assert payer.left == 60_000
    assert (Refund.objects.count(), Use.objects.get().given_back) == (0, 52_000)
    assert Attempt.objects.get().status == "cancelled"
    assert payer.stands() == {}


def test_of_points_and_money_what_was_paid_last_goes_back_first(payer: Payer) -> None:
    payer.with_points(12_000)
    pays(payer.bill, 40_000)
    payer.reduces(5_000)
    assert (payer.left, Refund.objects.get().amount) == (48_000, 5_000)
    payer.cancels()
    assert payer.left == 60_000
    assert sum(refund.available for refund in Refund.objects.all()) == 40_000
    assert payer.stands() == {"clearing": 40_000, "refund_payable": -40_000}


def test_money_first_and_points_after_it_points_go_back_first(payer: Payer) -> None:
    billing_day = clock.now() - timedelta(days=1)
    pays(payer.bill, 40_000, on=clock.local_date(billing_day))
    payer.with_points(12_000)
    payer.reduces(15_000)
    assert payer.left == 60_000
    assert Refund.objects.get().available == 3_000
    assert payer.stands() == {"clearing": 40_000, "refund_payable": -3_000}


def test_points_that_paid_what_was_paid_twice_leave_the_money_in_their_place(payer: Payer) -> None:
    payer.with_points(52_000)
    again = pays(payer.bill, 52_000)
    payer.reduces(5_000)
    assert payer.left == 13_000
    payer.hear()
    assert sum(refund.available for refund in Refund.objects.all()) == 52_000
    takes_back(again, 52_000)
    payer.hear()
    assert sum(refund.available for refund in Refund.objects.all()) == 0
    assert owed(bill_ids=[payer.bill.id], at=clock.now())[payer.bill.id].total == 0
    assert payer.left == 13_000
    assert payer.stands() == {}


def test_of_two_bills_paid_together_only_the_reduced_one_gives_back(payer: Payer) -> None:
    other = a_bill(of=payer.bill, tax=4_000, education=1_000)
    payer.with_points(57_000, payer.bill, other)
    payer.reduces(1_500, other)
    assert payer.left == 60_000 - 55_500
    assert {b: o.total for b, o in owed(bill_ids=[payer.bill.id, other.id], at=clock.now()).items()} == {
        payer.bill.id: 0,
        other.id: 0,
    }
    payer.cancels()
    assert payer.left == 60_000 - 3_500
    assert not Refund.objects.exists()
    assert payer.stands() == {}


def test_after_a_part_came_back_two_officers_give_back_no_more_than_the_rest(payer: Payer, as_role: AsRole) -> None:
    payer.with_points(52_000)
    payer.reduces(5_000)
    payment = Payment.objects.get().pk
    for amount in (52_000, 47_000):
        with at_a_desk(as_role, Role.COLLECTOR, email="one@example.com") as one:
            facts: dict[str, Any] = {"payment_id": payment, "reason": "착오", "officer_id": one.account}
            if amount == 52_000:
                with pytest.raises(services.NotSoMuchLeft):
                    services.ask_cancellation(amount=amount, **facts, at=clock.now())
                continue
            wish = services.ask_cancellation(amount=amount, **facts, at=clock.now())
        with at_a_desk(as_role, Role.APPROVER, email="two@example.com") as two:
            services.decide_cancellation(cancellation_id=wish, granted=True, officer_id=two.account, at=clock.now())
    for _ in range(2):
        sweep_later(after=timedelta(minutes=1))
    payer.hear()
    assert payer.left == 60_000
    assert owed(bill_ids=[payer.bill.id], at=clock.now())[payer.bill.id].total == 47_000
    assert payer.stands() == {"receivable": 47_000}


def test_what_was_reduced_earns_nothing_any_more(payer: Payer) -> None:
    pays(payer.bill, 52_000)
    payer.hear()
    earned = EarnedBill.objects.get().points
    payer.reduces(40_000)
    assert earned - EarnedBill.objects.get().points == 80  # two thousandths of what went back
    payer.stands()


def test_a_due_date_that_is_moved_after_a_late_payment_makes_it_one_in_time(payer: Payer, as_role: AsRole) -> None:
    today = clock.local_date(clock.now())
    late = a_bill(of=payer.bill, due=today - timedelta(days=3))
    pays(late, owed(bill_ids=[late.id], at=clock.now())[late.id].total)
    payer.hear()
    assert EarnedBill.objects.get(bill=late.id).points == 0
    nominal = Bill.objects.get(pk=late.id).nominal_due_on
    act = billing.propose_extension(
        nominal_from=nominal,
        nominal_to=nominal,
        taxes=[],
        bodies=[],
        due=today + timedelta(days=30),
        article="지방세기본법 제26조",
        reason_ko="수해",
        reason_en="Flood",
        asked_by_id=payer.clerk,
        at=clock.now(),
    )
    second = officer("second@example.kr").account
    billing.decide_extension(extension_id=act, decided_by_id=second, approved=True, because="", at=clock.now())
    payer.hear()
    assert EarnedBill.objects.get(bill=late.id).points == 300 + 104
    call_command("ledger_check")
