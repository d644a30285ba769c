"""What happens after the last day, with an acquirer whose clock is moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings

from core import clock
from payments.gateways import registry
from payments.services import Started
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import deliver
from tests.payments.test_convenience_store import number_of, starts
from tests.payments.world import World
from tests.payments.world import world as start_world
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with (
        start_world(tmp_path_factory.mktemp("acquirer")) as started,
        override_settings(GATEWAYS={"sandbox_acquirer": started.options}),
    ):
        yield started
        registry.close_connections()


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def started(world: World, as_role: AsRole, bill: BillFacts) -> Started:
    return a_visitor(as_role, bill).starts_account(bill)


def test_a_deposit_after_expiry_still_counts(world: World, started: Started, bill: BillFacts) -> None:
    late = attempt_of(started).expires_at - clock.now() + timedelta(hours=1)
    world.pass_time(int(late.total_seconds()))
    assert world.heard(attempt_of(started).reference).data["status"] == "EXPIRED"
    sweep_later(after=late)
    assert attempt_of(started).status == "expired"
    world.deposit(attempt_of(started).virtual_account.number, bill.amount)
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert attempt_of(started).status == "paid"
    assert balances()["clearing"] == bill.amount


def test_an_expired_account_ends_only_after_the_bank_was_asked(world: World, started: Started) -> None:
    late = attempt_of(started).expires_at - clock.now() + timedelta(minutes=5)
    world.fault(fault="http_500", endpoint="payment", times=1)
    sweep_later(after=late)
    assert attempt_of(started).status == "waiting"


def test_a_card_page_that_nobody_used_ends_as_not_paid(world: World, as_role: AsRole, bill: BillFacts) -> None:
    card = a_visitor(as_role, bill).starts_card(bill)
    world.pass_time(1_900)
    sweep_later(after=timedelta(minutes=32))
    assert attempt_of(card).status == "expired"


def test_a_number_for_the_till_ends_only_after_asking(world: World, as_role: AsRole, bill: BillFacts) -> None:
    visitor = a_visitor(as_role, bill)
    first = starts(visitor, bill)
    late = attempt_of(first).expires_at - clock.now() + timedelta(minutes=5)
    world.pass_time(int(late.total_seconds()))
    assert world.pay_at_till(number_of(first)) == ""
    world.fault(fault="http_500", endpoint="payment", times=1)
    sweep_later(after=late)
    assert attempt_of(first).status == "waiting"
    sweep_later(after=late + timedelta(minutes=1))
    assert attempt_of(first).status == "expired"
