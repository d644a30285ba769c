"""Money leaves to the card that paid, or to an account of the taxpayer; whoever dies over it pays nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.access import Role
from accounts.models import Taxpayer
from core import clock
from payments.models import Transfer
from refunds.handlers import transfer_failed
from refunds.models import Leg, Payee, Refund, SetOff
from refunds.services import carry_out, look_at_bill, rounds, send_refunds, talk
from refunds.states import LegStatus, PayeeStatus, Status, Way
from tests.billing.people import citizen_client
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.killing import Doomed
from tests.payments.test_cancellations import a_desk
from tests.payments.test_suspense_desk import asks_to_return, decides, money_of_nobody
from tests.payments.world import World
from tests.refunds import bank
from tests.refunds.cast import Office, an_account, days_ago, event, pays
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket


def paid_by_card_and_at_a_machine(world: World, as_role: AsRole) -> BillFacts:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    pays(bill, 52_000)
    world.agree(started.go_to)
    visitor.returns(started)
    sweep_later(after=timedelta(minutes=1))
    return bill


def test_what_fails_in_the_round_keeps_no_other_payment_back(
    world: World, as_role: AsRole, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*, at: datetime) -> int:
        raise RuntimeError("an account that nobody thought of")

    paid_by_card_and_at_a_machine(world, as_role)
    office.deliver()
    office.pays_back(Refund.objects.get(), way=Way.CARD)
    monkeypatch.setattr(rounds, "fill_waiting", fails)
    send_refunds(at=clock.now())
    assert Leg.objects.get().status == LegStatus.SENT


def test_a_card_gets_its_own_money_back_once(world: World, as_role: AsRole, office: Office) -> None:
    bill = paid_by_card_and_at_a_machine(world, as_role)
    office.deliver()
    refund = Refund.objects.get()
    assert refund.by_card
    office.pays_back(refund, way=Way.CARD)
    send_refunds(at=clock.now())
    send_refunds(at=clock.now())
    assert Leg.objects.get().status == LegStatus.SENT
    sweep_later(after=timedelta(minutes=1))
    office.deliver()
    look_at_bill(bill_id=bill.id, at=clock.now())
    refund.refresh_from_db()
    assert (refund.status, Refund.objects.count()) == (Status.PAID, 1)
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    call_command("ledger_check")


def test_a_lost_answer_is_unknown_then_asked_never_failed(world: World, as_role: AsRole, office: Office) -> None:
    paid_by_card_and_at_a_machine(world, as_role)
    office.deliver()
    refund = office.pays_back(Refund.objects.get(), way=Way.CARD)
    send_refunds(at=clock.now())
    world.fault(fault="lost_answer", endpoint="cancel")
    sweep_later(after=timedelta(minutes=1))
    send_refunds(at=clock.now() + timedelta(minutes=11))
    refund.refresh_from_db()
    assert refund.status == Status.UNKNOWN
    sweep_later(after=timedelta(hours=1))  # the same key: given back once
    office.deliver()
    refund.refresh_from_db()
    assert refund.status == Status.PAID
    assert balances()["clearing"] == 52_000


def test_a_deposit_that_was_too_much_comes_back_to_the_payers_account_through_its_gateway(
    world: World, as_role: AsRole, office: Office
) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_account(bill)
    world.deposit(attempt_of(started).virtual_account.number, 72_000)
    sweep_later(after=timedelta(hours=2))
    office.deliver()
    refund = Refund.objects.get()
    assert (refund.amount, refund.by_deposit) == (20_000, True)
    person = Taxpayer.objects.get(pk=bill.taxpayer_id)
    world.opens_account("20", "100200300401", person.name)
    names_account((citizen_client(as_role, person), person), "100200300401")
    office.pays_back(refund)
    assert Leg.objects.get().by_gateway
    send_refunds(at=clock.now())
    sweep_later(after=timedelta(hours=3))
    office.deliver()
    refund.refresh_from_db()
    assert refund.status == Status.PAID
    given = world.acquirer.order(attempt_of(started).reference)["virtualAccount"]["refundReceiveAccount"]
    assert (given["accountNumber"], given["holderName"]) == ("100200300401", person.name)
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    call_command("ledger_check")


@pytest.fixture
def owner(world: World, as_role: AsRole, office: Office) -> tuple[FaceClient, Taxpayer]:
    """Somebody who paid too much, signed in."""
    bill = a_bill()
    pays(bill, 60_000)
    office.deliver()
    person = Taxpayer.objects.get(pk=bill.taxpayer_id)
    return citizen_client(as_role, person), person


def names_account(owner: tuple[FaceClient, Taxpayer], number: str) -> Payee:
    client, person = owner
    answer = client.post(f"/refunds/account/{person.pk}/", {"bank": "20", "number": number})
    assert answer.status_code == 302, answer.content.decode()
    talk(at=clock.now())
    return Payee.objects.latest("pk")


def test_an_account_of_somebody_else_is_refused_and_a_changed_one_waits_and_is_told_of(
    world: World, owner: tuple[FaceClient, Taxpayer], office: Office
) -> None:
    world.opens_account("20", "100200300400", "남의이름")
    world.opens_account("20", "100200300401", owner[1].name)
    world.opens_account("20", "100200300402", owner[1].name)
    assert names_account(owner, "100-200-300-400").status == PayeeStatus.REFUSED
    assert names_account(owner, "999999999").problem == "NO_ACCOUNT"
    first = names_account(owner, "100-200-300-401")
    assert (first.status, first.named) == (PayeeStatus.VERIFIED, owner[1].name)
    office.pays_back(Refund.objects.get())
    leg = Leg.objects.get()
    assert (leg.status, leg.number) == (LegStatus.READY, "100200300401")
    mail.outbox.clear()
    second = names_account(owner, "100200300402")
    assert second.usable_at is not None
    assert second.usable_at - second.asked_at >= timedelta(hours=72)
    assert [letter.to for letter in mail.outbox] == [[f"t{owner[1].pk}@example.kr"]]
    assert "100200300402" not in mail.outbox[0].body
    send_refunds(at=clock.now())
    leg.refresh_from_db()
    assert leg.status == LegStatus.WAITING  # what was about to leave waits with the new account
    send_refunds(at=clock.now() + timedelta(hours=73))
    leg.refresh_from_db()
    assert (leg.status, leg.number) != (LegStatus.WAITING, "")
    assert leg.number == "100200300402"


def test_what_a_bank_sends_back_is_owed_again_and_goes_into_the_next_account(
    world: World, owner: tuple[FaceClient, Taxpayer], office: Office, database_name: str
) -> None:
    for number in ("100200300401", "100200300402"):
        world.opens_account("20", number, owner[1].name)
    names_account(owner, "100200300401")
    refund = office.pays_back(Refund.objects.get())
    send_refunds(at=clock.now())
    send_refunds(at=clock.now())
    ordered = Transfer.objects.get()
    assert (ordered.amount, ordered.bank, ordered.account) == (8_000, "020", "100200300401")
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    call_command("ledger_check")
    told = event(purpose="refund", key=ordered.key, reason="")
    transfer_failed(told)  # said by somebody who can publish: the transfer knows nothing of it
    refund.refresh_from_db()
    assert refund.status == Status.PAYING
    bank.gets_the_file(database_name, office.approver.id, office.third.id)
    bank.shows_that_it_left(ordered)
    office.deliver()
    refund.refresh_from_db()
    assert refund.status == Status.PAID
    bank.sends_back(ordered)
    office.deliver()
    transfer_failed(told)
    refund.refresh_from_db()
    assert refund.status == Status.RETURNED
    names_account(owner, "100200300402")
    send_refunds(at=clock.now() + timedelta(hours=73))
    refund.refresh_from_db()
    assert refund.status == Status.PAYING
    assert [leg.status for leg in Leg.objects.order_by("pk")] == [LegStatus.RETURNED, LegStatus.SENT]
    assert Transfer.objects.latest("pk").account == "100200300402"


def test_money_out_of_suspense_goes_back_to_the_account_that_it_came_from(as_role: AsRole, office: Office) -> None:
    treasurer = a_desk(as_role, "treasurer@example.kr", Role.TREASURER)
    approver = a_desk(as_role, "approver@example.kr", Role.APPROVER)
    decides(approver, asks_to_return(treasurer, money_of_nobody(7_000)))
    office.deliver()
    refund = Refund.objects.get()
    assert (refund.amount, refund.interest, refund.taxpayer_id) == (7_000, 0, None)
    office.pays_back(refund)
    send_refunds(at=clock.now())
    assert Transfer.objects.get().account == "110000000000"
    call_command("ledger_check")


BEFORE_THE_COMMIT = """
from refunds.services import books, carry_out
real = books.set_off
def set_off(*arguments, **named):
    real(*arguments, **named)
    die()
