"""Whatever happens in whatever order: what leaves is never more than what was paid and stayed, and its interest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.core.management import call_command
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.models import Bill, BillPayment
from billing.services import cancel_bill, reduce_bill
from core import clock
from payments.models import Payment
from refunds.models import Donation, Leg, Loss, Refund, SetOff
from refunds.services import look_at_bill
from refunds.states import HOLDING, Status, Way
from tests.payments.cast import BillFacts, a_bill
from tests.refunds.cast import Office, days_ago, pays, takes_back

STEPS: Final = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from([20_000, 52_000, 60_000])),
    st.tuples(st.just("take back"), st.integers(0, 3)),
    st.tuples(st.just("reduce"), st.sampled_from([5_000, 30_000])),
    st.tuples(st.just("cancel"), st.just(0)),
    st.tuples(st.just("hear"), st.just(0)),
    st.tuples(st.just("decide"), st.sampled_from([Way.ACCOUNT, Way.DONATION])),
    st.tuples(st.just("late bill"), st.sampled_from([10_000, 50_000])),
)


# A fixture for all examples on purpose; and a busy machine is no mistake of the test.
SLOW: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


class Town:
    """One taxpayer's bills, and what is done to them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.bill: BillFacts = a_bill(due=days_ago(-5))
        self.paid: list[tuple[int, int]] = []

    def does(self, step: tuple[str, Any]) -> None:
        name, value = step
        steps: dict[str, Callable[[Any], Any]] = {
            "pay": self._pay,
            "take back": self._take_back,
            "reduce": self._reduce,
            "cancel": self._cancel,
            "hear": lambda _: self.office.deliver(),
            "decide": self._decide,
            "late bill": lambda tax: a_bill(due=days_ago(30), of=self.bill, tax=tax, education=3_000),
        }
        steps[name](value)

    def _pay(self, amount: int) -> None:
        self.paid.append((pays(self.bill, amount, on=days_ago(2)), amount))

    def _take_back(self, place: int) -> None:
        if place < len(self.paid):
            takes_back(*self.paid.pop(place))

    def _reduce(self, won: int) -> None:
        bill = Bill.objects.get(pk=self.bill.id)
        line = bill.lines.order_by("position").first()
        less = sum(row.amount for row in line.adjustments.all()) if line else 0
        if line and bill.status == "issued" and won + less < line.amount:
            clerk = self.office.clerk.id
            reduce_bill(bill_id=bill.pk, lines={line.pk: won}, reason="x", asked_by_id=clerk, at=clock.now())

    def _cancel(self, _: int) -> None:
        if Bill.objects.get(pk=self.bill.id).status == "issued":
            cancel_bill(bill_id=self.bill.id, cancelled_by_id=self.office.clerk.id, reason="x", at=clock.now())

    def _decide(self, way: Way) -> None:
        waiting = Refund.objects.filter(bill_id=self.bill.id, status=Status.OPENED)
        refund = waiting.order_by("expires_on", "pk").first()  # whose arrears would else be another's to pay
        if refund is None:
            return
        self.office.assesses(refund, way=way)
        refund.refresh_from_db()
        if refund.status == Status.ASSESSED:  # unless what was taken back is heard of meanwhile, and nothing is left
            assert self.office.decides(refund) == "approved"
            self.office.deliver()

    def holds(self) -> None:
        """What left, or is on its way, against what came and stayed."""
        mine = Refund.objects.filter(bill_id=self.bill.id)
        left = [
            rows.aggregate(won=Sum("principal"))["won"] or 0
            for rows in (
                SetOff.objects.filter(refund__in=mine),
                Donation.objects.filter(refund__in=mine),
                Leg.objects.filter(refund__in=mine, status__in=HOLDING),
            )
        ]
        claimed = Loss.objects.filter(refund__in=mine).aggregate(won=Sum("claimed_back"))["won"] or 0
        stayed = sum(amount for _, amount in self.paid)
        rows = BillPayment.objects.filter(bill_id=self.bill.id)
        assert sum(row.applied + row.excess for row in rows) == stayed
        assert sum(left) - claimed <= stayed
        assert sum(refund.available for refund in mine) <= stayed
        for refund in mine:
            out = Leg.objects.filter(refund=refund, status__in=HOLDING).aggregate(won=Sum("interest"))["won"] or 0
            assert out <= refund.interest


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(steps=st.lists(STEPS, min_size=3, max_size=9))
@example(steps=[("hear", 0), ("take back", 0), ("decide", Way.ACCOUNT)])
@example(steps=[("reduce", 5_000), ("take back", 0), ("reduce", 30_000), ("late bill", 10_000), ("cancel", 0)])
def test_no_order_of_events_pays_back_more_than_was_paid(office: Office, steps: list[tuple[str, Any]]) -> None:
    town = Town(office)
    town.does(("pay", 60_000))
    for step in steps:
        town.does(step)
    office.deliver()
    look_at_bill(bill_id=town.bill.id, at=clock.now())
    town.holds()
    assert Payment.objects.exists()
    call_command("ledger_check")
