"""Paying at a convenience store: a number for exactly what is owed, one till, a void, an expiry, and lost answers."""

from __future__ import annotations

import html
import secrets
from datetime import timedelta

import pytest
from django.core.management import call_command

from core import clock
from payments import services
from payments.models import Payment
from payments.services import Started, TooMuchForAStore
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import deliver
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket
PAID = {"clearing": 52_000, "revenue": -52_000}


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def visitor(as_role: AsRole, bill: BillFacts) -> Visitor:
    return a_visitor(as_role, bill)


def starts(visitor: Visitor, bill: BillFacts, key: str = "") -> Started:
    with visitor.here():
        return services.start_store_code(wish=visitor.wish(bill, key), at=clock.now())


def number_of(started: Started) -> str:
    return attempt_of(started).virtual_account.number


def test_a_till_takes_the_money_and_the_bill_is_paid_as_soon_as_it_is_told(
    world: World, visitor: Visitor, bill: BillFacts
) -> None:
    started = starts(visitor, bill)
    assert attempt_of(started).status == "waiting"
    world.pay_at_till(number_of(started))
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert (attempt_of(started).status, balances()) == ("paid", PAID)
    assert Payment.objects.get().kind == "deposit"
    call_command("ledger_check")


def test_the_same_form_twice_is_one_number(world: World, visitor: Visitor, bill: BillFacts) -> None:
    key = secrets.token_hex(16)
    assert starts(visitor, bill, key) == starts(visitor, bill, key)


def test_a_till_that_nobody_told_of_is_found_by_asking(world: World, visitor: Visitor, bill: BillFacts) -> None:
    started = starts(visitor, bill)
    world.fault(fault="callback_never", times=2, orderId=attempt_of(started).reference)
    world.pay_at_till(number_of(started))
    sweep_later(after=timedelta(hours=2))
    assert (attempt_of(started).status, balances()) == ("paid", PAID)


def test_what_the_clerk_voids_is_owed_again_and_the_number_can_be_paid_again(
    world: World, visitor: Visitor, bill: BillFacts
) -> None:
    started = starts(visitor, bill)
    moved = world.pay_at_till(number_of(started))
    deliver(world.heard(attempt_of(started).reference))
    world.void_at_till(moved)
    sweep_later(after=timedelta(hours=2))
    assert balances() == {"receivable": 52_000, "revenue": -52_000}
    assert attempt_of(started).status == "waiting"
    world.pay_at_till(number_of(started))
    sweep_later(after=timedelta(hours=4))
    assert balances() == PAID


@pytest.mark.parametrize("times", [1, 2])
def test_a_lost_answer_issues_one_number_that_is_shown_later(
    world: World, visitor: Visitor, bill: BillFacts, times: int
) -> None:
    world.fault(fault="lost_answer", endpoint="store-codes", times=times)
    started = starts(visitor, bill)
    assert attempt_of(started).status == ("waiting" if times == 1 else "created")
    sweep_later(after=timedelta(minutes=1))
    world.pay_at_till(number_of(started))
    sweep_later(after=timedelta(hours=2))
    assert balances() == PAID


def test_a_sum_above_the_limit_is_refused_before_anything_is_begun(
    world: World, as_role: AsRole, bill: BillFacts
) -> None:
    large = a_bill(tax=500_000)
    with pytest.raises(TooMuchForAStore):
        starts(a_visitor(as_role, large), large)


def test_the_payer_sees_number_barcode_and_until_when(world: World, visitor: Visitor, bill: BillFacts) -> None:
    started = starts(visitor, bill)
    client = FaceClient("public", visitor.as_role)
    page = html.unescape(client.get(f"/payments/{started.secret}/", headers={"Accept-Language": "en"}).content.decode())
    assert number_of(started) in page
    assert "Pay at a convenience store" in page
    picture = client.get(f"/payments/{started.secret}/code.svg")
    assert (picture["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)
    world.pay_at_till(number_of(started))
    deliver(world.heard(attempt_of(started).reference))
    assert client.get(f"/payments/{started.secret}/code.svg").status_code == 404
