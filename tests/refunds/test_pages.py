"""What a citizen and an officer see of refunds, and what a stranger does not."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from pypdf import PdfReader

from accounts.access import Role
from accounts.models import Taxpayer
from core import clock
from receipts.models import Document
from receipts.rendering import fonts
from receipts.rendering.kinds import PAPERS
from receipts.rendering.paper import Issue
from receipts.services.issue_document import letterhead
from refunds.models import Question, Refund
from refunds.services import nightly, talk
from refunds.states import Status, Way
from tests.billing.people import citizen_client, officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.refunds.cast import Office, pays
from tests.support.database import AsRole
from tests.support.faces import FaceClient

KOREAN = {"HTTP_ACCEPT_LANGUAGE": "ko"}


@pytest.fixture
def bill(db: None, office: Office) -> BillFacts:
    found = a_bill()
    pays(found, 60_000)
    office.deliver()
    return found


@pytest.fixture
def owner(bill: BillFacts, as_role: AsRole) -> FaceClient:
    return citizen_client(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))


def test_an_owner_sees_why_and_asks_once_for_how_it_goes_back(owner: FaceClient, bill: BillFacts) -> None:
    refund = Refund.objects.get()
    listed = owner.get("/refunds/").content.decode()
    assert "8,000" in listed
    page = owner.get(f"/refunds/{refund.pk}/").content.decode()
    assert refund.reference in page
    answer = owner.post(f"/refunds/{refund.pk}/", {"way": "set_off", "bill": ""})
    assert answer.status_code == 422
    assert owner.post(f"/refunds/{refund.pk}/", {"way": "donation"}).status_code == 302
    refund.refresh_from_db()
    assert (refund.way, refund.status) == (Way.DONATION, Status.OPENED)
    data = owner.get(f"/refunds/{refund.pk}/explain.json").json()
    assert (data["schema"], data["amount"]) == ("etax.refund.explain/1", 8_000)


def test_everything_is_asked_for_with_one_form(owner: FaceClient, bill: BillFacts, office: Office) -> None:
    assert 'name="way"' not in owner.get("/refunds/").content.decode()  # one refund has its own page
    pays(a_bill(of=bill), 60_000)
    pays(a_bill(of=bill), 60_000)
    pays(a_bill(of=bill), 60_000)
    pays(a_bill(), 60_000)
    office.deliver()
    decided, given, waiting, _ = Refund.objects.filter(taxpayer_id=bill.taxpayer_id).order_by("pk")
    stranger = Refund.objects.exclude(taxpayer_id=bill.taxpayer_id).get()
    office.assesses(decided)
    assert office.decides(decided) == "approved"
    assert 'name="way"' in owner.get("/refunds/").content.decode()
    assert owner.post(f"/refunds/{given.pk}/", {"way": "donation"}).status_code == 302
    for wrong in ("card", "set_off", "", "x"):
        assert owner.post("/refunds/", {"way": wrong}).status_code == 422
    said = owner.post("/refunds/", {"way": "account"}, headers={"accept-language": "en"}, follow=True)
    assert "noted for 2 refunds" in said.content.decode()
    for refund in (decided, given, waiting, stranger):
        refund.refresh_from_db()
    assert given.way == Way.DONATION  # what was chosen before stays
    assert (waiting.way, waiting.asked_by_id is not None) == (Way.ACCOUNT, True)
    assert (decided.asked_by_id, stranger.asked_by_id) == (None, None)


def test_a_set_off_against_a_bill_that_is_chosen(owner: FaceClient, bill: BillFacts, office: Office) -> None:
    coming = a_bill(of=bill)
    refund = Refund.objects.get()
    assert owner.post(f"/refunds/{refund.pk}/", {"way": "set_off", "bill": coming.id}).status_code == 302
    office.deliver()
    assert office.pays_back(refund, way=Way.SET_OFF).status == Status.PAID
    assert refund.set_offs.get().bill_id == coming.id
    assert not refund.set_offs.get().by_law


def test_somebody_else_sees_nothing(bill: BillFacts, as_role: AsRole) -> None:
    stranger = Taxpayer.objects.create(kind="individual", name="다른사람")
    client = citizen_client(as_role, stranger)
    refund = Refund.objects.get()
    assert client.get(f"/refunds/{refund.pk}/").status_code == 404
    assert client.post(f"/refunds/{refund.pk}/", {"way": "donation"}).status_code == 404
    assert client.get(f"/refunds/account/{bill.taxpayer_id}/").status_code == 404
    assert "8,000" not in client.get("/refunds/").content.decode()


def test_the_public_question_is_answered_to_registered_contacts_only(
    bill: BillFacts, public_client: FaceClient, office: Office
) -> None:
    Taxpayer.objects.filter(pk=bill.taxpayer_id).update(email="known@example.kr")
    asked = {"name": bill.payer, "born": "1850-03-01"}
    pages = [
        public_client.post("/refunds/ask/", said).content
        for said in (asked, asked, {"name": "아무개", "born": "1851-01-01"})
    ]
    assert pages[0] == pages[1] == pages[2]
    assert b"8,000" not in pages[0]
    talk(at=clock.now())
    assert [letter.to for letter in mail.outbox] == [["known@example.kr"]]  # one answer, however often it was asked
    assert "8,000" in mail.outbox[0].body
    assert not Question.objects.filter(answered_at=None).exists()
    assert public_client.post("/refunds/ask/", {"name": "x", "born": "yesterday"}).status_code == 422


def desk(as_role: AsRole, email: str, *roles: Role, body: str = "11110") -> FaceClient:
    return officer_client(as_role, email, *roles, body=body)


def test_two_officers_at_their_desks(owner: FaceClient, bill: BillFacts, as_role: AsRole, office: Office) -> None:
    refund = Refund.objects.get()
    clerk = desk(as_role, "desk1@example.kr", Role.COLLECTOR)
    assert refund.reference in clerk.get("/refunds/").content.decode()
    assert refund.reference in clerk.get(f"/refunds/?q={refund.reference.lower()}%00").content.decode()
    assert owner.post(f"/refunds/{refund.pk}/", {"way": "donation"}).status_code == 302
    said: dict[str, Any] = {"believed": 8_000, "cause": "paid_by_mistake", "way": "donation", "reason": "looked at"}
    assert clerk.post(f"/refunds/{refund.pk}/assess/", {**said, "believed": 9_000}).status_code == 422
    assert clerk.post(f"/refunds/{refund.pk}/assess/", said).status_code == 302
    office.deliver()
    second = desk(as_role, "desk2@example.kr", Role.REFUND_APPROVER)
    assert second.get(f"/refunds/{refund.pk}/").status_code == 200
    wrong = {"believed": 8_000, "verdict": "reject", "reason": ""}
    assert second.post(f"/refunds/{refund.pk}/approve/", wrong).status_code == 422
    answer = second.post(f"/refunds/{refund.pk}/approve/", {"believed": 8_000, "verdict": "approve"})
    assert answer.status_code == 302, answer.content.decode()
    office.deliver()
    refund.refresh_from_db()
    assert refund.status == Status.PAID
    assert second.get("/refunds/?status=paid").status_code == 200
    assert second.get("/refunds/unclaimed/").status_code == 200


def test_another_district_sees_nothing_of_it(bill: BillFacts, as_role: AsRole) -> None:
    clerk = desk(as_role, "far@example.kr", Role.COLLECTOR, body="11140")
    refund = Refund.objects.get()
    assert refund.reference not in clerk.get("/refunds/").content.decode()
    assert clerk.get(f"/refunds/{refund.pk}/").status_code == 404


def test_a_batch_is_approved_whole_without_its_sample(bill: BillFacts, as_role: AsRole, office: Office) -> None:
    while Refund.objects.count() < 11:
        pays(a_bill(), 60_000)
        office.deliver()
    for refund in Refund.objects.all():
        office.assesses(refund, way=Way.DONATION)
    second = desk(as_role, "desk2@example.kr", Role.REFUND_APPROVER)
    page = second.get("/refunds/?status=assessed").content.decode()
    every = [f"{one.pk}:{one.available}" for one in Refund.objects.all()]
    free = [pair for pair in every if int(pair.partition(":")[0]) % 10]
    assert len(free) < len(every)
    assert all(f'value="{pair}"' in page for pair in free)
    assert page.count('name="refund"') == len(free)
    second.post("/refunds/approve/", {"refund": every})
    assert not Refund.objects.filter(status=Status.APPROVED).exists()
    second.post("/refunds/approve/", {"refund": free})
    assert Refund.objects.filter(status=Status.APPROVED).count() == len(free)


def test_what_nobody_claims_is_told_of_and_ends(bill: BillFacts, office: Office) -> None:
    Taxpayer.objects.filter(pk=bill.taxpayer_id).update(email="known@example.kr")
    refund = Refund.objects.get()
    before = clock.now() + timedelta(days=5 * 365 - 100)
    nightly(at=before)
    nightly(at=before)
    assert len(mail.outbox) == 1
    letter = Document.objects.get(kind="refund")
    assert (letter.taxpayer_id, letter.facts["lines"][0]["amount"]) == (bill.taxpayer_id, refund.amount)
    nightly(at=clock.now() + timedelta(days=5 * 366))
    refund.refresh_from_db()
    assert refund.status == Status.LAPSED


def test_the_letter_of_a_decision_says_how_much_and_why(bill: BillFacts, office: Office) -> None:
    refund = office.pays_back(Refund.objects.get())
    letter = Document.objects.get(kind="refund", reference=f"{refund.reference}/decided")
    fonts.register(settings.DOCUMENT_FONTS)
    paper = PAPERS["refund"]
    issue = Issue(number=letter.number, issued_at=letter.requested_at, verify_url="https://etax.example.kr/x")
    drawn = paper.render(facts=paper.read(letter.facts), letterhead=letterhead(), issue=issue)
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(drawn)).pages)
    for said in (bill.payer, refund.reference, "8,000", "착오·초과 납부", "종로구청장"):
        assert said in text
