"""A till that voids twice, late, or of another's sale; a number that is expired, or of a bill that is paid by now."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from billing.models import Bill
from core import clock
from payments import services
from payments.models import Attempt, Payment, Reversal
from payments.reconcile.business_day import business_days
from payments.services import Started
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.deposits import take
from tests.payments.messages import arrive, deliver, movement_told
from tests.payments.test_convenience_store import PAID, number_of, starts
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket
OWED = {"receivable": 52_000, "revenue": -52_000}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def visitor(as_role: AsRole, bill: BillFacts) -> Visitor:
    return a_visitor(as_role, bill)


@pytest.fixture
def sold(world: World, visitor: Visitor, bill: BillFacts) -> Started:
    """A bill paid at a till and told."""
    started = starts(visitor, bill)
    world.pay_at_till(number_of(started))
    deliver(world.heard(attempt_of(started).reference))
    assert balances() == PAID
    return started


def void_told(started: Started, amount: int, *, of: str, key: str, at: datetime | None = None) -> bytes:
    """What a gateway signs that says so, whether it is so or not."""
    facts: dict[str, Any] = {"kind": "DEPOSIT_RETURN", "originalTransactionKey": of, "transactionKey": key}
    moment = (at or clock.now()).isoformat(timespec="seconds")
    reference = attempt_of(started).reference
    return movement_told(reference, amount, occurredAt=moment, status="WAITING_FOR_DEPOSIT", **facts)


def movement_of(started: Started) -> str:
    return Payment.objects.get(attempt=attempt_of(started)).movement_id


def test_a_void_that_is_told_twice_takes_back_once(world: World, sold: Started) -> None:
    world.void_at_till(movement_of(sold))
    told = world.heard(attempt_of(sold).reference)
    assert deliver(told) == deliver(told) == "processed"
    sweep_later(after=timedelta(hours=2))
    assert (Reversal.objects.count(), balances()) == (1, OWED)
    call_command("ledger_check")


def test_a_void_of_more_or_less_than_was_sold_is_asked_about_and_not_believed(world: World, sold: Started) -> None:
    for amount in (60_000, 10_000):
        told = void_told(sold, amount, of=movement_of(sold), key=f"txn_void{amount}")
        assert arrive(told) == "to_ask"
    sweep_later(after=timedelta(hours=2))
    assert (Reversal.objects.count(), balances()) == (0, PAID)


def test_a_void_of_another_sale_leaves_this_one_alone(world: World, sold: Started, as_role: AsRole) -> None:
    other = a_bill()
    second = starts(a_visitor(as_role, other), other)
    world.pay_at_till(number_of(second))
    deliver(world.heard(attempt_of(second).reference))
    world.void_at_till(movement_of(second))
    sweep_later(after=timedelta(hours=2))
    assert attempt_of(sold).status == "paid"
    assert attempt_of(second).status == "waiting"
    assert balances() == {"clearing": 52_000, "receivable": 52_000, "revenue": -104_000}


def test_a_void_days_later_is_found_by_asking_and_belongs_to_the_day_on_which_it_happened(
    world: World, sold: Started
) -> None:
    world.fault(fault="callback_never", times=2, orderId=attempt_of(sold).reference)
    world.void_at_till(movement_of(sold))
    expires = attempt_of(sold).expires_at
    for day in (1, 3, 10):
        services.sweep(at=expires + timedelta(days=day, minutes=1))
    assert balances() == OWED
    days = business_days(on=clock.local_date(clock.now()))
    assert days.of(Reversal.objects.get().moved_at) == days.of(clock.now())
    call_command("ledger_check")


def test_a_till_that_took_the_money_at_the_last_moment_is_believed_after_the_number_expired(
    world: World, visitor: Visitor, bill: BillFacts
) -> None:
    started = starts(visitor, bill)
    world.fault(fault="callback_never", times=2, orderId=attempt_of(started).reference)
    world.pay_at_till(number_of(started))
    Attempt.objects.update(status="expired")
    assert number_of(starts(visitor, bill)) != number_of(started), "the bill is free for another number"
    services.sweep(at=attempt_of(started).expires_at + timedelta(days=1, minutes=1))
    assert (attempt_of(started).status, balances()) == ("paid", PAID)
    assert {one.status for one in Attempt.objects.all()} == {"paid", "waiting"}


PaidElsewhere = Callable[[BillFacts], object]


def by_giro(bill: BillFacts) -> object:
    return take(notice(entry(Told(bill.amount, slip=bill.epay_number))))


def by_cancelling(bill: BillFacts) -> object:
    return Bill.objects.filter(pk=bill.id).update(status="cancelled")


@pytest.mark.parametrize("over", [by_giro, by_cancelling])
def test_a_number_of_a_bill_that_owes_nothing_any_more_is_not_shown_to_a_till(
    world: World, visitor: Visitor, bill: BillFacts, over: PaidElsewhere
) -> None:
    started = starts(visitor, bill)
    client = FaceClient("public", visitor.as_role)
    assert number_of(started) in client.get(f"/payments/{started.secret}/").content.decode()
    over(bill)
    page = html.unescape(client.get(f"/payments/{started.secret}/", headers=ENGLISH).content.decode())
    assert "Do not pay this number any more" in page
    assert number_of(started) not in page
    assert client.get(f"/payments/{started.secret}/code.svg").status_code == 404


def test_who_pays_it_all_the_same_is_owed_it_back(world: World, visitor: Visitor, bill: BillFacts) -> None:
    started = starts(visitor, bill)
    by_giro(bill)
    world.pay_at_till(number_of(started))
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert balances() == {"clearing": 104_000, "revenue": -52_000, "overpayment": -52_000}
    world.void_at_till(Payment.objects.get(attempt=attempt_of(started)).movement_id)
    sweep_later(after=timedelta(hours=2))
    assert balances() == PAID
    call_command("ledger_check")
