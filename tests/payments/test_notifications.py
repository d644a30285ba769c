"""What arrives at the intake: proved or not, sense or nonsense. Nothing is lost, nothing is posted twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from core import clock
from core.models import Event
from payments import events, services
from payments.models import InboxMessage, Payment
from payments.services import Started
from payments.states import Verdict
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import arrive, movement_told
from tests.payments.racing import at_once
from tests.payments.signing import signed_headers
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def started(world: World, as_role: AsRole, bill: BillFacts) -> Started:
    return a_visitor(as_role, bill).starts_card(bill)


def reference(started: Started) -> str:
    return attempt_of(started).reference


def test_intake_stores_first_and_posts_with_no_other_right(started: Started, as_role: AsRole) -> None:
    body = movement_told(reference(started), 52_000)
    with as_role("intake"):
        assert arrive(body) == Verdict.PROCESSED
        for statement in ("SELECT * FROM payments_inboxmessage", "SELECT * FROM billing_bill"):
            with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
                cursor.execute(statement)
    assert attempt_of(started).status == "paid"
    message = InboxMessage.objects.get()
    assert json.loads(bytes(message.body))["data"]["amount"] == 52_000
    assert message.headers["webhook-signature"].startswith("v1,")


def test_a_bad_signature_is_kept_refused_and_posts_nothing(started: Started) -> None:
    body = movement_told(reference(started), 52_000)
    assert arrive(body, headers=signed_headers(body, key=b"another key")) == Verdict.REFUSED
    assert not Payment.objects.exists()
    assert InboxMessage.objects.get().problem == "the signature does not fit"


def test_a_forgery_does_not_keep_the_true_message_out(started: Started) -> None:
    body = movement_told(reference(started), 52_000)
    arrive(body, headers=signed_headers(body, key=b"another key"))
    assert arrive(body) == Verdict.PROCESSED
    assert attempt_of(started).status == "paid"


def test_a_forged_copy_changes_nothing_of_a_message_that_waits_for_its_answer(world: World, db: None) -> None:
    body = movement_told("PAY-OFANOTHERSYSTEM", 52_000)
    assert arrive(body) == Verdict.UNKNOWN_ORDER
    true = InboxMessage.objects.get()
    assert arrive(body, headers=signed_headers(body, key=b"another key")) == Verdict.REFUSED
    kept = InboxMessage.objects.get()
    assert (kept.verdict, kept.ask_at, kept.headers) == (true.verdict, true.ask_at, true.headers)
    assert kept.times == 2


def test_a_forged_copy_does_not_hide_what_was_set_aside(world: World, db: None) -> None:
    body = movement_told("PAY-X", 0)
    arrive(body)
    problem = InboxMessage.objects.get().problem
    arrive(body, headers=signed_headers(body, key=b"another key"))
    assert (InboxMessage.objects.get().verdict, InboxMessage.objects.get().problem) == (Verdict.SET_ASIDE, problem)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_time_stamp_is_refused(started: Started, minutes: int) -> None:
    body = movement_told(reference(started), 52_000)
    headers = signed_headers(body, at=clock.now() + timedelta(minutes=minutes))
    assert arrive(body, headers=headers) == Verdict.REFUSED
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{",
        b'{"data": []}',
        b"\xff\xfe\x00",
        b"[" * 40_000,
        movement_told("PAY-X", -1),
        movement_told("PAY-X", 0),
        movement_told("PAY-X", 1.5),
        movement_told("PAY-X", "52000"),
        movement_told("PAY-X", True),
        movement_told("PAY-X", 10**30),
        movement_told("PAY-X", 52_000, occurredAt="yesterday"),
        movement_told("PAY-X", 52_000, occurredAt="2026-06-16T10:00:00"),
        movement_told("PAY-X", 52_000, kind="GIFT"),
        movement_told("P" * 100, 52_000),
    ],
)
def test_signed_nonsense_is_set_aside(world: World, db: None, body: bytes) -> None:
    assert arrive(body) == Verdict.SET_ASIDE
    assert bytes(InboxMessage.objects.get().body) == body
    assert not Payment.objects.exists()


def test_another_currency_is_never_booked_as_won(started: Started) -> None:
    assert arrive(movement_told(reference(started), 52_000, currency="USD")) == Verdict.SET_ASIDE
    assert not Payment.objects.exists()


def test_a_time_that_no_money_can_have_makes_us_ask_and_books_what_the_gateway_says(
    world: World, as_role: AsRole, bill: BillFacts
) -> None:
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    told = movement_told(reference(started), bill.amount, occurredAt="2099-01-01T00:00:00+09:00")
    assert arrive(told) == Verdict.TO_ASK
    assert not Payment.objects.exists()
    sweep_later()
    assert Payment.objects.get().approved_at < clock.now()


def test_a_wrong_amount_makes_us_ask_and_books_what_the_gateway_says(
    world: World, as_role: AsRole, bill: BillFacts
) -> None:
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.fault(fault="callback_wrong_amount", orderId=reference(started), amount=1)
    world.agree(started.go_to)
    visitor.returns(started)
    heard = world.heard(reference(started))
    assert heard.data["amount"] == 1
    assert arrive(heard.raw, headers=heard.headers) == Verdict.TO_ASK
    assert not Payment.objects.exists()
    sweep_later()
    assert Payment.objects.get().amount == bill.amount
    assert InboxMessage.objects.get().verdict == Verdict.PROCESSED


def test_a_message_about_a_payment_that_never_happened_posts_nothing(started: Started) -> None:
    assert arrive(movement_told(reference(started), 51_999)) == Verdict.TO_ASK
    sweep_later()
    assert not Payment.objects.exists()


def test_an_order_that_neither_we_nor_the_gateway_know_is_kept_and_listed(world: World, db: None) -> None:
    assert arrive(movement_told("PAY-NOBODYS", 52_000)) == Verdict.UNKNOWN_ORDER
    sweep_later()
    message = InboxMessage.objects.get()
    assert (message.verdict, message.problem) == (Verdict.SET_ASIDE, "the gateway knows no such order")


def test_money_for_an_order_that_is_not_ours_goes_to_suspense_once(world: World, db: None) -> None:
    order_id = "SHOP-000123"
    world.acquirer.paid(order_id, 7_000)
    heard = world.heard(order_id)
    assert arrive(heard.raw, headers=heard.headers) == Verdict.UNKNOWN_ORDER
    sweep_later()
    arrive(movement_told(order_id, 7_000))
    sweep_later()
    assert Payment.objects.get().suspense == 7_000
    assert balances() == {"clearing": 7_000, "suspense": -7_000}
    call_command("ledger_check")


def test_the_gateway_not_answering_keeps_a_message_waiting(world: World, started: Started) -> None:
    arrive(movement_told(reference(started), 1))
    world.fault(fault="http_500", endpoint="payment")
    sweep_later()
    assert InboxMessage.objects.get().verdict == Verdict.TO_ASK
    sweep_later(after=timedelta(minutes=5))
    assert InboxMessage.objects.get().verdict == Verdict.PROCESSED


def test_a_message_whose_taker_died_is_taken_up_by_the_sweep(started: Started, as_role: AsRole) -> None:
    body = movement_told(reference(started), 52_000)
    headers = json.dumps(signed_headers(body))
    with as_role("intake"), connection.cursor() as cursor:
        cursor.execute("SELECT payments_receive('sandbox_acquirer', %s, %s, %s)", ["0" * 64, body, headers])
    sweep_later()
    assert not Payment.objects.exists()
    sweep_later(after=timedelta(minutes=2))
    assert attempt_of(started).status == "paid"


def test_two_callbacks_at_once_post_once(started: Started, database_name: str) -> None:
    body = movement_told(reference(started), 52_000)
    same = body.replace(b"PAYMENT_STATUS_CHANGED", b"DEPOSIT_CALLBACK")

    def taken(message: bytes) -> Callable[[AsRole], Verdict]:
        def call(role: AsRole) -> Verdict:
            with role("intake"):
                return arrive(message)

        return call

    found = at_once(database_name, [taken(body), taken(same), taken(body), taken(same)])
    assert set(found) == {Verdict.PROCESSED}
    assert Payment.objects.get().amount == 52_000
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


def test_callback_and_return_page_at_once_post_once(
    world: World, as_role: AsRole, bill: BillFacts, database_name: str
) -> None:
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    heard = world.heard(reference(started))
    attempt_id = attempt_of(started).pk
    at_once(
        database_name,
        [
            lambda role: arrive(heard.raw, headers=heard.headers),
            lambda role: services.ask_gateway(attempt_id=attempt_id, at=clock.now()),
            lambda role: services.ask_gateway(attempt_id=attempt_id, at=clock.now()),
        ],
    )
    assert Payment.objects.get().amount == bill.amount
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


def test_a_late_success_beats_an_earlier_failure(world: World, as_role: AsRole, bill: BillFacts) -> None:
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.refuse(started.go_to)
    sweep_later(after=timedelta(hours=1))
    assert attempt_of(started).status == "declined"
    assert arrive(movement_told(reference(started), 52_000)) == Verdict.PROCESSED
    assert attempt_of(started).status == "paid"


def test_a_cancelled_bill_turns_its_money_into_an_overpayment(started: Started, bill: BillFacts) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE billing_bill SET status = 'cancelled' WHERE id = %s", [bill.id])
    arrive(movement_told(reference(started), 52_000))
    payment = Payment.objects.get()
    assert (payment.applied, payment.excess) == (0, 52_000)


def test_other_apps_hear_of_the_payment_and_of_what_was_too_much(
    world: World, as_role: AsRole, bill: BillFacts
) -> None:
    account = a_visitor(as_role, bill).starts_account(bill)
    world.deposit(attempt_of(account).virtual_account.number, 60_000)
    sweep_later(after=timedelta(hours=1))
    told = {event.topic: event.payload for event in Event.objects.filter(topic__startswith="payments.")}
    assert set(told) == {events.PAYMENT_SETTLED, events.PAYMENT_OVERPAID}
    assert told[events.PAYMENT_SETTLED]["bill_ids"] == [bill.id]
    assert (told[events.PAYMENT_OVERPAID]["amount"], told[events.PAYMENT_OVERPAID]["bill_id"]) == (8_000, bill.id)
