"""A death after every write of paying out: what was decided is paid once, whoever dies over it and wherever."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.management import call_command

from core import clock
from payments.models import Cancellation, Transfer
from refunds.models import Donation, Leg, Recovery, Refund, SetOff
from refunds.services import carry_out, look_at_bill, send_refunds
from refunds.services.standing import claimed_back
from refunds.services.transfer import hear_of_transfer
from refunds.states import LegStatus, Status, Way
from tests.payments.cast import a_bill, balances, sweep_later
from tests.payments.world import World
from tests.refunds import bank
from tests.refunds.cast import Office, an_account, days_ago, pays, takes_back
from tests.refunds.test_paid_out import paid_by_card_and_at_a_machine
from tests.support.database import AsRole


class Killed(BaseException):
    """Nothing of ours catches it: the transaction ends as the death of its process would end it."""


@contextmanager
def dying_after(patch: pytest.MonkeyPatch, module: str, name: str) -> Iterator[None]:
    """The function of `refunds.services` does its work, and what comes after it never happens."""
    at = sys.modules[f"refunds.services.{module}"]
    real = getattr(at, name)

    def then_die(*arguments: Any, **named: Any) -> None:
        real(*arguments, **named)
        raise Killed

    with patch.context() as patched:
        patched.setattr(at, name, then_die)
        with pytest.raises(Killed):
            yield


CARRY_OUT, SEND = "carry out", "send"
# Beside the books, everything that is written between the approval and the order at the bank.
PLACES: Final = (
    ("carry_out", "pay_directly", CARRY_OUT),
    ("books", "set_off", CARRY_OUT),
    ("books", "approve", CARRY_OUT),
    ("carry_out", "make_leg", CARRY_OUT),
    ("carry_out", "move", CARRY_OUT),
    ("carry_out", "state_notice", CARRY_OUT),
    ("transfer", "order_transfer", SEND),
    ("transfer", "move", SEND),
)


@pytest.mark.parametrize("place", PLACES, ids=[f"{one}.{two}" for one, two, _ in PLACES])
def test_what_is_set_off_and_transferred(
    office: Office, monkeypatch: pytest.MonkeyPatch, place: tuple[str, str, str]
) -> None:
    module, name, does = place
    bill = a_bill()
    late = a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)
    pays(bill, 52_000, on=days_ago(60))
    pays(bill, 20_000, on=days_ago(60))
    look_at_bill(bill_id=bill.id, at=clock.now())
    refund = office.assesses(Refund.objects.get())
    an_account(refund, office)
    assert office.decides(refund) == "approved"
    if does == SEND:
        carry_out(refund_id=refund.pk, at=clock.now())
    with dying_after(monkeypatch, module, name):
        if does == SEND:
            send_refunds(at=clock.now())
        else:
            carry_out(refund_id=refund.pk, at=clock.now())
    for _ in range(2):
        send_refunds(at=clock.now())
    refund.refresh_from_db()
    assert refund.status == Status.PAYING
    assert SetOff.objects.get().bill_id == late.id
    leg, transfer = Leg.objects.get(), Transfer.objects.get()
    assert (leg.status, leg.transfer, transfer.amount) == (LegStatus.SENT, str(transfer.pk), leg.amount)
    assert leg.principal + SetOff.objects.get().principal == 20_000
    call_command("ledger_check")


@pytest.mark.parametrize("name", ["donated", "approve"])
def test_what_is_given_to_the_city(office: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    bill = a_bill()
    pays(bill, 60_000)
    look_at_bill(bill_id=bill.id, at=clock.now())
    refund = office.assesses(Refund.objects.get(), way=Way.DONATION)
    assert office.decides(refund) == "approved"
    with dying_after(monkeypatch, "books", name):
        carry_out(refund_id=refund.pk, at=clock.now())
    send_refunds(at=clock.now())
    assert Donation.objects.get().principal == 8_000
    assert balances() == {"clearing": 60_000, "revenue": -60_000}
    call_command("ledger_check")


@pytest.mark.socket
@pytest.mark.parametrize("name", ["order_cancellation", "move"])
def test_what_the_card_gets_back(
    world: World, as_role: AsRole, office: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    paid_by_card_and_at_a_machine(world, as_role)
    office.deliver()
    refund = office.pays_back(Refund.objects.get(), way=Way.CARD)
    with dying_after(monkeypatch, "send", name):
        send_refunds(at=clock.now())
    for _ in range(2):
        send_refunds(at=clock.now())
    sweep_later(after=timedelta(minutes=1))
    office.deliver()
    refund.refresh_from_db()
    assert (refund.status, Cancellation.objects.count()) == (Status.PAID, 1)
    assert balances()["clearing"] == 52_000
    call_command("ledger_check")


@pytest.mark.parametrize(("module", "name"), [("books", "sent_back"), ("transfer", "end")])
def test_what_the_bank_sent_back_of_a_claim(
    office: Office, database_name: str, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    bill = a_bill()
    first = pays(bill, 52_000)
    pays(bill, 52_000)
    look_at_bill(bill_id=bill.id, at=clock.now())
    refund = Refund.objects.get()
    an_account(refund, office)
    office.pays_back(refund)
    send_refunds(at=clock.now())
    transfer = Transfer.objects.get()
    bank.gets_the_file(database_name, office.approver.id, office.third.id)
    takes_back(first, 52_000)
    look_at_bill(bill_id=bill.id, at=clock.now())
    assert claimed_back(refund) == 52_000  # it is with the bank, and can't be withdrawn
    bank.rejects(transfer)
    with dying_after(monkeypatch, module, name):
        hear_of_transfer(key=transfer.key, at=clock.now())
    for _ in range(2):
        hear_of_transfer(key=transfer.key, at=clock.now())
    refund.refresh_from_db()
    assert (Recovery.objects.get().amount, claimed_back(refund), refund.status) == (52_000, 0, Status.LAPSED)
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    call_command("ledger_check")
