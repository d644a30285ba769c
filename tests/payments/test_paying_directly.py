"""Money that comes with its bills' numbers and without an attempt before it."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from core import clock
from payments.gateways.base import Movement, MovementKind
from payments.models import Attempt, Payment
from payments.rules.allocation import Share
from payments.services import Settlement, pay_directly
from payments.services.settle import NotMoneyIn
from payments.states import Channel
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.racing import at_once
from tests.support.database import AsRole


def a_deposit(amount: int) -> Movement:
    return Movement(secrets.token_hex(8), MovementKind.DEPOSIT, amount, clock.now())


def paid(movement: Movement, *shares: Share, gateway: str = "atm:088", payer: str = "") -> Settlement:
    return pay_directly(
        gateway=gateway, channel=Channel.ATM, movement=movement, shares=shares, at=clock.now(), payer=payer
    )


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def topics() -> list[str]:
    return list(apps.get_model("core", "Event").objects.values_list("topic", flat=True))


def test_money_with_a_bills_number_pays_it(as_role: AsRole, bill: BillFacts) -> None:
    with as_role("intake"):
        settled = paid(a_deposit(bill.amount), Share(bill.id, bill.amount))
    assert (settled.repeated, settled.applied, settled.excess) == (False, bill.amount, 0)
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.channel, attempt.gateway, attempt.amount) == ("paid", "atm", "atm:088", bill.amount)
    assert attempt.ask_at is None
    assert list(attempt.items.values_list("bill_id", "amount", "live")) == [(bill.id, bill.amount, False)]
    assert balances() == {"clearing": bill.amount, "revenue": -bill.amount}
    assert topics() == ["receipts.document_requested.v1", "payments.settled.v1"]


def test_the_same_movement_again_changes_nothing(bill: BillFacts) -> None:
    movement = a_deposit(bill.amount)
    first = paid(movement, Share(bill.id, bill.amount))
    again = paid(replace(movement, amount=1), Share(bill.id, 1))
    assert again.repeated
    assert again.payment_id == first.payment_id
    assert paid(movement, Share(bill.id, bill.amount), gateway="atm:020").excess == bill.amount
    assert Payment.objects.count() == 2


def test_one_movement_pays_several_bills(bill: BillFacts) -> None:
    other = a_bill()
    paid(a_deposit(104_000), Share(other.id, 52_000), Share(bill.id, 52_000))
    assert balances()["clearing"] == 104_000
    assert Attempt.objects.get().items.count() == 2


def test_a_bill_that_owes_less_leaves_an_overpayment(bill: BillFacts) -> None:
    assert paid(a_deposit(60_000), Share(bill.id, 60_000)).excess == 8_000
    assert paid(a_deposit(52_000), Share(bill.id, 52_000)).excess == 52_000
    assert balances()["overpayment"] == -60_000
    assert topics().count("payments.overpaid.v1") == 2


def test_a_bill_that_nobody_knows_sends_the_money_to_suspense(bill: BillFacts) -> None:
    movement = a_deposit(70_000)
    assert paid(movement, Share(bill.id, 52_000), Share(0, 18_000)).applied == 0
    assert paid(movement, Share(bill.id, 70_000)).repeated
    assert balances()["suspense"] == -70_000
    assert topics() == ["payments.suspended.v1"]


def test_who_brought_it_stands_in_the_audit_trail(bill: BillFacts) -> None:
    paid(a_deposit(bill.amount), Share(bill.id, bill.amount), payer="임꺽정")
    record = apps.get_model("core", "AuditRecord").objects.get(action="payment.brought")
    assert record.details == {"payer": "임꺽정"}


def test_the_same_movement_twice_at_once_is_written_once(database_name: str, bill: BillFacts) -> None:
    call = partial(paid, a_deposit(bill.amount), Share(bill.id, bill.amount))
    found = at_once(database_name, [lambda as_role: _as_worker(as_role, call)] * 2)
    assert sorted(settled.repeated for settled in found) == [False, True]
    assert Payment.objects.count() == 1


def _as_worker(as_role: AsRole, call: partial[Settlement]) -> Settlement:
    with as_role("worker"):
        return call()


@pytest.mark.parametrize("days", [-3700, 2])
def test_money_of_another_age_is_refused(bill: BillFacts, days: int) -> None:
    movement = replace(a_deposit(bill.amount), at=clock.now() + timedelta(days=days))
    with pytest.raises(IntegrityError, match="another age"):
        paid(movement, Share(bill.id, bill.amount))


def test_shares_that_do_not_sum_to_the_money_are_refused(bill: BillFacts) -> None:
    with pytest.raises(IntegrityError, match="do not sum"):
        paid(a_deposit(bill.amount), Share(bill.id, bill.amount - 1))
    assert Attempt.objects.count() == 0


def test_money_that_goes_back_is_no_payment(bill: BillFacts) -> None:
    with pytest.raises(NotMoneyIn):
        paid(Movement("x", MovementKind.CANCEL, 1, clock.now()), Share(bill.id, 1))


def test_intake_speaks_for_atms_alone_and_the_other_faces_for_nobody(as_role: AsRole, bill: BillFacts) -> None:
    with as_role("intake"), pytest.raises(DatabaseError, match="not money of an ATM"):
        paid(a_deposit(bill.amount), Share(bill.id, bill.amount), gateway="counter:11110")
    facts = json.dumps({"reference": "PAY-X", "channel": "atm", "payer": "", "language": "ko"})
    movement = json.dumps({"id": "x", "kind": "deposit", "amount": 1, "at": clock.now().isoformat()})
    query = "SELECT payments_pay_directly('atm:088', %s, %s, '[]', 'x', NULL, now())"
    for face in ("public", "office"):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(query, [facts, movement])
