"""The same small cast: somebody who paid too much, and the officers who pay it back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.access import Role
from billing.models import Bill
from billing.services import reduce_bill
from core import clock
from core.outbox import Event
from payments import services as payments
from payments.gateways.base import Movement, MovementKind
from payments.models import Payment
from payments.services import Channel, Share
from refunds import services
from refunds.models import Payee, Refund
from refunds.services import Assessment
from refunds.states import Cause, Way
from tests.payments.cast import BillFacts
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole

Deliver = Callable[[], int]


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)  # noon in Seoul


def pays(bill: BillFacts, amount: int, *, on: date | None = None, name: str = "") -> int:
    """Money that came at a bank's machine; the payment's number."""
    moved = at_noon(on) if on else clock.now()
    movement = Movement(
        id=name or secrets.token_hex(8), kind=MovementKind.DEPOSIT, amount=amount, at=min(moved, clock.now())
    )
    paid = payments.pay_directly(
        gateway="atm:088", channel=Channel.ATM, movement=movement, shares=[Share(bill.id, amount)], at=clock.now()
    )
    return paid.payment_id


def takes_back(payment_id: int, amount: int) -> None:
    """The bank undoes what its machine took."""
    paid = Payment.objects.get(pk=payment_id)
    mark = f"{paid.movement_id}-back-{secrets.token_hex(3)}"
    movement = Movement(id=mark, kind=MovementKind.REVERSAL, amount=amount, at=clock.now())
    payments.reverse(
        gateway=paid.gateway,
        reference=paid.reference,
        of_movement=paid.movement_id,
        movement=movement,
        at=clock.now(),
    )


@dataclass(frozen=True)
class Office:
    """A clerk, who assesses; two officers who approve."""

    clerk: Desk
    approver: Desk
    third: Desk
    deliver: Deliver

    def assesses(self, refund: Refund, *, way: Way = Way.ACCOUNT, at: datetime | None = None, **says: Any) -> Refund:
        if way == Way.DONATION:  # which only its owner chooses
            rows = Refund.objects.filter(pk=refund.pk, status="opened")
            rows.update(way=way, asked_by_id=self.clerk.id, asked_at=clock.now())
        refund.refresh_from_db()
        facts = {"cause": Cause(refund.cause), "event_on": refund.event_on, "way": way, **says}
        said = Assessment(**facts)
        self.clerk.does(
            lambda: services.assess_refund(
                refund_id=refund.pk,
                believed=refund.available,
                says=said,
                reason="looked at",
                officer_id=self.clerk.id,
                at=at or clock.now(),
            )
        )
        self.deliver()
        refund.refresh_from_db()
        return refund

    def decides(
        self,
        refund: Refund,
        *,
        by: Desk | None = None,
        verdict: str = "approve",
        believed: int = 0,
        at: datetime | None = None,
    ) -> str:
        desk = by or self.approver
        refund.refresh_from_db()
        facts: dict[str, Any] = {
            "refund_id": refund.pk,
            "verdict": verdict,
            "believed": believed or refund.available + refund.interest,
            "reason": "" if verdict == "approve" else "not so",
            "officer_id": desk.id,
        }
        return str(desk.does(lambda: services.decide_refund(**facts, at=at or clock.now())))

    def reduces(self, bill: BillFacts, won: int) -> None:
        """The first line, by an officer."""
        line = Bill.objects.get(pk=bill.id).lines.order_by("position").values_list("pk", flat=True)[0]
        reduce_bill(bill_id=bill.id, lines={line: won}, reason="x", asked_by_id=self.clerk.id, at=clock.now())

    def pays_back(self, refund: Refund, *, way: Way = Way.ACCOUNT, **says: Any) -> Refund:
        self.assesses(refund, way=way, **says)
        assert self.decides(refund) == "approved"
        self.deliver()
        refund.refresh_from_db()
        return refund


def an_office(as_role: AsRole, deliver: Deliver) -> Office:
    return Office(
        a_desk(as_role, "clerk@example.kr", Role.COLLECTOR, Role.REFUND_APPROVER),
        a_desk(as_role, "second@example.kr", Role.REFUND_APPROVER),
        a_desk(as_role, "third@example.kr", Role.REFUND_APPROVER),
        deliver,
    )


def an_account(refund: Refund, office: Office, number: str = "100200300401") -> Payee:
    """An account of the refund's owner, as its bank said."""
    at = clock.now()
    assert refund.taxpayer_id is not None
    return Payee.objects.create(
        taxpayer_id=refund.taxpayer_id,
        bank="20",
        number=number,
        status="verified",
        named="홍길동",
        asked_by_id=office.clerk.id,
        language="ko",
        asked_at=at,
        usable_at=at,
        told_at=at,
    )


def days_ago(days: int) -> date:
    return clock.local_date(clock.now()) - timedelta(days=days)


def event(**payload: Any) -> Event:
    """What a handler gets."""
    return Event(0, "of.a.test.v1", payload, clock.now())
