"""A card payment is given back through its gateway: asked by one officer, approved by another, carried out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Account, Relative
from core import clock
from core.db.session import session_secret
from payments import services
from payments.models import Attempt, Cancellation, Payment, Reversal
from payments.services import CancellationNeedsAnother, CancellationRuns, NotSoMuchLeft
from tests.billing.people import officer_client, officer_session
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.racing import at_once
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}


@dataclass
class Desk:
    """An officer's session, and what is done in it."""

    as_role: AsRole
    secret: str
    id: int

    def does(self, work: Callable[[], Any]) -> Any:
        with self.as_role("office"), session_secret(self.secret), transaction.atomic():
            return work()

    def asks(self, amount: int = 52_000) -> int:
        payment = Payment.objects.get(kind="approval")
        facts: dict[str, Any] = {
            "payment_id": payment.pk,
            "amount": amount,
            "reason": "paid twice",
            "officer_id": self.id,
        }
        return int(self.does(lambda: services.ask_cancellation(**facts, at=clock.now())))

    def decides(self, wish: int, *, granted: bool = True) -> None:
        facts: dict[str, Any] = {"cancellation_id": wish, "granted": granted, "officer_id": self.id}
        self.does(lambda: services.decide_cancellation(**facts, at=clock.now()))


def a_desk(as_role: AsRole, email: str, *roles: Role, body: str = "11000") -> Desk:
    secret = officer_session(as_role, email, *roles, body=body)
    return Desk(as_role, secret, Account.objects.get(email=email).pk)


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def paid(world: World, as_role: AsRole, bill: BillFacts) -> Attempt:
    visitor: Visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    sweep_later(after=timedelta(minutes=1))
    assert balances() == PAID
    return attempt_of(started)


@pytest.fixture
def collector(paid: Attempt, as_role: AsRole) -> Desk:
    return a_desk(as_role, "collector@example.kr", Role.COLLECTOR, Role.APPROVER)


@pytest.fixture
def approver(paid: Attempt, as_role: AsRole) -> Desk:
    return a_desk(as_role, "approver@example.kr", Role.APPROVER)


def carried_out() -> Cancellation:
    sweep_later(after=timedelta(seconds=1))
    return Cancellation.objects.get()


def test_two_officers_give_a_card_payment_back(paid: Attempt, collector: Desk, approver: Desk, world: World) -> None:
    wish = collector.asks()
    assert carried_out().status == "asked"
    approver.decides(wish)
    assert carried_out().status == "done"
    assert balances() == OWED
    paid.refresh_from_db()
    assert paid.status == "cancelled"
    sweep_later(after=timedelta(hours=1))
    assert Reversal.objects.get().kind == "cancel"
    call_command("ledger_check")


def test_a_part_is_given_back_and_the_rest_stays_paid(paid: Attempt, collector: Desk, approver: Desk) -> None:
    approver.decides(collector.asks(12_000))
    assert carried_out().status == "done"
    assert balances() == {"clearing": 40_000, "receivable": 12_000, "revenue": -52_000}
    paid.refresh_from_db()
    assert paid.status == "paid"
    with pytest.raises(NotSoMuchLeft):
        collector.asks(40_001)


@pytest.mark.parametrize("fault", ["lost_answer", "http_500"])
def test_a_lost_answer_is_asked_for_again_and_gives_back_once(
    paid: Attempt, collector: Desk, approver: Desk, world: World, fault: str
) -> None:
    world.fault(fault=fault, endpoint="cancel", orderId=paid.reference)
    approver.decides(collector.asks(12_000))
    assert carried_out().status == "approved"
    assert balances() == PAID
    sweep_later(after=timedelta(minutes=5))
    assert Cancellation.objects.get().status == "done"
    assert balances()["clearing"] == 40_000
    assert Reversal.objects.get().amount == 12_000