books.set_off = set_off
carry_out(refund_id=facts["refund"], at=clock.now())
"""
AFTER_THE_COMMIT = """
from refunds.services import carry_out
carry_out(refund_id=facts["refund"], at=clock.now())
die()
"""

AT_THE_BANKS_FILE = """
import refunds.services
transfer = sys.modules["refunds.services.transfer"]
real = transfer.order_transfer
def order(*arguments, **named):
    real(*arguments, **named)
    die()
transfer.order_transfer = order
refunds.services.send_refunds(at=clock.now())
"""


def test_a_worker_that_dies_over_a_transfer_orders_it_once(office: Office, doomed: Doomed) -> None:
    pays(a_bill(), 60_000)
    office.deliver()
    refund = Refund.objects.get()
    an_account(refund, office)
    office.pays_back(refund)
    doomed("worker", AT_THE_BANKS_FILE)
    assert not Transfer.objects.exists()
    send_refunds(at=clock.now())
    assert Transfer.objects.get().amount == 8_000


@pytest.mark.parametrize("script", [BEFORE_THE_COMMIT, AFTER_THE_COMMIT], ids=["before", "after"])
def test_a_worker_that_dies_over_a_refund_pays_nothing_twice(office: Office, doomed: Doomed, script: str) -> None:
    bill = a_bill()
    late = a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)
    pays(bill, 60_000)
    pays(bill, 20_000)
    look_at_bill(bill_id=bill.id, at=clock.now())
    refund = office.assesses(Refund.objects.get(amount=20_000))
    assert office.decides(refund) == "approved"
    doomed("worker", script, options={}, refund=refund.pk)
    carry_out(refund_id=refund.pk, at=clock.now())
    refund.refresh_from_db()
    assert refund.status == Status.PAYING
    assert SetOff.objects.get().bill_id == late.id
    assert Leg.objects.count() == 1
    call_command("ledger_check")
