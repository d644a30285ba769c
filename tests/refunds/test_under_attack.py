"""What a hostile officer, a citizen who wants another's money, and a bank that contradicts itself try."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Taxpayer
from core import clock
from core.db.session import session_secret
from payments.models import Transfer
from payments.services import NotSoMuchLeft, order_transfer
from refunds.handlers import appeal_upheld
from refunds.models import Leg, Refund
from refunds.services import CanNotBe, NotRejected, reopen_refund, send_refunds, transfer
from refunds.services.find import look_at_bill
from refunds.states import Cause, LegStatus, Status, Way
from tests.billing.people import citizen_session
from tests.payments.cast import BillFacts, a_bill, balances, sweep_later
from tests.payments.test_cancellations import a_desk
from tests.payments.world import World
from tests.refunds.cast import Office, an_account, days_ago, event, pays
from tests.refunds.test_paid_out import paid_by_card_and_at_a_machine
from tests.support.database import AsRole


def ask(query: str, *values: Any) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture
def bill(db: None, office: Office) -> BillFacts:
    found = a_bill()
    pays(found, 60_000, on=days_ago(3))
    office.deliver()
    return found


@pytest.fixture
def refund(bill: BillFacts) -> Refund:
    return Refund.objects.get()


ASSESS = "SELECT refunds_assess(%s, %s, %s, %s, %s, %s, 'x', now())"
DECIDE = "SELECT refunds_decide(%s, %s, %s, %s, now())"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ((None, "paid_by_mistake", None, None, "account"), "stale"),
        ((8_000, "reduced", "1990-01-01", None, "account"), "impossible"),  # interest since 1990
        ((8_000, "paid_by_mistake", None, "2020-01-01", "account"), "impossible"),  # half as much again
        ((8_000, "paid_by_mistake", None, None, "donation"), "impossible"),  # of somebody else's money
        ((8_000, "paid_by_mistake", None, None, "card"), "impossible"),
        ((8_000, "paid_by_mistake", None, None, None), "impossible"),
        ((8_000, "paid_by_mistake", None, None, "account"), "done"),
    ],
)
def test_no_officer_makes_of_a_refund_what_it_is_not(
    refund: Refund, office: Office, said: tuple[object, ...], answer: str
) -> None:
    assert office.clerk.does(partial(ask, ASSESS, refund.pk, *said)) == answer


def test_nobody_approves_without_saying_what_they_saw(refund: Refund, office: Office) -> None:
    office.assesses(refund)
    for values, answer in (
        ((refund.pk, "approve", None, ""), "stale"),
        ((refund.pk, None, 8_000, ""), None),
        ((refund.pk, "pay", 8_000, ""), None),
        ((refund.pk, "reject", 8_000, " "), None),
    ):
        assert office.approver.does(partial(ask, DECIDE, *values)) == answer
    refund.refresh_from_db()
    assert refund.status == Status.ASSESSED


def test_an_officer_writes_no_row_of_a_refund(refund: Refund, office: Office) -> None:
    office.assesses(refund)
    for query in (
        "UPDATE refunds_refund SET status = 'approved'",
        "INSERT INTO refunds_leg (refund_id, way, principal, interest) VALUES (1, 'account', 1, 0)",
        "UPDATE refunds_payee SET number = '999999'",
        "SELECT refunds_grant(r, false, '', now()) FROM refunds_refund r",
        "SELECT refunds_note(r, 'paid', '', now()) FROM refunds_refund r",
        "SELECT refunds_post_recovery(NULL, r, r, now()) FROM refunds_refund r",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            office.approver.does(partial(ask, query))


def test_a_forged_event_makes_officers_look_again_and_pays_nothing(office: Office) -> None:
    bill = a_bill()
    pays(bill, 52_000, on=days_ago(60))
    office.reduces(bill, 5_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get())
    change = int(refund.source.removeprefix("change:"))
    appeal_upheld(event(change_id=change, by="objection", final_on="2020-01-01"))
    refund.refresh_from_db()
    assert (refund.status, refund.assessed_by_id) == (Status.OPENED, None)


def test_somebody_elses_refund_and_account_are_not_to_be_named(
    refund: Refund, as_role: AsRole, bill: BillFacts
) -> None:
    stranger = Taxpayer.objects.create(kind="individual", name="다른사람")
    secret = citizen_session(as_role, stranger)
    for query, values in (
        ("SELECT refunds_ask(%s, 'account', NULL, now())", [refund.pk]),
        ("SELECT refunds_name_account(%s, '20', '100200300', 'ko', now())", [bill.taxpayer_id]),
        ("SELECT refunds_claim(%s, 'request', NULL, '{}', 'mine')", [bill.id]),
    ):
        with as_role("public"), session_secret(secret):
            assert ask(query, *values) is None
    with as_role("public"), session_secret(secret):
        assert ask("SELECT count(*) FROM refunds_refund") == 0


def test_an_owner_asks_for_nothing_impossible_and_agrees_to_nothing_in_the_past(as_role: AsRole, db: None) -> None:
    bill = a_bill()
    pays(bill, 60_000, on=days_ago(30))
    look_at_bill(bill_id=bill.id, at=clock.now() - timedelta(days=20))
    refund = Refund.objects.get()
    secret = citizen_session(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
    coming = a_bill(of=bill)
    with as_role("public"), session_secret(secret):
        for way in ("card", "cash", "", None):
            assert ask("SELECT refunds_ask(%s, %s, NULL, now())", refund.pk, way) is None
        past = "SELECT refunds_ask(%s, 'set_off', %s, now() - interval '10 days')"
        assert ask(past, refund.pk, coming.id) == "done"
    refund.refresh_from_db()
    assert refund.asked_at is not None
    assert clock.now() - refund.asked_at < timedelta(minutes=1)


def test_only_ten_accounts_a_day_whatever_day_is_said(refund: Refund, as_role: AsRole, bill: BillFacts) -> None:
    secret = citizen_session(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
    name = "SELECT refunds_name_account(%s, '20', '100200300', 'ko', now() - interval '2 years')"
    with as_role("public"), session_secret(secret):
        made = [ask(name, bill.taxpayer_id) for _ in range(11)]
    assert made[:10].count(None) == 0
    assert made[10] is None


def test_an_account_at_kb_is_named_to_the_citys_bank_by_the_clearing_institutes_digits(
    refund: Refund, office: Office
) -> None:
    payee = an_account(refund, office)
    payee.bank = "06"  # as the gateway that asks for its holder names it
    payee.save()
    office.pays_back(refund)
    send_refunds(at=clock.now())
    assert Transfer.objects.get().bank == "004"


@pytest.mark.socket
def test_what_a_refund_paid_is_not_given_back_by_the_card_too(world: World, as_role: AsRole, office: Office) -> None:
    paid_by_card_and_at_a_machine(world, as_role)
    office.deliver()
    collector = a_desk(as_role, "collector@example.kr", Role.COLLECTOR)
    approver = a_desk(as_role, "approver@example.kr", Role.APPROVER)
    before = collector.asks(1_000)
    office.pays_back(Refund.objects.get(), way=Way.ACCOUNT)
    with pytest.raises(NotSoMuchLeft):
        approver.decides(before)  # asked for before the refund was approved
    approver.decides(before, granted=False)
    with pytest.raises(NotSoMuchLeft):
        collector.asks(52_000)


@pytest.mark.socket
def test_a_refund_waits_while_the_same_money_is_given_back_by_card(
    world: World, as_role: AsRole, office: Office
) -> None:
    paid_by_card_and_at_a_machine(world, as_role)
    office.deliver()
    collector = a_desk(as_role, "collector@example.kr", Role.COLLECTOR)
    approver = a_desk(as_role, "approver@example.kr", Role.APPROVER)
    approver.decides(collector.asks(52_000))
    refund = office.pays_back(Refund.objects.get(), way=Way.ACCOUNT)
    assert refund.status == Status.APPROVED
    sweep_later(after=timedelta(minutes=1))
    office.deliver()
    refund.refresh_from_db()
    assert (refund.status, refund.available) == (Status.LAPSED, 0)
    assert not Leg.objects.exists()
    call_command("ledger_check")


def test_a_rejected_refund_is_opened_again_by_an_officer_with_a_reason(refund: Refund, office: Office) -> None:
    office.assesses(refund)
    office.decides(refund, verdict="reject")

    def reopens(desk: Any, reason: str) -> None:
        facts = {"refund_id": refund.pk, "reason": reason, "officer_id": desk.id, "at": clock.now()}
        desk.does(lambda: reopen_refund(**facts))

    for desk, reason in ((office.approver, "objection"), (office.clerk, " ")):
        with pytest.raises(NotRejected):
            reopens(desk, reason)
    reopens(office.clerk, "the objection was right")
    office.deliver()
    assert office.pays_back(refund).status == Status.PAYING
    assert balances()["refund_payable"] == -8_000


def test_a_day_that_has_not_come_gives_no_interest(office: Office) -> None:
    bill = a_bill()
    pays(bill, 52_000, on=days_ago(30))
    office.reduces(bill, 5_000)
    office.deliver()
    with pytest.raises(CanNotBe):
        office.assesses(Refund.objects.get(), cause=Cause.REDUCED, event_on=days_ago(-3))


def test_interest_never_begins_before_the_money_came(office: Office) -> None:
    bill = a_bill()
    pays(bill, 52_000, on=days_ago(30))
    office.reduces(bill, 30_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get(), cause=Cause.LAW_CHANGED, event_on=days_ago(1_000))
    assert refund.interest == 30_000 * 31 * 30 // 365_000 // 10 * 10


def test_one_payment_out_that_nobody_thought_of_keeps_no_other_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        pays(a_bill(), 60_000)
    office.deliver()
    for one in Refund.objects.order_by("pk"):
        an_account(one, office)
        office.pays_back(one)
    first, second = Leg.objects.order_by("pk")
    order: Any = order_transfer

    def fails(*, key: str, **facts: Any) -> Any:
        if key == first.transfer_key:
            raise RuntimeError("nobody thought of this")
        return order(key=key, **facts)

    monkeypatch.setattr(transfer, "order_transfer", fails)
    send_refunds(at=clock.now())
    assert [leg.status for leg in Leg.objects.order_by("pk")] == [LegStatus.READY, LegStatus.SENT]
    assert second.refund_id != first.refund_id
