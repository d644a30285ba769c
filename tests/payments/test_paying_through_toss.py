"""Bills paid by card and by virtual account where the administrator routed both to Toss Payments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from accounts.access import Role
from accounts.models import Account
from core import clock
from core.db.session import session_secret
from payments import services
from payments.gateways import registry
from payments.models import Cancellation, InboxMessage, Payment
from payments.services import Started
from payments.services.sweep import resolve_attempt
from payments.states import Channel, Verdict
from receipts.models import Document
from tests.billing.people import officer_session
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.racing import at_once
from tests.payments.test_cancellations import a_desk
from tests.payments.toss_world import TossWorld, toss_world
from tests.payments.world import DECLINED, LOST_ANSWER
from tests.sandbox.processes import Heard
from tests.support.database import AsRole

pytestmark = pytest.mark.socket
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TossWorld]:
    with toss_world(tmp_path_factory.mktemp("toss")) as started:
        yield started


@pytest.fixture
def world(db: None, outside: TossWorld, as_role: AsRole) -> Iterator[TossWorld]:
    """Both gateways are there; an administrator chose this one for cards and accounts."""
    nobody = {"url": "http://127.0.0.1:9", "key": "x", "webhook_secret": "", "currency": "KRW"}
    with override_settings(GATEWAYS={"sandbox_acquirer": nobody, "toss": outside.options}):
        secret = officer_session(as_role, "elder-of-all@example.kr", Role.ADMINISTRATOR)
        facts: dict[str, Any] = {"actor_id": Account.objects.get(email="elder-of-all@example.kr").pk, "at": clock.now()}
        with as_role("office"), session_secret(secret), transaction.atomic():
            for channel in (Channel.CARD, Channel.VIRTUAL_ACCOUNT):
                services.route_channel(channel=channel, gateways=["toss"], is_open=True, **facts)
        yield outside
        registry.close_connections()
    outside.nothing_faulty()


@pytest.fixture
def bill(world: TossWorld) -> BillFacts:
    return a_bill()


@pytest.fixture
def visitor(as_role: AsRole, bill: BillFacts) -> Visitor:
    return a_visitor(as_role, bill)


@pytest.fixture
def started(world: TossWorld, visitor: Visitor, bill: BillFacts) -> Started:
    """An account of a bank that the sandbox's own acquirer does not know; its first two webhooks are heard."""
    started = visitor.starts_account(bill, bank="89")
    for _ in range(2):
        world.heard(attempt_of(started).reference)
    return started


def number_of(started: Started) -> str:
    return str(attempt_of(started).virtual_account.number)


def deliver(heard: Heard, as_role: AsRole) -> Verdict:
    with as_role("intake"):
        return services.take_notification(gateway="toss", body=heard.raw, headers=heard.headers, at=clock.now())


def test_a_bill_is_paid_by_card(world: TossWorld, visitor: Visitor, bill: BillFacts, as_role: AsRole) -> None:
    begun = visitor.starts_card(bill)
    assert "/paid/" in world.agree(begun.go_to)
    visitor.returns(begun)
    assert deliver(world.heard(attempt_of(begun).reference), as_role) == "to_ask"
    sweep_later()
    assert (attempt_of(begun).status, balances()) == ("paid", PAID)
    assert Document.objects.get().kind == "payment"
    call_command("ledger_check")


def test_a_lost_answer_to_the_confirmation_is_found_out(world: TossWorld, visitor: Visitor, bill: BillFacts) -> None:
    begun = visitor.starts_card(bill)
    world.agree(begun.go_to, LOST_ANSWER)
    visitor.returns(begun)
    assert attempt_of(begun).status == "confirming"
    sweep_later(after=timedelta(minutes=1))
    assert (attempt_of(begun).status, balances()) == ("paid", PAID)


def test_a_declined_card_leaves_the_bill_owed(world: TossWorld, visitor: Visitor, bill: BillFacts) -> None:
    begun = visitor.starts_card(bill)
    world.agree(begun.go_to, DECLINED)
    visitor.returns(begun)
    sweep_later(after=timedelta(minutes=1))
    assert (attempt_of(begun).status, attempt_of(begun).failure) == ("declined", "REJECT_CARD_PAYMENT")
    assert balances() == OWED


def test_a_card_payment_cancelled_in_parts_at_the_gateway_is_owed_again(
    world: TossWorld, visitor: Visitor, bill: BillFacts, as_role: AsRole
) -> None:
    begun = visitor.starts_card(bill)
    world.agree(begun.go_to)
    visitor.returns(begun)
    world.heard(attempt_of(begun).reference)
    sweep_later(after=timedelta(minutes=1))
    for amount in (2_000, 50_000):
        world.toss.cancel({"paymentKey": attempt_of(begun).gateway_key}, cancelAmount=amount)
        deliver(world.heard(attempt_of(begun).reference), as_role)
        sweep_later(after=timedelta(minutes=1))
        assert balances()["receivable"] in {2_000, 52_000}
    assert balances() == OWED
    call_command("ledger_check")


def test_two_officers_give_a_part_back_through_the_gateway_though_its_answer_is_lost(
    world: TossWorld, visitor: Visitor, bill: BillFacts, as_role: AsRole
) -> None:
    begun = visitor.starts_card(bill)
    world.agree(begun.go_to)
    visitor.returns(begun)
    sweep_later(after=timedelta(minutes=1))
    collector = a_desk(as_role, "collector@example.kr", Role.COLLECTOR)
    approver = a_desk(as_role, "approver@example.kr", Role.APPROVER)
    world.fault(fault="lost_answer", endpoint="cancel", orderId=attempt_of(begun).reference)
    approver.decides(collector.asks(12_000))
    for minutes in (2, 7):
        sweep_later(after=timedelta(minutes=minutes))
    assert Cancellation.objects.get().status == "done"
    assert balances() == {"clearing": 40_000, "receivable": 12_000, "revenue": -52_000}


