"""Paying into a virtual account: exact, short, over, twice, late, and taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from core import clock
from payments import services
from payments.models import InboxMessage, Payment
from payments.services import NoSuchBank, Started
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later, today
from tests.payments.messages import deliver
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def visitor(as_role: AsRole, bill: BillFacts) -> Visitor:
    return a_visitor(as_role, bill)


@pytest.fixture
def started(world: World, visitor: Visitor, bill: BillFacts) -> Started:
    return visitor.starts_account(bill)


def number_of(started: Started) -> str:
    return attempt_of(started).virtual_account.number


def test_an_exact_deposit_pays_the_bill_as_soon_as_the_bank_tells(
    world: World, started: Started, bill: BillFacts
) -> None:
    world.deposit(number_of(started), bill.amount)
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert attempt_of(started).status == "paid"
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    call_command("ledger_check")


def test_the_same_deposit_told_by_two_events_is_posted_once(world: World, started: Started, bill: BillFacts) -> None:
    world.deposit(number_of(started), bill.amount)
    for _ in range(2):
        assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert Payment.objects.get().amount == bill.amount
    assert InboxMessage.objects.count() == 2


def test_a_short_deposit_counts_and_the_rest_stays_owed(world: World, started: Started, bill: BillFacts) -> None:
    world.deposit(number_of(started), 10_000)
    assert deliver(world.heard(attempt_of(started).reference)) == "to_ask"
    sweep_later()
    assert attempt_of(started).status == "waiting"
    assert balances() == {"clearing": 10_000, "receivable": 42_000, "revenue": -52_000}
    world.deposit(number_of(started), 42_000)
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert attempt_of(started).status == "paid"
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


@pytest.mark.parametrize("sums", [(60_000,), (52_000, 52_000), (30_000, 30_000)])
def test_what_is_more_than_owed_is_an_overpayment(
    world: World, started: Started, bill: BillFacts, sums: tuple[int, ...]
) -> None:
    for amount in sums:
        world.deposit(number_of(started), amount)
        deliver(world.heard(attempt_of(started).reference))
    sweep_later()
    sweep_later(after=timedelta(hours=2))
    assert attempt_of(started).status == "paid"
    over = sum(sums) - bill.amount
    assert balances() == {"clearing": sum(sums), "revenue": -52_000, "overpayment": -over}
    call_command("ledger_check")


def test_a_deposit_that_nobody_told_us_of_is_found_by_asking(world: World, started: Started, bill: BillFacts) -> None:
    world.fault(fault="callback_never", times=10, orderId=attempt_of(started).reference)
    world.deposit(number_of(started), bill.amount)
    sweep_later(after=timedelta(minutes=61))
    assert attempt_of(started).status == "paid"


def test_a_deposit_taken_back_by_the_bank_is_owed_again_and_the_account_open_again(
    world: World, started: Started, bill: BillFacts
) -> None:
    movement = world.deposit(number_of(started), bill.amount)
    deliver(world.heard(attempt_of(started).reference))
    assert attempt_of(started).status == "paid"
    world.heard(attempt_of(started).reference)
    world.take_back(movement)
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert balances() == {"receivable": 52_000, "revenue": -52_000}
    assert attempt_of(started).status == "waiting"
    world.deposit(number_of(started), bill.amount)
    sweep_later(after=timedelta(hours=2))
    assert attempt_of(started).status == "paid"
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    call_command("ledger_check")


def test_card_and_account_at_once_leave_one_payment_and_one_overpayment(
    world: World, visitor: Visitor, started: Started, bill: BillFacts
) -> None:
    by_card = visitor.starts_card(bill)
    world.agree(by_card.go_to)
    visitor.returns(by_card)
    world.deposit(number_of(started), bill.amount)
    deliver(world.heard(attempt_of(started).reference))
    sweep_later(after=timedelta(minutes=1))
    assert {attempt_of(started).status, attempt_of(by_card).status} == {"paid"}
    assert balances() == {"clearing": 104_000, "revenue": -52_000, "overpayment": -52_000}
    assert sorted(Payment.objects.values_list("applied", "excess")) == [(0, 52_000), (52_000, 0)]
    call_command("ledger_check")


def test_the_same_bank_gives_one_number_however_often_the_page_is_sent(
    world: World, visitor: Visitor, started: Started, bill: BillFacts
) -> None:
    assert visitor.starts_account(bill).secret == started.secret
    assert visitor.starts_account(bill, bank="88").secret == started.secret


def test_an_unknown_bank_is_refused(world: World, visitor: Visitor, bill: BillFacts) -> None:
    with pytest.raises(NoSuchBank):
        visitor.starts_account(bill, bank="99")


@pytest.mark.parametrize(("due_in", "days"), [(20, 7), (3, 3), (0, 0)])
def test_an_account_closes_before_the_sum_grows(world: World, as_role: AsRole, due_in: int, days: int) -> None:
    bill = a_bill(due=today() + timedelta(days=due_in))
    attempt = attempt_of(a_visitor(as_role, bill).starts_account(bill))
    assert clock.local_date(attempt.expires_at) == today() + timedelta(days=days)


def test_a_lost_answer_of_the_bank_is_asked_for_and_the_number_shown(
    world: World, visitor: Visitor, bill: BillFacts
) -> None:
    world.fault(fault="lost_answer", endpoint="virtual-accounts", mode="error", times=2)
    started = visitor.starts_account(bill)
    assert attempt_of(started).status == "created"
    sweep_later(after=timedelta(seconds=30))
    assert attempt_of(started).status == "waiting"
    assert number_of(started)


def test_a_late_bill_is_paid_with_its_surcharge(world: World, as_role: AsRole) -> None:
    bill = a_bill(due=date(2026, 6, 30))
    visitor = a_visitor(as_role, bill)
    with pytest.raises(services.AmountChanged):
        visitor.starts_card(bill)
    # 3 % of each tax, cut to 10 won.
    started = visitor.starts_card(bill, amount=bill.amount + 1_200 + 360)
    world.agree(started.go_to)
    visitor.returns(started)
    sweep_later(after=timedelta(minutes=1))
    assert balances() == {"clearing": 53_560, "revenue": -53_560}
