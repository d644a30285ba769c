"""Virtual accounts out of the city's own ranges: one for an order, given out again only after a rest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from core import clock
from payments import services
from payments.gateways import registry
from payments.gateways.bank_pool import BankPool
from payments.gateways.base import Declined, Gateway, MovementKind, Stage
from payments.models import Attempt, PooledNumber
from payments.services.steps import advance
from payments.states import Status
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, sweep_later
from tests.payments.contract import IssuingContract, done, now, order
from tests.payments.deposits import fates, take
from tests.support.database import AsRole

NAME = "statement:088"
STARTING = sys.modules["payments.services.start_virtual_account"]
POOL = {NAME: {"adapter": "bank_pool", "bank": "088"}}


@pytest.fixture(autouse=True)
def pool(db: None) -> Iterator[None]:
    with override_settings(GATEWAYS=POOL, DEFAULT_GATEWAY=NAME):
        yield
        registry.close_connections()


@pytest.fixture
def gateway() -> Gateway:
    return registry.gateway(NAME)


class TestBankPool(IssuingContract):
    """Numbers are given out and closed; the rest it refuses."""

    adapter = BankPool


def a_payer(as_role: AsRole) -> tuple[BillFacts, Visitor]:
    bill = a_bill()
    return bill, a_visitor(as_role, bill)


def issue(gateway: Gateway) -> str:
    wanted = order()
    until = now() + timedelta(hours=1)
    number = done(gateway.issue_account(order=wanted, bank="088", holder="서울시", expires_at=until)).number
    return str(number)


def test_a_payer_gets_a_number_and_the_banks_file_pays_the_bill(as_role: AsRole) -> None:
    bill, visitor = a_payer(as_role)
    attempt = attempt_of(visitor.starts_account(bill, bank="088"))
    assert (attempt.gateway, attempt.status) == (NAME, "waiting")
    told = Told(bill.amount, to=attempt.virtual_account.number, ref="B-1")
    assert fates(take(notice(entry(told)))) == ["settled"]
    attempt.refresh_from_db()
    assert attempt.status == "paid"
    sweep_later(after=timedelta(days=9))
    attempt.refresh_from_db()
    assert attempt.status == "paid"


def test_asked_about_it_tells_what_the_files_said_also_what_the_bank_took_back(
    gateway: Gateway, as_role: AsRole
) -> None:
    bill, visitor = a_payer(as_role)
    attempt = attempt_of(visitor.starts_account(bill, bank="088"))
    told = Told(bill.amount, to=attempt.virtual_account.number, ref="B-1")
    take(notice(entry(told)))
    (came,) = done(gateway.inquire(reference=attempt.reference)).movements
    assert (came.kind, came.amount) == (MovementKind.DEPOSIT, bill.amount)
    back = notice(entry(replace(told, out=True, returned=True)), message_id="N-2", part_id="NOTE-2")
    assert fates(take(back)) == ["reversed"]
    found = done(gateway.inquire(reference=attempt.reference))
    assert found.stage == Stage.WAITING
    assert [(one.kind, one.amount, one.of) for one in found.movements] == [
        (MovementKind.DEPOSIT, bill.amount, ""),
        (MovementKind.DEPOSIT_RETURN, bill.amount, came.id),
    ]


def test_a_number_that_nobody_paid_to_expires_and_the_payer_gets_another(as_role: AsRole) -> None:
    bill, visitor = a_payer(as_role)
    first = attempt_of(visitor.starts_account(bill, bank="088"))
    past = clock.now() - timedelta(minutes=1)
    PooledNumber.objects.update(expires_at=past)
    Attempt.objects.filter(pk=first.pk).update(ask_at=past)
    services.sweep(at=clock.now())
    first.refresh_from_db()
    assert first.status == "expired"
    second = attempt_of(visitor.starts_account(bill, bank="088"))
    assert second.virtual_account.number != first.virtual_account.number
    late = Told(bill.amount, to=first.virtual_account.number)
    assert fates(take(notice(entry(late)))) == ["settled"]
    first.refresh_from_db()
    assert first.status == "paid"


def test_a_number_is_given_out_again_only_after_its_rest(gateway: Gateway) -> None:
    number = issue(gateway)
    PooledNumber.objects.update(expires_at=clock.now() - timedelta(days=1))
    assert issue(gateway) != number
    PooledNumber.objects.filter(number=number).update(rests_until=clock.now() - timedelta(seconds=1))
    assert issue(gateway) == number


def test_a_pool_that_is_used_up_says_so(gateway: Gateway) -> None:
    table = apps.get_model("billing", "DatedTable").objects.get(name="banks")
    before = {**table.body}
    small = [{**one, "numbers": {"first": "90880000000000", "count": 1}} for one in before["banks"]]
    apps.get_model("billing", "DatedTable").objects.filter(pk=table.pk).update(body={**before, "banks": small})
    try:
        issue(gateway)
        answer = gateway.issue_account(order=order(), bank="088", holder="시", expires_at=now() + timedelta(hours=1))
        assert answer == Declined("NO_FREE_NUMBER")
    finally:
        apps.get_model("billing", "DatedTable").objects.filter(pk=table.pk).update(body=before)


def test_a_closed_number_is_expired_and_rests_from_then_on(gateway: Gateway) -> None:
    wanted = order()
    until = now() + timedelta(days=5)
    account = done(gateway.issue_account(order=wanted, bank="088", holder="시", expires_at=until))
    assert done(gateway.close_account(gateway_key=account.gateway_key)).stage == Stage.EXPIRED
    assert PooledNumber.objects.get().rests_until < clock.now() + timedelta(days=91)


def test_the_public_face_gets_numbers_for_its_own_orders_only(as_role: AsRole) -> None:
    with as_role("public"), pytest.raises(DatabaseError, match="no such order"), transaction.atomic():
        connection.cursor().execute("SELECT payments_take_number(%s, '088', 'PAY-X', 1, now())", [NAME])


def test_the_public_face_cannot_put_another_number_under_its_bill(as_role: AsRole) -> None:
    bill, visitor = a_payer(as_role)
    victim = attempt_of(visitor.starts_account(bill, bank="088"))
    other = a_bill()
    thief = a_visitor(as_role, other)
    stolen = {"number": victim.virtual_account.number, "bank": "088"}
    with (
        thief.here(),
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(DatabaseError, match="not the number of this order"),
    ):
        patch.setattr(STARTING, "account_issued", lambda **named: _advance(named, stolen))
        services.start_virtual_account(wish=thief.wish(other), bank="088", at=clock.now())


def _advance(named: dict[str, object], changes: dict[str, str]) -> None:
    advance(secret=str(named["secret"]), old=Status.CREATED, new=Status.WAITING, **changes)
