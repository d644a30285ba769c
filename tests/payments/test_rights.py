"""What each face's login can and can't do with payments, whatever its process has become."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from payments.models import Attempt, AttemptItem
from payments.services import link_secret
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor
from tests.support.database import AsRole

MOVEMENT = json.dumps(
    {"id": "txn_forged", "kind": "approval", "amount": 52000, "currency": "KRW", "at": clock.now().isoformat()}
)


def run(statement: str, values: list[Any] | None = None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def visitor(as_role: AsRole, bill: BillFacts) -> Visitor:
    return a_visitor(as_role, bill)


def begin(visitor: Visitor, bill_id: int, **changes: object) -> Attempt:
    """Write an attempt as the public process could, honest or not."""
    facts: dict[str, object] = {
        "reference": "PAY-TEST",
        "channel": "card",
        "gateway": "sandbox_acquirer",
        "amount": 52_000,
        "session_mark": mark_of(visitor),
        "idempotency_key": "k",
        "language": "ko",
        "token_hash": b"x" * 32,
        "expires_at": clock.now() + timedelta(minutes=30),
    }
    with visitor.here(), transaction.atomic():
        attempt = Attempt.objects.create(**(facts | changes))
        AttemptItem.objects.create(attempt=attempt, bill_id=bill_id, channel="card", amount=52_000)
    return attempt


def mark_of(visitor: Visitor) -> str:
    with visitor.here(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT billing_session_mark()")
        return str(cursor.fetchone()[0])


def test_the_public_face_can_post_no_money(visitor: Visitor, bill: BillFacts) -> None:
    attempt = begin(visitor, bill.id)
    shares = f'[{{"bill_id": {bill.id}, "amount": 52000}}]'
    for statement, values in (
        ("SELECT payments_settle('sandbox_acquirer', %s, 0, %s, %s, NULL, now())", [attempt.pk, MOVEMENT, shares]),
        ("SELECT payments_settle_exactly('sandbox_acquirer', %s, %s, NULL, now())", [attempt.reference, MOVEMENT]),
        ("SELECT payments_suspend('sandbox_acquirer', 'X', %s, NULL, now())", [MOVEMENT]),
        ("SELECT billing_apply_payment(%s, 52000, now(), 'forged')", [bill.id]),
        ("SELECT payments_receive('sandbox_acquirer', 'd', 'x', '{}')", []),
        ("SELECT * FROM payments_payment", []),
        ("SELECT * FROM payments_inboxmessage", []),
        ("UPDATE payments_attempt SET status = 'paid'", []),
        ("UPDATE payments_attemptitem SET amount = 1", []),
    ):
        with visitor.here(), pytest.raises(DatabaseError, match="permission denied"):
            run(statement, values)


@pytest.mark.parametrize(
    "changes", [{"status": "paid"}, {"status": "waiting"}, {"session_mark": "0" * 64}, {"paid_at": clock.now()}]
)
def test_the_public_face_can_only_begin_a_payment_of_its_own_session(
    visitor: Visitor, bill: BillFacts, changes: dict[str, object]
) -> None:
    with pytest.raises(DatabaseError):
        begin(visitor, bill.id, **changes)


def test_the_public_face_cannot_begin_a_payment_in_the_name_of_an_account(visitor: Visitor, bill: BillFacts) -> None:
    with pytest.raises(DatabaseError, match="row-level security"):
        begin(visitor, bill.id, account_id=1)


def test_the_public_face_cannot_begin_a_payment_for_a_bill_it_may_not_see(visitor: Visitor) -> None:
    with pytest.raises(DatabaseError, match="row-level security"):
        begin(visitor, a_bill().id)


def test_no_step_of_the_public_face_leads_to_paid(visitor: Visitor, bill: BillFacts) -> None:
    begin(visitor, bill.id)
    for old, new in (("created", "paid"), ("waiting", "paid"), ("declined", "waiting"), ("confirming", "declined")):
        with visitor.here(), pytest.raises(DatabaseError, match="no way from"):
            run("SELECT payments_advance('secret', %s, %s, '{}')", [old, new])


def test_one_visitor_does_not_see_anothers_attempt_on_the_same_connection(
    visitor: Visitor, bill: BillFacts, as_role: AsRole
) -> None:
    begin(visitor, bill.id)
    other = a_visitor(as_role, bill)
    with visitor.here(), transaction.atomic():
        assert Attempt.objects.count() == 1
    with other.here(), transaction.atomic():
        assert Attempt.objects.count() == 0
        assert AttemptItem.objects.count() == 0
    with as_role("public"), transaction.atomic():
        assert Attempt.objects.count() == 0


def test_intake_reads_nothing_and_suspends_nothing(visitor: Visitor, bill: BillFacts, as_role: AsRole) -> None:
    begin(visitor, bill.id)
    for statement in (
        "SELECT * FROM payments_attempt",
        "SELECT * FROM payments_payment",
        "SELECT * FROM payments_inboxmessage",
        "SELECT payments_by_secret('x')",
        "SELECT payments_advance('x', 'created', 'waiting', '{}')",
        "INSERT INTO payments_inboxmessage (gateway) VALUES ('x')",
    ):
        with as_role("intake"), pytest.raises(DatabaseError, match="permission denied"):
            run(statement)


def test_nobody_changes_a_payment_that_is_written(db: None, as_role: AsRole) -> None:
    for face in ("office", "worker"):
        for statement in ("UPDATE payments_payment SET amount = 1", "DELETE FROM payments_payment"):
            with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
                run(statement)


def test_shares_that_do_not_sum_to_the_money_are_refused(visitor: Visitor, bill: BillFacts) -> None:
    attempt = begin(visitor, bill.id)
    shares = f'[{{"bill_id": {bill.id}, "amount": 51999}}]'
    with pytest.raises(DatabaseError, match="do not sum"):
        run("SELECT payments_settle('sandbox_acquirer', %s, 0, %s, %s, NULL, now())", [attempt.pk, MOVEMENT, shares])


@pytest.mark.parametrize("at", ["1900-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
def test_money_of_another_age_is_refused(visitor: Visitor, bill: BillFacts, at: str) -> None:
    attempt = begin(visitor, bill.id)
    movement = json.dumps({**json.loads(MOVEMENT), "at": at})
    shares = json.dumps([{"bill_id": bill.id, "amount": 52000}])
    with pytest.raises(DatabaseError, match="is not for attempt"):
        run("SELECT payments_settle('sandbox_acquirer', %s, 0, %s, %s, NULL, now())", [attempt.pk, movement, shares])


def test_an_attempt_settles_only_the_bills_it_was_made_for(visitor: Visitor, bill: BillFacts) -> None:
    attempt, other = begin(visitor, bill.id), a_bill()
    shares = json.dumps([{"bill_id": other.id, "amount": 52000}])
    with pytest.raises(DatabaseError, match="is not for attempt"):
        run("SELECT payments_settle('sandbox_acquirer', %s, 0, %s, %s, NULL, now())", [attempt.pk, MOVEMENT, shares])


@pytest.mark.parametrize("expires_at", ["infinity", "9999-12-31T23:59:59Z"])
def test_an_attempt_that_never_ends_cannot_be_begun_or_made(
    visitor: Visitor, bill: BillFacts, as_role: AsRole, expires_at: str
) -> None:
    attempt = begin(visitor, bill.id)
    with as_role("public"), connection.cursor() as cursor:
        values = [link_secret(attempt.reference), json.dumps({"expires_at": expires_at})]
        cursor.execute("SELECT payments_advance(%s, 'created', 'waiting', %s)", values)
    attempt.refresh_from_db()
    assert attempt.expires_at < clock.now() + timedelta(days=61)


def test_a_link_cannot_be_guessed_from_another(db: None) -> None:
    assert link_secret("PAY-1") != link_secret("PAY-2")
    assert len(link_secret("PAY-1")) == 27
