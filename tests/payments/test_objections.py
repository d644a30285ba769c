"""A cardholder objects at the card company: the bill is owed again, the city answers, and wins or loses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, connection

from accounts.access import Role
from accounts.models import Account, Relative
from billing import selectors as bills
from core import clock
from payments.models import Attempt, Dispute, DisputeFile, Payment, Reversal
from payments.services import link_secret
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import deliver
from tests.payments.test_cancellations import Desk, a_desk
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}
PDF = b"%PDF-1.7 the receipt of this payment"


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def paid(world: World, as_role: AsRole, bill: BillFacts) -> Attempt:
    visitor: Visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    assert deliver(world.heard(attempt_of(started).reference)) == "processed"
    assert balances() == PAID
    return attempt_of(started)


@pytest.fixture
def clerk(paid: Attempt, as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "clerk@example.kr", Role.COLLECTOR)


def objected(world: World, paid: Attempt, **facts: object) -> str:
    key = world.object_to(paid.reference, **facts)
    assert deliver(world.heard(paid.reference)) == "processed"
    return key


def test_an_objection_makes_the_bill_owed_again_and_has_a_day(world: World, paid: Attempt, bill: BillFacts) -> None:
    objected(world, paid, reason="not mine")
    assert balances() == OWED
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.reason, dispute.amount) == ("open", "not mine", 52_000)
    assert dispute.respond_by is not None
    assert dispute.respond_by > clock.now() + timedelta(days=9)
    assert Reversal.objects.get().kind == "chargeback"
    call_command("ledger_check")


def test_an_objection_that_nobody_told_us_of_is_found_with_its_day(world: World, paid: Attempt) -> None:
    world.fault(fault="callback_never", times=10, orderId=paid.reference)
    world.object_to(paid.reference)
    Attempt.objects.filter(pk=paid.pk).update(ask_at=clock.now())
    sweep_later(after=timedelta(seconds=1))
    assert balances() == OWED
    assert Dispute.objects.get().respond_by is not None


def test_evidence_goes_with_the_answer_and_a_won_objection_pays_as_of_the_first_day(
    world: World, paid: Attempt, clerk: FaceClient, bill: BillFacts
) -> None:
    key = objected(world, paid)
    dispute = Dispute.objects.get()
    page = f"/payments/objections/{dispute.pk}/"
    assert paid.reference in clerk.get("/payments/objections/").content.decode()
    for content, status in ((b"<html>", 422), (b"", 422), (PDF, 302)):
        upload = {"file": SimpleUploadedFile("영수증.pdf", content)}
        assert clerk.post(f"{page}evidence/", upload).status_code == status
    kept = DisputeFile.objects.get()
    assert clerk.get(f"{page}evidence/{kept.pk}").content == PDF
    assert clerk.post(f"{page}answer/", {"statement": ""}).status_code == 422
    assert clerk.post(f"{page}answer/", {"statement": "자동차세를 본인이 납부함"}).status_code == 302
    assert clerk.post(f"{page}answer/", {"statement": "again"}).status_code == 409
    world.fault(fault="lost_answer", endpoint="representment")
    sweep_later(after=timedelta(seconds=1))
    assert Dispute.objects.get().status == "sending"
    sweep_later(after=timedelta(minutes=10))
    assert Dispute.objects.get().status == "represented"
    told = world.acquirer.get(f"/v1/chargebacks/{key}").json()
    assert (told["statement"], [one["name"] for one in told["evidence"]]) == (
        "자동차세를 본인이 납부함",
        ["영수증.pdf"],
    )

    first = Payment.objects.get()
    world.decide(key, "won")
    assert deliver(world.heard(paid.reference)) == "processed"
    assert balances() == PAID
    again = Payment.objects.get(kind="representment")
    assert again.approved_at == first.approved_at
    assert Dispute.objects.get().status == "won"
    assert Attempt.objects.get().status == "paid"
    assert bills.owed(bill_ids=[bill.id], at=clock.now() + timedelta(days=300))[bill.id].total == 0
    call_command("ledger_check")


def test_a_lost_objection_leaves_the_bill_owed(world: World, paid: Attempt, clerk: FaceClient) -> None:
    key = objected(world, paid)
    world.decide(key, "lost")
    assert deliver(world.heard(paid.reference)) == "processed"
    assert Dispute.objects.get().status == "lost"
    assert balances() == OWED
    page = clerk.get(f"/payments/objections/{Dispute.objects.get().pk}/", headers={"Accept-Language": "en"})
    assert "Lost: the bill is owed" in page.content.decode()


def test_after_its_day_nothing_can_be_answered(world: World, paid: Attempt, clerk: FaceClient) -> None:
    objected(world, paid, respondWithin=0)
    dispute = Dispute.objects.get()
    answered = clerk.post(f"/payments/objections/{dispute.pk}/answer/", {"statement": "late"})
    assert answered.status_code == 409


def test_told_in_any_order_and_twice_it_ends_the_same(world: World, paid: Attempt) -> None:
    key = world.object_to(paid.reference)
    world.decide(key, "won")
    objection, won = world.heard(paid.reference), world.heard(paid.reference)
    for one in (won, objection, won, objection):
        deliver(one)
        sweep_later(after=timedelta(seconds=1))
    assert balances() == PAID
    assert Dispute.objects.get().status == "won"
    assert (Payment.objects.count(), Reversal.objects.count()) == (2, 1)
    call_command("ledger_check")


def test_nobody_answers_in_a_relatives_file_nor_by_raw_sql(
    world: World, paid: Attempt, bill: BillFacts, as_role: AsRole
) -> None:
    objected(world, paid)
    dispute = Dispute.objects.get()
    desk: Desk = a_desk(as_role, "relative@example.kr", Role.COLLECTOR)
    forged = "UPDATE payments_dispute SET status = 'won'"
    with pytest.raises(DatabaseError, match="permission denied"):
        desk.does(lambda: connection.cursor().execute(forged))
    Relative.objects.create(officer_id=desk.id, relation="parent", name="x", taxpayer_id=bill.taxpayer_id)
    clerk = officer_client(as_role, "district@example.kr", Role.COLLECTOR, body="11110")
    assert clerk.get(f"/payments/objections/{dispute.pk}/").status_code == 403

    def answers() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT payments_answer_dispute(%s, 'x', now())", [dispute.pk])
            return bool(cursor.fetchone()[0])

    assert not desk.does(answers)
    assert Account.objects.filter(pk=desk.id).exists()


def test_the_payer_is_told_in_plain_words(
    world: World, paid: Attempt, public_client: FaceClient, bill: BillFacts
) -> None:
    objected(world, paid)
    page = public_client.get(f"/payments/{link_secret(paid.reference)}/", headers={"Accept-Language": "en"})
    text = page.content.decode()
    assert "This payment was taken back" in text
    assert "Objection of the cardholder" in text