def test_a_deposit_told_twice_is_asked_about_and_booked_once(
    world: TossWorld, started: Started, bill: BillFacts, as_role: AsRole
) -> None:
    world.deposit(number_of(started), bill.amount)
    for _ in range(2):
        assert deliver(world.heard(attempt_of(started).reference), as_role) == "to_ask"
    sweep_later()
    assert (attempt_of(started).status, balances()) == ("paid", PAID)
    assert Payment.objects.get().kind == "deposit"
    assert set(InboxMessage.objects.values_list("verdict", flat=True)) == {"processed"}


def test_a_deposit_that_nobody_told_us_of_is_found_by_asking(
    world: TossWorld, started: Started, bill: BillFacts
) -> None:
    world.fault(fault="callback_never", times=10, orderId=attempt_of(started).reference)
    world.deposit(number_of(started), bill.amount)
    sweep_later(after=timedelta(minutes=61))
    assert (attempt_of(started).status, balances()) == ("paid", PAID)


def test_a_deposit_that_the_bank_takes_back_is_owed_again_and_paid_again(
    world: TossWorld, started: Started, bill: BillFacts, as_role: AsRole
) -> None:
    reference = attempt_of(started).reference
    transfer = world.deposit(number_of(started), bill.amount)
    deliver(world.heard(reference), as_role)
    sweep_later()
    world.heard(reference)
    world.take_back(transfer)
    assert deliver(world.heard(reference), as_role) == "to_ask"
    sweep_later()
    assert (attempt_of(started).status, balances()) == ("waiting", OWED)
    world.pass_time(1)
    world.deposit(number_of(started), bill.amount)
    world.heard(reference)
    assert deliver(world.heard(reference), as_role) == "to_ask"
    sweep_later()
    assert (attempt_of(started).status, balances()) == ("paid", PAID)
    call_command("ledger_check")


def test_two_deposits_of_which_one_was_taken_back_unheard_are_one_payment(
    world: TossWorld, started: Started, bill: BillFacts
) -> None:
    world.fault(fault="callback_never", times=20, orderId=attempt_of(started).reference)
    transfer = world.deposit(number_of(started), bill.amount)
    sweep_later(after=timedelta(minutes=61))
    world.take_back(transfer)
    world.pass_time(1)
    world.deposit(number_of(started), bill.amount)
    sweep_later(after=timedelta(days=8))
    assert (attempt_of(started).status, balances()) == ("paid", PAID)
    assert Payment.objects.count() == 2
    call_command("ledger_check")


def test_an_answer_that_is_older_than_a_deposit_takes_nothing_back(
    world: TossWorld, started: Started, bill: BillFacts, database_name: str
) -> None:
    """Two workers ask: the first before the money came, and hears of it after the second has booked it."""
    attempt = attempt_of(started)
    world.fault(fault="late_answer", endpoint="payment", orderId=attempt.reference, seconds=1)

    def asks_early(as_role: AsRole) -> None:
        with as_role("worker"):
            resolve_attempt(attempt_id=attempt.pk, at=clock.now())

    def asks_late(as_role: AsRole) -> None:
        while world.toss.get("/sandbox/faults").json():
            pass  # until the first answer is on its way
        with as_role("worker"):
            world.deposit(number_of(started), bill.amount)
            resolve_attempt(attempt_id=attempt.pk, at=clock.now())

    at_once(database_name, [asks_early, asks_late])
    assert (attempt_of(started).status, balances()) == ("paid", PAID)


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0)])
def test_webhooks_in_any_order_end_in_the_same_books(
    world: TossWorld, started: Started, bill: BillFacts, as_role: AsRole, order: tuple[int, ...]
) -> None:
    reference = attempt_of(started).reference
    world.take_back(world.deposit(number_of(started), bill.amount))
    world.pass_time(1)
    world.deposit(number_of(started), bill.amount)
    heard = [world.heard(reference) for _ in range(6)][::2]
    for place in order:
        deliver(heard[place], as_role)
        sweep_later()
    assert (attempt_of(started).status, balances()) == ("paid", PAID)


def test_a_forged_webhook_is_refused_or_asked_about_and_never_believed(
    world: TossWorld, started: Started, bill: BillFacts, as_role: AsRole
) -> None:
    reference = attempt_of(started).reference
    guess = {"createdAt": "2026-06-16T11:00:00.000000", "secret": "ps_guess", "status": "DONE", "orderId": reference}
    world.forge(reference, guess)
    assert deliver(world.heard(reference), as_role) == "refused"
    unsigned = {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": reference, "status": "DONE"}}
    world.forge(reference, unsigned)
    assert deliver(world.heard(reference), as_role) == "to_ask"
    sweep_later()
    assert (attempt_of(started).status, balances()) == ("waiting", OWED)


def test_a_lost_answer_at_issue_is_asked_for_and_its_secret_known(
    world: TossWorld, visitor: Visitor, bill: BillFacts, as_role: AsRole
) -> None:
    world.fault(fault="lost_answer", endpoint="virtual-accounts", mode="error", times=2)
    begun = visitor.starts_account(bill, bank="89")
    assert attempt_of(begun).status == "created"
    sweep_later(after=timedelta(seconds=30))
    reference = attempt_of(begun).reference
    assert attempt_of(begun).status == "waiting"
    world.forge(reference, {"secret": "ps_guess", "status": "DONE", "orderId": reference})
    told = [deliver(world.heard(reference), as_role) for _ in range(3)]
    assert sorted(told) == ["refused", "to_ask", "to_ask"]
