"""Money that fits nothing is assigned or sent back, a silent payment ended, by two officers; messages replayed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from accounts.access import Role
from accounts.models import Officer, Relative
from billing.models import Bill
from core import clock
from core.models import Event
from payments import services, suspended
from payments.checks import payments_as_sealed
from payments.gateways.base import Movement, MovementKind
from payments.models import ForcedState, InboxMessage, Payment, SuspenseCase
from payments.services import AskedAlready, DecidedByAnother, NothingInSuspense, UnableToReverse
from payments.states import Status
from receipts.models import Document
from tests.accounts.people import officer, sign_in
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import arrive
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk, a_desk
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

SOURCE = "statement:088"
OWED = {"receivable": 52_000, "revenue": -52_000}


def money_of_nobody(amount: int = 52_000, *, name: str = "M-1", days: int = 0) -> Payment:
    came = Movement(id=name, kind=MovementKind.DEPOSIT, amount=amount, at=clock.now() - timedelta(days=days))
    done = services.suspend(gateway=SOURCE, reference="GIRO", movement=came, at=clock.now())
    return Payment.objects.get(pk=done.payment_id)


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def treasurer(db: None, as_role: AsRole) -> Desk:
    return a_desk(as_role, "treasurer@example.kr", Role.TREASURER, Role.APPROVER)


@pytest.fixture
def approver(db: None, as_role: AsRole) -> Desk:
    return a_desk(as_role, "approver@example.kr", Role.APPROVER)


def asks_to_assign(desk: Desk, money: Payment, bill: BillFacts) -> int:
    facts: dict[str, Any] = {
        "payment_id": money.pk,
        "bill_id": bill.id,
        "reason": "by telephone",
        "officer_id": desk.id,
    }
    return int(desk.does(lambda: services.ask_to_assign(**facts, at=clock.now())))


def asks_to_return(desk: Desk, money: Payment) -> int:
    to = services.Account("088", "110-000-000000", "홍길동")
    facts: dict[str, Any] = {"payment_id": money.pk, "to": to, "reason": "not ours", "officer_id": desk.id}
    return int(desk.does(lambda: services.ask_to_return(**facts, at=clock.now())))


def decides(desk: Desk, case: int, *, granted: bool = True) -> None:
    facts: dict[str, Any] = {"case_id": case, "granted": granted, "officer_id": desk.id}
    desk.does(lambda: services.decide_suspense(**facts, at=clock.now()))


def test_two_officers_assign_money_and_the_bill_is_paid_as_of_when_it_came(
    treasurer: Desk, approver: Desk, as_role: AsRole
) -> None:
    late = a_bill(due=clock.local_date(clock.now()) - timedelta(days=3))
    money = money_of_nobody(days=5)  # came in time, was assigned after the due date
    case = asks_to_assign(treasurer, money, late)
    assert balances() == {"clearing": 52_000, "suspense": -52_000, **OWED}
    decides(approver, case)
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    assigned = SuspenseCase.objects.get().assigned
    assert assigned is not None
    assert assigned.approved_at == money.approved_at
    assert Document.objects.get(taxpayer_id=late.taxpayer_id).facts["total"] == 52_000
    assert not suspended.in_suspense().exists()
    assert Event.objects.filter(topic="payments.suspense_assigned.v1").count() == 1
    call_command("ledger_check")
    assert list(payments_as_sealed()) == []


def test_money_that_goes_back_is_to_be_paid_back_from_then_on(treasurer: Desk, approver: Desk, bill: BillFacts) -> None:
    decides(approver, asks_to_return(treasurer, money_of_nobody(7_000)))
    assert balances() == {"clearing": 7_000, "refund_payable": -7_000, **OWED}
    assert Event.objects.get(topic="payments.suspense_to_return.v1").payload["amount"] == 7_000
    call_command("ledger_check")


def test_nobody_decides_about_what_they_asked_for_and_nobody_twice(
    treasurer: Desk, approver: Desk, bill: BillFacts
) -> None:
    money = money_of_nobody()
    case = asks_to_assign(treasurer, money, bill)
    with pytest.raises(AskedAlready):
        asks_to_return(treasurer, money)
    with pytest.raises(DecidedByAnother):
        decides(treasurer, case)
    decides(approver, case, granted=False)
    with pytest.raises(DecidedByAnother):
        decides(approver, case)
    assert balances()["suspense"] == -52_000
    asks_to_return(treasurer, money)  # what was not approved can be asked for otherwise


def test_an_approver_assigns_nothing_to_the_bill_of_a_relative(
    treasurer: Desk, approver: Desk, bill: BillFacts
) -> None:
    Relative.objects.create(officer_id=approver.id, relation="parent", name="x", taxpayer_id=bill.taxpayer_id)
    case = asks_to_assign(treasurer, money_of_nobody(), bill)
    with pytest.raises(DecidedByAnother):
        decides(approver, case)


def test_nobody_asks_for_money_to_pay_their_own_bill(treasurer: Desk, as_role: AsRole, bill: BillFacts) -> None:
    money = money_of_nobody()
    client = officer_client(as_role, "own@example.kr", Role.TREASURER)
    own = Officer.objects.get(account__email="own@example.kr")
    for officer_id in (treasurer.id, own.pk):
        Relative.objects.create(officer_id=officer_id, relation="self", name="x", taxpayer_id=bill.taxpayer_id)
    with pytest.raises(DatabaseError, match="row-level security"):
        asks_to_assign(treasurer, money, bill)
    typed = {"epay_number": Bill.objects.get(pk=bill.id).epay_number, "reason": "mine"}
    answer = client.post(f"/payments/suspense/{money.pk}/assign/", typed, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "This file is your own" in answer.content.decode()
    assert not SuspenseCase.objects.exists()


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_offices_own_login_can_write_no_decision(treasurer: Desk, bill: BillFacts) -> None:
    money = money_of_nobody()
    case = asks_to_assign(treasurer, money, bill)
    for statement in (
        "UPDATE payments_suspensecase SET status = 'rejected', decided_by_id = asked_by_id + 1, decided_at = now()",
        "INSERT INTO payments_suspensecase (payment_id, way, amount, bill_id, bank, number, holder, reason, status, "
        f"asked_by_id, asked_at) VALUES ({money.pk}, 'assign', 1, {bill.id}, '', '', '', 'x', 'done', "
        f"{treasurer.id}, now())",
        f"SELECT payments_close_suspense(c, now()) FROM payments_suspensecase c WHERE c.id = {case}",
        "UPDATE payments_attempt SET status = 'expired'",
    ):
        with pytest.raises(DatabaseError):
            treasurer.does(partial(execute, statement))
    assert balances()["suspense"] == -52_000


def test_a_district_has_no_part_in_it(as_role: AsRole, bill: BillFacts, approver: Desk) -> None:
    money = money_of_nobody()
    district = a_desk(as_role, "gu@example.kr", Role.COLLECTOR, Role.APPROVER, body="11110")
    with pytest.raises(DatabaseError):
        asks_to_assign(district, money, bill)


def test_what_the_bank_takes_back_meanwhile_is_not_assigned(treasurer: Desk, approver: Desk, bill: BillFacts) -> None:
    case = asks_to_assign(treasurer, money_of_nobody(), bill)
    taken = Movement(id="M-1-back", kind=MovementKind.DEPOSIT_RETURN, amount=52_000, at=clock.now())
    services.reverse(gateway=SOURCE, reference="GIRO", movement=taken, of_movement="M-1", at=clock.now())
    with pytest.raises(NothingInSuspense):
        decides(approver, case)
    assert balances() == OWED


def test_what_the_bank_takes_back_afterwards_is_owed_again(treasurer: Desk, approver: Desk, bill: BillFacts) -> None:
    decides(approver, asks_to_assign(treasurer, money_of_nobody(), bill))
    taken = Movement(id="M-1-back", kind=MovementKind.DEPOSIT_RETURN, amount=52_000, at=clock.now())
    services.reverse(gateway=SOURCE, reference="GIRO", movement=taken, of_movement="M-1", at=clock.now())
    assert balances() == OWED
    call_command("ledger_check")


def test_what_is_being_sent_back_is_not_taken_back_as_well(treasurer: Desk, approver: Desk, bill: BillFacts) -> None:
    decides(approver, asks_to_return(treasurer, money_of_nobody()))
    taken = Movement(id="M-1-back", kind=MovementKind.DEPOSIT_RETURN, amount=52_000, at=clock.now())
    with pytest.raises(UnableToReverse):
        services.reverse(gateway=SOURCE, reference="GIRO", movement=taken, of_movement="M-1", at=clock.now())


def test_two_approvers_at_once_assign_it_once(
    treasurer: Desk, approver: Desk, bill: BillFacts, as_role: AsRole, database_name: str
) -> None:
    other = a_desk(as_role, "other@example.kr", Role.APPROVER)
    case = asks_to_assign(treasurer, money_of_nobody(), bill)

    def deciding(desk: Desk) -> Callable[[AsRole], str]:
        def call(as_role: AsRole) -> str:
            try:
                decides(Desk(as_role, desk.secret, desk.id), case)
            except DecidedByAnother:
                return "too late"
            return "decided"

        return call

    assert sorted(at_once(database_name, [deciding(approver), deciding(other)])) == ["decided", "too late"]
    assert Payment.objects.filter(gateway="suspense").count() == 1


@pytest.mark.socket
def test_the_page_names_bills_that_the_money_may_be_for(
    office_client: FaceClient, world: World, as_role: AsRole, bill: BillFacts
) -> None:
    a_visitor(as_role, bill).starts_account(bill)
    money = money_of_nobody()
    sign_in(office_client, officer("treasurer@example.com", Role.TREASURER))
    page = office_client.get(f"/payments/suspense/{money.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert bill.epay_number in page
    assert "Somebody began to pay exactly this sum" in page
    listed = office_client.get("/payments/suspense/", headers={"Accept-Language": "en"}).content.decode()
    assert f"/payments/suspense/{money.pk}/" in listed


def test_a_wrong_number_keeps_what_was_typed(office_client: FaceClient, bill: BillFacts) -> None:
    money = money_of_nobody()
    sign_in(office_client, officer("treasurer@example.com", Role.TREASURER))
    for number, said in (("0" * 19, "No bill has this number."), ("12", "19 digits")):
        typed = {"epay_number": number, "reason": "by telephone"}
        answer = office_client.post(f"/payments/suspense/{money.pk}/assign/", typed, headers={"Accept-Language": "en"})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "by telephone" in answer.content.decode()


@pytest.mark.socket
def test_two_officers_end_a_payment_whose_gateway_is_silent_and_its_money_is_still_written(
    world: World, as_role: AsRole, bill: BillFacts, treasurer: Desk, approver: Desk
) -> None:
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    attempt = attempt_of(started)
    facts: dict[str, Any] = {
        "attempt_id": attempt.pk,
        "becomes": Status.EXPIRED,
        "reason": "closed",
        "officer_id": treasurer.id,
    }
    wish = treasurer.does(lambda: services.ask_to_force(**facts, at=clock.now()))
    told: dict[str, Any] = {"forcing_id": wish, "granted": True, "at": clock.now()}
    with pytest.raises(DecidedByAnother):
        treasurer.does(lambda: services.decide_forcing(**told, officer_id=treasurer.id))
    approver.does(lambda: services.decide_forcing(**told, officer_id=approver.id))
    attempt.refresh_from_db()
    assert (attempt.status, attempt.failure, attempt.ask_at) == ("expired", "forced", None)
    assert not attempt.items.filter(live=True).exists()
    came = Movement(id="LATE", kind=MovementKind.APPROVAL, amount=52_000, at=clock.now())
    services.settle(gateway=attempt.gateway, reference=attempt.reference, movement=came, at=clock.now())
    attempt.refresh_from_db()
    assert attempt.status == "paid"
    assert ForcedState.objects.get().status == "done"


@pytest.mark.socket
def test_a_message_set_aside_is_looked_at_again_by_an_officers_word(
    office_client: FaceClient, world: World, db: None
) -> None:
    arrive(b"nonsense")
    message = InboxMessage.objects.get()
    before = message.verdict
    sign_in(office_client, officer("treasurer@example.com", Role.TREASURER))
    assert office_client.post(f"/payments/inbox/{message.pk}/again/").status_code == 302
    message.refresh_from_db()
    assert message.verdict == "received"
    sweep_later(after=timedelta(minutes=1))
    message.refresh_from_db()
    assert message.verdict == before
    InboxMessage.objects.update(verdict="processed")
    office_client.post(f"/payments/inbox/{message.pk}/again/")
    message.refresh_from_db()
    assert message.verdict == "processed"
