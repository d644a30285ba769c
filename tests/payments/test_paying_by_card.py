"""Paying by card, from the page of a bill to the receipt, with the acquirer as a real process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command

from core import clock
from payments import selectors, services
from payments.models import Attempt, Payment
from payments.services import AmountChanged, BillAlreadyPaid, BillNotToBePaid, PaymentRunning
from receipts.models import Document
from tests.payments.cast import a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.racing import at_once
from tests.payments.world import DECIDED_LATER, DECLINED, LOST_ANSWER, World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


def test_a_card_payment_settles_the_bill_and_asks_for_the_receipt(
    world: World, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    assert attempt_of(started).status == "confirming"
    sweep_later(after=timedelta(seconds=30))
    attempt = attempt_of(started)
    assert (attempt.status, attempt.ask_at) == ("paid", None)
    payment = Payment.objects.get()
    assert (payment.amount, payment.applied, payment.excess, payment.suspense) == (52_000, 52_000, 0, 0)
    assert attempt.paid_at == payment.approved_at
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    document = Document.objects.get()
    assert (document.taxpayer_id, document.facts["total"]) == (bill.taxpayer_id, 52_000)
    assert [line["amount"] for line in document.facts["lines"]] == [40_000, 12_000]
    call_command("ledger_check")


def test_coming_back_makes_the_worker_ask_at_once(
    world: World, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    deliver_events()
    due = attempt_of(started).ask_at
    assert due is not None
    assert due <= clock.now()
    services.sweep(at=clock.now())
    assert attempt_of(started).status == "paid"


def test_coming_back_twice_charges_once(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    for _ in range(3):
        visitor.returns(started)
    sweep_later(after=timedelta(seconds=30))
    visitor.returns(started)
    sweep_later(after=timedelta(seconds=60))
    assert Payment.objects.get().amount == bill.amount


def test_the_same_form_sent_twice_is_one_payment(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    first, second = (visitor.starts_card(bill, key="form") for _ in range(2))
    assert first.secret == second.secret
    assert Attempt.objects.count() == 1


def test_a_second_tab_is_sent_to_the_running_payment(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    first, second = (visitor.starts_card(bill) for _ in range(2))
    assert (second.secret, second.go_to) == (first.secret, "")


def test_two_tabs_at_the_same_moment_open_one_page(world: World, as_role: AsRole, database_name: str) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    found = at_once(database_name, [lambda role: replace(visitor, as_role=role).starts_card(bill)] * 4)
    assert len({started.secret for started in found}) == 1
    assert Attempt.objects.count() == 1


def test_somebody_else_learns_only_that_a_payment_runs(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    a_visitor(as_role, bill).starts_card(bill)
    with pytest.raises(PaymentRunning):
        a_visitor(as_role, bill).starts_card(bill)


def test_a_payment_that_was_given_up_frees_the_bill_and_is_never_charged(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    first = visitor.starts_card(bill)
    with visitor.here():
        assert services.give_up(secret=first.secret) == [bill.id]
    world.agree(first.go_to)
    visitor.returns(first)
    second = visitor.starts_card(bill)
    assert second.secret != first.secret
    sweep_later(after=timedelta(hours=1))
    assert not Payment.objects.exists()


def test_a_paid_bill_takes_no_further_payment(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    sweep_later(after=timedelta(seconds=30))
    with pytest.raises(BillAlreadyPaid):
        visitor.starts_card(bill)


def test_a_sum_that_is_not_what_is_owed_is_refused(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    with pytest.raises(AmountChanged):
        a_visitor(as_role, bill).starts_card(bill, amount=1_000)


def test_a_bill_that_one_may_not_see_cannot_be_paid(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    with pytest.raises(BillNotToBePaid):
        a_visitor(as_role).starts_card(bill)


@pytest.mark.parametrize("card", [LOST_ANSWER, DECIDED_LATER])
def test_a_lost_answer_shows_that_we_check_and_the_sweep_finds_the_money(
    world: World, as_role: AsRole, card: str
) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to, card)
    visitor.returns(started)
    with visitor.here():
        page = selectors.by_secret(secret=started.secret)
    assert page is not None
    assert page.shown == "checking"
    if card == DECIDED_LATER:
        heard = world.heard(attempt_of(started).reference)
        assert heard.data["status"] == "DONE"
    sweep_later(after=timedelta(seconds=30))
    assert attempt_of(started).status == "paid"


def test_a_declined_card_is_not_paid_and_the_bill_is_free_again(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to, DECLINED)
    visitor.returns(started)
    sweep_later(after=timedelta(seconds=30))
    assert attempt_of(started).status == "declined"
    assert attempt_of(started).failure
    assert visitor.starts_card(bill).secret != started.secret


def test_a_page_whose_address_was_lost_is_found_by_asking(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    world.fault(fault="lost_answer", endpoint="checkouts", mode="error", times=2)
    started = visitor.starts_card(bill)
    assert (started.go_to, attempt_of(started).status) == ("", "created")
    sweep_later(after=timedelta(seconds=30))
    attempt = attempt_of(started)
    assert attempt.status == "waiting"
    world.agree(attempt.page_url)
    visitor.returns(started)
    sweep_later(after=timedelta(minutes=5))
    assert attempt_of(started).status == "paid"


def test_a_payment_nobody_finished_ends_only_after_the_gateway_was_asked(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.fault(fault="http_500", endpoint="payment", times=1)
    sweep_later(after=timedelta(minutes=40))
    assert attempt_of(started).status == "waiting"
    world.refuse(started.go_to)
    sweep_later(after=timedelta(minutes=50))
    assert attempt_of(started).status == "declined"


def test_the_moment_of_approval_is_the_moment_of_payment(world: World, as_role: AsRole) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    services.sweep(at=clock.now() + timedelta(days=3))
    attempt = attempt_of(started)
    assert attempt.paid_at is not None
    assert clock.now() - attempt.paid_at < timedelta(minutes=1)
