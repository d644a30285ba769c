"""`kill -9` of the host of banks' machines, and over money in suspense: a repeat or the sweep finds the truth once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.access import Role
from core import clock
from payments import services
from payments.atm.words import Asked, Kind
from payments.models import AtmTransaction, InboxMessage, Payment, Reversal, SuspenseCase
from tests.payments.atm.test_what_gets_lost import asked, reversal, told
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.killing import Doomed
from tests.payments.messages import movement_told
from tests.payments.signing import signed_headers
from tests.payments.test_cancellations import a_desk
from tests.payments.test_killed_at_the_desk import AFTER, BEFORE, BOTH, dies
from tests.payments.test_suspense_desk import asks_to_assign, decides, money_of_nobody
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.usefixtures("db")
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}

A_MESSAGE = """
from payments.atm import teller
from payments.atm.hours import ALWAYS
from payments.atm.words import Asked, Kind
def dies_after(part):
    real = teller._ask
    def ask(query, values):
        said = real(query, values)
        if part in query:
            die()
        return said
    return ask
asked = Asked(Kind(facts["kind"]), "088", raw=bytes.fromhex(facts["raw"]), echo=None, transaction=facts["name"],
              at=datetime.fromisoformat(facts["at"]), amount=facts["amount"], number=facts["number"])
{where}
teller.answer(asked=asked, hours=ALWAYS, at=clock.now())
"""
STORED = "teller._ask = dies_after('atm_receive')"
WRITTEN = "teller._ask = dies_after('{}')"


def host_dies(doomed: Doomed, message: Asked, where: str) -> None:
    """A host that hears the message and dies there, before the bank has its answer."""
    facts = {"kind": message.kind.value, "raw": message.raw.hex(), "name": message.transaction}
    assert message.at is not None
    doomed(
        "intake",
        A_MESSAGE.format(where=where),
        at=message.at.isoformat(),
        amount=message.amount,
        number=message.number,
        **facts,
    )


@pytest.fixture
def bill() -> BillFacts:
    return a_bill()


@pytest.mark.parametrize("where", [STORED, WRITTEN.format("atm_pay")], ids=["it is stored", "it is posted"])
@pytest.mark.parametrize("kind", [Kind.PAYMENT, Kind.ADVICE])
def test_a_repeat_after_the_death_posts_once(bill: BillFacts, doomed: Doomed, kind: Kind, where: str) -> None:
    payment = asked(bill, kind)
    host_dies(doomed, payment, where)
    assert balances() == (OWED if where == STORED else PAID)
    assert [told(payment).code for _ in range(2)] == ["00", "00"]
    assert (Payment.objects.count(), balances()) == (1, PAID)
    call_command("ledger_check")


@pytest.mark.parametrize(("kind", "books"), [(Kind.PAYMENT, OWED), (Kind.ADVICE, PAID)])
def test_nobody_repeats_and_only_what_has_happened_is_posted(
    bill: BillFacts, doomed: Doomed, monkeypatch: pytest.MonkeyPatch, kind: Kind, books: dict[str, int]
) -> None:
    """An advice tells of money that was taken; a request without an answer is the bank's to reverse."""
    payment = asked(bill, kind)
    monkeypatch.setattr("payments.atm.kept.codec", lambda: Understood(payment))
    host_dies(doomed, payment, STORED)
    sweep_later(after=timedelta(minutes=2))
    assert balances() == books
    assert InboxMessage.objects.get().verdict == ("processed" if books == PAID else "set_aside")


class Understood:
    """A codec for which the bytes are this message: what it does with real ones is tested at the wire."""

    def __init__(self, message: Asked) -> None:
        self.message = message

    def read_kept(self, body: bytes, *, at: object) -> Asked:
        assert body == self.message.raw
        return self.message


@pytest.mark.parametrize("where", [STORED, WRITTEN.format("atm_decline")], ids=["it is stored", "our no is kept"])
def test_a_no_is_the_same_no_after_the_death(bill: BillFacts, doomed: Doomed, where: str) -> None:
    wrong = asked(bill, amount=1)
    host_dies(doomed, wrong, where)
    assert [told(wrong).code for _ in range(2)] == ["13", "13"]
    assert (AtmTransaction.objects.get().state, balances()) == ("declined", OWED)


@pytest.mark.parametrize(
    "where",
    [
        STORED,
        WRITTEN.format("atm_withdraw"),
        "teller.reverse = then_die(teller.reverse)",
        "teller._taken_back = then_die(teller._taken_back)",
    ],
    ids=["it is stored", "it is marked", "before the commit", "after it"],
)
def test_a_reversal_takes_the_money_back_once(bill: BillFacts, doomed: Doomed, where: str) -> None:
    payment = asked(bill)
    told(payment)
    back = replace(reversal(payment), number="")
    host_dies(doomed, back, where)
    assert [told(back).code for _ in range(2)] == ["00", "00"]
    assert (Reversal.objects.count(), AtmTransaction.objects.get().state, balances()) == (1, "reversed", OWED)
    call_command("ledger_check")


@BOTH
def test_money_in_suspense_is_assigned_once_when_it_is_decided_again(
    as_role: AsRole, bill: BillFacts, doomed: Doomed, where: str
) -> None:
    treasurer = a_desk(as_role, "treasurer@example.kr", Role.TREASURER)
    approver = a_desk(as_role, "approver@example.kr", Role.APPROVER)
    case = asks_to_assign(treasurer, money_of_nobody(), bill)
    dies(doomed, approver, "decide_suspense", where, case_id=case, granted=True, officer_id=approver.id)
    if where == BEFORE:
        decides(approver, case)
    else:
        assert where == AFTER
        with pytest.raises(services.DecidedByAnother):
            decides(approver, case)
    assert (SuspenseCase.objects.get().status, balances()) == ("done", PAID)
    call_command("ledger_check")


A_CALLBACK = """
{where}
services.take_notification(
    gateway="sandbox_acquirer", body=facts["body"].encode(), headers=facts["headers"], at=clock.now())
"""


@pytest.mark.socket
@pytest.mark.parametrize(
    "where",
    ["taking.conclude = die", "taking.conclude = then_die(taking.conclude)", "taking.reverse = die"],
    ids=["before it is left to ask", "after it", "before it is posted"],
)
def test_a_callback_that_takes_money_back_is_found_by_the_sweep(
    world: World, as_role: AsRole, bill: BillFacts, doomed: Doomed, where: str
) -> None:
    """A part (which only the gateway proves) leaves a question, the whole is posted at once."""
    started = a_visitor(as_role, bill).starts_account(bill)
    attempt = attempt_of(started)
    deposit = world.deposit(attempt.virtual_account.number, bill.amount)
    services.sweep(at=clock.now() + timedelta(hours=2))
    assert balances() == PAID
    world.take_back(deposit)
    (money,) = Payment.objects.values_list("movement_id", flat=True)
    part = 1 if "conclude" in where else 0
    body = movement_told(attempt.reference, bill.amount - part, kind="DEPOSIT_RETURN", originalTransactionKey=money)
    doomed(
        "intake",
        A_CALLBACK.format(where=where),
        options=world.options,
        body=body.decode(),
        headers=signed_headers(body),
    )
    for minutes in (2, 3):
        sweep_later(after=timedelta(minutes=minutes))
    assert (Reversal.objects.count(), balances()) == (1, OWED)