def test_what_the_gateway_no_longer_holds_is_refused_by_it(
    paid: Attempt, collector: Desk, approver: Desk, world: World
) -> None:
    wish = collector.asks()
    body = {"cancelReason": "by somebody else", "cancelAmount": 10_000}
    assert world.acquirer.post(f"/v1/payments/{paid.gateway_key}/cancel", body).status_code == 200
    approver.decides(wish)
    done = carried_out()
    assert (done.status, done.problem) == ("declined", "NOT_MATCHES_REFUNDABLE_AMOUNT")
    assert balances()["clearing"] == 42_000  # and what the gateway gave back by itself is in the books


def test_nobody_approves_what_they_asked_for(paid: Attempt, collector: Desk, approver: Desk) -> None:
    wish = collector.asks()
    with pytest.raises(CancellationNeedsAnother):
        collector.decides(wish)
    approver.decides(wish, granted=False)
    with pytest.raises(CancellationNeedsAnother):
        approver.decides(wish)
    assert carried_out().status == "rejected"
    assert balances() == PAID


def test_a_taken_office_forges_no_second_officer(paid: Attempt, collector: Desk, approver: Desk) -> None:
    wish = collector.asks()
    forged = (
        f"INSERT INTO payments_cancellation (payment_id, amount, reason, status, asked_by_id, asked_at, asks, problem)"
        f" SELECT payment_id, 1, 'x', 'asked', {approver.id}, now(), 0, '' FROM payments_cancellation"
    )
    for statement in (
        f"UPDATE payments_cancellation SET status = 'approved', decided_by_id = {approver.id}, decided_at = now()",
        forged,
        forged.replace("'asked', ", "'approved', ").replace(str(approver.id), str(collector.id)),
        "DELETE FROM payments_cancellation",
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|row-level security|unique"):
            collector.does(lambda s=statement: connection.cursor().execute(s))  # type: ignore[misc]
    assert Cancellation.objects.get(pk=wish).status == "asked"


def test_not_in_ones_own_or_a_relatives_file(paid: Attempt, collector: Desk, approver: Desk, bill: BillFacts) -> None:
    wish = collector.asks()
    Relative.objects.create(officer_id=approver.id, relation="parent", name="x", taxpayer_id=bill.taxpayer_id)
    with pytest.raises(CancellationNeedsAnother):
        approver.decides(wish)


def test_two_at_once_give_back_no_more_than_was_paid(
    paid: Attempt, collector: Desk, as_role: AsRole, database_name: str
) -> None:
    other = a_desk(as_role, "other@example.kr", Role.COLLECTOR)

    def asking(desk: Desk) -> Callable[[AsRole], str]:
        def call(role: AsRole) -> str:
            try:
                Desk(role, desk.secret, desk.id).asks(30_000)
            except CancellationRuns:
                return "runs"
            return "asked"

        return call

    assert sorted(at_once(database_name, [asking(collector), asking(other)])) == ["asked", "runs"]
    assert Cancellation.objects.get().amount == 30_000


def test_the_pages_lead_from_the_payment_to_the_second_officer(paid: Attempt, as_role: AsRole) -> None:
    clerk = officer_client(as_role, "clerk@example.kr", Role.COLLECTOR)
    payment = Payment.objects.get()
    found = clerk.get(f"/payments/?text={paid.reference}").content.decode()
    assert f"/payments/{payment.pk}/cancel/" in found
    page = f"/payments/{payment.pk}/cancel/"
    assert clerk.get(page).status_code == 200
    assert clerk.post(page, {"amount": "52001", "reason": "x"}).status_code == 422
    assert clerk.post(page, {"amount": "", "reason": ""}).status_code == 422
    assert clerk.post(page, {"amount": "52000", "reason": "두 번 결제"}).status_code == 302
    assert "두 번 결제" in clerk.get("/payments/cancellations/").content.decode()
    second = officer_client(as_role, "second@example.kr", Role.APPROVER)
    wish = Cancellation.objects.get()
    assert f"/payments/cancellations/{wish.pk}/" in second.get("/payments/cancellations/").content.decode()
    assert second.post(f"/payments/cancellations/{wish.pk}/", {"decision": "approve"}).status_code == 302
    assert carried_out().status == "done"
    assert clerk.get("/payments/999999/cancel/").status_code == 404
