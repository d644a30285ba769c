"""A cardholder objects, the city answers and wins: the money comes again, and goes where it belongs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.access import Role
from billing import selectors as bills
from core import clock
from payments.models import Attempt, Dispute, Payment
from refunds.models import Refund
from refunds.services import send_refunds
from refunds.states import Cause, Origin, Status, Way
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import deliver
from tests.payments.world import World
from tests.refunds.cast import Office, pays
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def paid(world: World, as_role: AsRole, bill: BillFacts) -> Attempt:
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    return attempt_of(started)


def the_city_wins(world: World, as_role: AsRole, paid: Attempt, key: str) -> None:
    """A collector answers, the worker sends it, the card company decides."""
    clerk = officer_client(as_role, "objections@example.kr", Role.COLLECTOR)
    page = f"/payments/objections/{Dispute.objects.get().pk}/answer/"
    assert clerk.post(page, {"statement": "자동차세를 본인이 납부함"}).status_code == 302
    sweep_later(after=timedelta(minutes=1))
    world.decide(key, "won")
    assert deliver(world.heard(paid.reference)) == "processed"


def objected(world: World, paid: Attempt) -> str:
    key = world.object_to(paid.reference)
    assert deliver(world.heard(paid.reference)) == "processed"
    return key


def test_a_bill_that_nobody_paid_meanwhile_is_paid_by_it_and_nothing_goes_back(
    world: World, as_role: AsRole, office: Office, bill: BillFacts, paid: Attempt
) -> None:
    the_city_wins(world, as_role, paid, objected(world, paid))
    office.deliver()
    assert bills.owed(bill_ids=[bill.id], at=clock.now())[bill.id].total == 0
    assert not Refund.objects.exists()
    call_command("ledger_check")


def test_a_bill_that_was_paid_meanwhile_makes_it_a_refund(
    world: World, as_role: AsRole, office: Office, bill: BillFacts, paid: Attempt
) -> None:
    key = objected(world, paid)
    pays(bill, 52_000)  # the payer had to
    office.deliver()
    assert not Refund.objects.exists()
    the_city_wins(world, as_role, paid, key)
    office.deliver()
    refund = Refund.objects.get()
    assert (refund.amount, refund.origin, refund.cause) == (52_000, Origin.OVERPAYMENT, Cause.PAID_TWICE)
    assert refund.parts.get().paid_on == clock.local_date(Payment.objects.get(kind="representment").approved_at)
    assert refund.taxpayer_id == bill.taxpayer_id
    refund = office.pays_back(refund, way=Way.DONATION)
    send_refunds(at=clock.now())
    refund.refresh_from_db()
    assert refund.status == Status.PAID
    assert balances() == {"clearing": 104_000, "revenue": -104_000}
    call_command("ledger_check")
