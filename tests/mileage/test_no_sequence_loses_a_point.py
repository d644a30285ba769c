"""Whatever becomes of a bill, of its points and of its money, in whatever order: no point is lost and none is made."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.models import Bill
from core import clock, outbox
from core.errors import Refusal
from mileage.functions import call
from mileage.models import EarnedBill, Posting
from mileage.services import expire_points
from payments.models import Attempt, Payment, ReversalPart, Transfer
from payments.states import Channel
from refunds.models import Refund
from tests.mileage.test_points_come_back import Payer, payer
from tests.payments.cast import BillFacts, a_bill
from tests.refunds.cast import pays, takes_back

__all__ = ["payer"]
STEPS: Final = st.one_of(
    st.tuples(st.just("points"), st.sampled_from([5_000, 12_000, 52_000])),
    st.tuples(st.just("pay"), st.sampled_from([20_000, 40_000, 52_000])),
    st.tuples(st.just("take back"), st.integers(0, 2)),
    st.tuples(st.just("reduce"), st.sampled_from([5_000, 30_000])),
    st.tuples(st.just("cancel"), st.just(0)),
    st.tuples(st.just("hear"), st.just(0)),
    st.tuples(st.just("cash"), st.sampled_from([5_000, 20_000])),
    st.tuples(st.just("refused"), st.just(0)),
    st.tuples(st.just("expire"), st.just(0)),
)
SLOW: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


class Life:
    """One taxpayer's points, their bill, its money."""

    def __init__(self, payer: Payer) -> None:
        self.payer = payer
        self.bill: BillFacts = a_bill(of=payer.bill)
        payer.bill = self.bill
        self.holder = self.bill.taxpayer_id
        self.before = self._everywhere()
        self.money: list[tuple[int, int]] = []

    def does(self, step: tuple[str, Any]) -> None:
        name, value = step
        steps: dict[str, Callable[[Any], Any]] = {
            "points": self._points,
            "pay": lambda won: self.money.append((pays(self.bill, won), won)),
            "take back": self._take_back,
            "reduce": self._reduce,
            "cancel": lambda _: self.payer.cancels() if self._in_force() else None,
            "hear": lambda _: self.payer.hear(),
            "cash": self._cash,
            "refused": self._refused,
            "expire": lambda _: expire_points(at=clock.now()),
        }
        steps[name](value)

    def _in_force(self) -> bool:
        return Bill.objects.get(pk=self.bill.id).status == "issued"

    def _points(self, points: int) -> None:
        try:
            self.payer.with_points(points)
        except Refusal:  # nothing is owed, or so many points are not there
            return

    def _take_back(self, place: int) -> None:
        if place < len(self.money):
            takes_back(*self.money.pop(place))

    def _reduce(self, won: int) -> None:
        line = Bill.objects.get(pk=self.bill.id).lines.order_by("position")[0]
        if self._in_force() and won + (line.adjustments.aggregate(won=Sum("amount"))["won"] or 0) < line.amount:
            self.payer.reduces(won)

    def _cash(self, points: int) -> None:
        reference = f"USE-{secrets.token_hex(6)}"
        target = '{"bank": "088", "account": "110222333", "holder": "x"}'
        if call("mileage_reserve", self.holder, reference, "cash", points, target, clock.now()):
            call("mileage_spend", reference, points, "refund_payable", clock.now())
            with transaction.atomic():
                outbox.publish("mileage.cash_owed.v1", reference=reference)

    def _refused(self, _: int) -> None:
        """The bank refuses the transfers that are on their way, and says so twice."""
        for order in Transfer.objects.filter(status="ordered", purpose="mileage"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT payments_withdraw_transfer('mileage', %s, now())", [order.key])
            told = {"transfer_id": order.pk, "key": order.key, "amount": order.amount, "reason": "AC04"}
            for _time in range(2):
                outbox.publish("payments.transfer_rejected.v1", purpose="mileage", **told)

    def _everywhere(self) -> int:
        """Where points are: with their holder, on bills, in transfers; less what bills earned. Payments' tables say
        what stands on bills and what was sent, not the ledger of points."""
        mine = Posting.objects.filter(entry__holder_id=self.holder)
        held = mine.filter(account__in=("held", "reserved")).aggregate(sum=Sum("amount"))["sum"] or 0
        by_points = {"gateway": "mileage", "attempt__channel": Channel.MILEAGE}
        came = Payment.objects.filter(**by_points).aggregate(sum=Sum("amount"))["sum"] or 0
        gone = ReversalPart.objects.filter(payment__gateway="mileage").aggregate(sum=Sum("amount"))["sum"] or 0
        sent = Transfer.objects.filter(purpose="mileage", status="ordered").aggregate(sum=Sum("amount"))["sum"] or 0
        earned = EarnedBill.objects.filter(holder_id=self.holder).aggregate(sum=Sum("points"))["sum"] or 0
        return int(held + came - gone + sent - earned)

    def holds(self) -> None:
        """When everything was heard: as many points as before, and of money no more goes back than came."""
        for _ in range(2):
            self.payer.hear()
        assert self._everywhere() == self.before
        mine = Refund.objects.filter(bill_id=self.bill.id)
        assert sum(refund.available for refund in mine) <= sum(won for _, won in self.money)
        if not self._in_force():
            on_bill = Attempt.objects.filter(items__bill_id=self.bill.id, channel=Channel.MILEAGE, status="paid")
            assert not on_bill.exists()


@settings(max_examples=4, deadline=None, suppress_health_check=SLOW)
@given(steps=st.lists(STEPS, min_size=3, max_size=6))
@example(steps=[("points", 12_000), ("pay", 40_000), ("reduce", 30_000), ("take back", 0), ("cancel", 0)])
@example(steps=[("points", 52_000), ("pay", 52_000), ("reduce", 5_000), ("cash", 5_000), ("hear", 0), ("refused", 0)])
def test_no_sequence_of_events_loses_or_makes_a_point(payer: Payer, steps: list[tuple[str, Any]]) -> None:
    life = Life(payer)
    for step in steps:
        life.does(step)
        call_command("ledger_check")
    life.holds()
    call_command("ledger_check")
