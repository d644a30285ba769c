"""What a petitioner and the desks see, and what a stranger does not."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from accounts.access import Role
from accounts.models import Taxpayer
from appeals.models import Case
from appeals.selectors.judging import draft_hash
from appeals.services.look_at_files import look_at_files
from appeals.states import Outcome, Status
from billing.models import Bill
from core import clock
from receipts.models import Document
from receipts.rendering import fonts
from receipts.rendering.kinds import PAPERS
from receipts.rendering.paper import Issue
from receipts.services.issue_document import letterhead
from tests.appeals.bench_cast import carried, signed_by_members
from tests.appeals.cast import Court, Petitioner, a_fine, a_petitioner, days_ago, lines_of, today
from tests.appeals.test_files import a_picture
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.payments.test_cancellations import Desk
from tests.support.database import AsRole
from tests.support.faces import FaceClient

TYPED: dict[str, Any] = {"wish": "cancel", "grounds": "The car was sold.", "language": "ko", "do": "file"}


def browser_of(petitioner: Petitioner) -> FaceClient:
    client = FaceClient("public", petitioner.as_role)
    client.cookies[settings.SESSION_COOKIE_NAME] = petitioner.secret
    return client


def office_of(desk: Desk) -> FaceClient:
    client = FaceClient("office", desk.as_role)
    client.cookies[client.settings["SESSION_COOKIE_NAME"]] = desk.secret
    return client


@pytest.fixture
def owner(petitioner: Petitioner) -> FaceClient:
    return browser_of(petitioner)


@pytest.fixture
def bill(petitioner: Petitioner) -> BillFacts:
    return petitioner.bill


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_before_filing_the_page_says_what_waiting_costs(as_role: AsRole) -> None:
    petitioner = a_petitioner(as_role, a_bill(tax=1_000_000, education=300_000, due=days_ago(3)))
    page = text_of(browser_of(petitioner).get(f"/appeals/contest/{petitioner.bill.id}/"))
    assert "1,339,000" in page
    assert "제99조" in page


def test_the_bills_own_page_leads_there(as_role: AsRole, real_bill: BillFacts) -> None:
    petitioner = a_petitioner(as_role, real_bill)
    assert f"/appeals/contest/{petitioner.bill.id}/" in text_of(
        browser_of(petitioner).get(f"/bills/{petitioner.bill.id}/")
    )


def test_a_fine_is_told_its_own_way(owner: FaceClient, bill: BillFacts) -> None:
    fine = a_fine(bill)
    page = text_of(owner.get(f"/appeals/contest/{fine.id}/"))
    assert "60일" in page
    assert "질서위반행위규제법 제20조" in page
    assert '<form method="post"' not in page.split("<main")[1]


def test_a_fines_page_counts_the_days_to_object(owner: FaceClient, bill: BillFacts) -> None:
    address = f"/appeals/contest/{a_fine(bill).id}/"
    Bill.objects.update(issued_at=clock.now() - timedelta(days=100))
    page = text_of(owner.get(address, {"served_on": days_ago(59).isoformat()}))
    assert "과태료에 이의를 제기할 수 있는 마지막 날" in page
    assert "이미 지났" not in page
    assert "질서위반행위규제법 제21조 제1항" in page
    assert "이미 지났" in text_of(owner.get(address, {"served_on": days_ago(90).isoformat()}))
    for wrong in ("soon", days_ago(-1).isoformat(), days_ago(400).isoformat(), "1" * 5000):
        refused = owner.get(address, {"served_on": wrong})
        assert refused.status_code == 422
        assert f'value="{wrong}"' in text_of(refused)


def test_from_the_bill_to_the_receipt_with_what_was_typed_kept(owner: FaceClient, bill: BillFacts) -> None:
    begun = owner.post(f"/appeals/contest/{bill.id}/")
    case = Case.objects.get()
    address = f"/appeals/{case.pk}/write/"
    assert begun["Location"] == address
    half = owner.post(address, {"wish": "cancel", "language": "ko", "grounds": "half", "do": "save"})
    assert half["Location"] == address
    assert "half" in text_of(owner.get(address))
    wrong = owner.post(address, {**TYPED, "served_on": "2099-01-01", "grounds": "kept as typed", "wish": "reduce"})
    assert wrong.status_code == 422
    assert "kept as typed" in text_of(wrong)
    too_large = SimpleUploadedFile("x.pdf", b"%PDF-" + b"x" * 6_000_000)
    assert owner.post(address, {**TYPED, "served_on": today(), "file": too_large}).status_code == 422
    disguised = SimpleUploadedFile("x.png", b"<html>")
    assert owner.post(address, {**TYPED, "served_on": today(), "file": disguised}).status_code == 422
    good = SimpleUploadedFile("sold.png", a_picture())
    filed = owner.post(address, {**TYPED, "served_on": days_ago(1), "file": good, "unavailable": "2027-01-04"})
    assert filed["Location"] == f"/appeals/{case.pk}/filed/"
    case.refresh_from_db()
    assert (case.status, case.unavailable) == (Status.PENDING, ["2027-01-04"])
    receipt = text_of(owner.get(filed["Location"]))
    assert case.number is not None
    assert case.number in receipt
    assert "제96조" in receipt
    look_at_files(at=clock.now())
    page = text_of(owner.get(f"/appeals/{case.pk}/"))
    shown = owner.get(f"/appeals/{case.pk}/files/{case.files.get().pk}")
    assert shown["Content-Type"] == "image/png"
    assert "attachment" in shown["Content-Disposition"]
    assert "sold.png" in page
    assert case.number in text_of(owner.get("/appeals/"))


def test_somebody_else_sees_nothing_by_any_door(petitioner: Petitioner, as_role: AsRole) -> None:
    case = petitioner.files()
    stranger = browser_of(a_petitioner(as_role))
    for path in ("", "write/", "filed/", "files/1"):
        assert stranger.get(f"/appeals/{case.pk}/{path}").status_code == 404
    assert stranger.get(f"/appeals/contest/{petitioner.bill.id}/").status_code == 404
    assert stranger.post(f"/appeals/{case.pk}/withdraw/", {"sure": "on"}).status_code == 404
    far = officer_client(as_role, "far@example.kr", Role.COURT_CLERK, body="11140")
    assert far.get(f"/appeals/{case.pk}/").status_code == 404
    assert str(case.number) not in text_of(far.get("/appeals/"))
    auditor = officer_client(as_role, "auditor@example.kr", Role.AUDITOR)
    assert auditor.get(f"/appeals/{case.pk}/").status_code == 403


def test_clerk_office_and_chair_at_their_desks(petitioner: Petitioner, court: Court, as_role: AsRole) -> None:
    case = petitioner.files()
    address = f"/appeals/{case.pk}/"
    clerk = officer_client(as_role, "c@example.kr", Role.COURT_CLERK)
    assessor = officer_client(as_role, "a@example.kr", Role.ASSESSOR, body="11110")
    assert str(case.number) in text_of(clerk.get("/appeals/"))
    assert clerk.get("/appeals/", {"q": str(case.number)})["Location"] == address
    assert clerk.post(address + "ask/", {"text": "Which day?", "days": 5}).status_code == 422
    assert clerk.post(address + "ask/", {"text": "Which day?", "days": 20}).status_code == 302
    owner = browser_of(petitioner)
    assert "Which day?" in text_of(owner.get(address))
    assert owner.post(address + "mend/", {"text": ""}).status_code == 422
    assert owner.post(address + "mend/", {"text": "Monday"}).status_code == 302
    assert clerk.post(address + "answer/", {"text": "x"}).status_code == 403
    assert assessor.post(address + "answer/", {"text": "It was levied so."}).status_code == 302
    assert "It was levied so." in text_of(owner.get(address))
    car, education = lines_of(petitioner.bill)
    ruled: dict[str, Any] = {
        "outcome": Outcome.CORRECTED.value, "reasons": "Half of it.",
        f"line_{car}": 20_000, f"line_{education}": 6_000,
    }  # fmt: skip
    assert clerk.post(address + "rule/", ruled).status_code == 422
    carried(case.pk, Outcome.CORRECTED, chair=court.chair.id)
    assert clerk.post(address + "rule/", ruled).status_code == 302
    assert "Half of it." not in text_of(owner.get(address))
    assert "Half of it." not in text_of(assessor.get(address))
    other = officer_client(as_role, "ch@example.kr", Role.CHAIR)
    assert "Half of it." not in text_of(other.get(address))
    chair = office_of(court.chair)
    assert "Half of it." in text_of(chair.get(address))
    inside = f"/appeals/bench/cases/{case.pk}/"
    assert court.chair.does(lambda: draft_hash(case.pk)) not in text_of(chair.get(inside))
    signed_by_members(case.pk, but=court.chair.id)
    read = court.chair.does(lambda: draft_hash(case.pk))
    assert read in text_of(chair.get(inside))
    assert chair.post(inside + "act/", {"do": "seal", "sha256": "yesterday"}).status_code == 422
    assert chair.post(inside + "act/", {"do": "seal", "sha256": read}).status_code == 302
    assert clerk.post(address + "serve/", {"how": "post", "on": today()}).status_code == 422
    assert clerk.post(address + "serve/", {"how": "post", "on": today(), "tracking": "R-1"}).status_code == 302
    told = {"do": "tell", "letter": "R-1", "says": "delivered", "day": today()}
    assert clerk.post(address + "deliveries/act/", told).status_code == 302
    court.deliver()
    page = text_of(owner.get(address))
    assert "Half of it." in page
    assert "R-1" in page
    assert assessor.get(address).status_code == 200


def test_a_clerk_takes_in_and_withdraws_at_the_counter(bill: BillFacts, as_role: AsRole) -> None:
    clerk = officer_client(as_role, "c@example.kr", Role.COURT_CLERK)
    assert clerk.post("/appeals/counter/", {"text": "1"}).status_code == 422
    begun = clerk.post("/appeals/counter/", {"text": bill.epay_number})
    case = Case.objects.get()
    assert begun["Location"] == f"/appeals/{case.pk}/"
    assert clerk.get(begun["Location"])["Location"] == f"/appeals/{case.pk}/write/"
    assert clerk.get(f"/appeals/{case.pk}/write/").status_code == 200
    assert clerk.post(f"/appeals/{case.pk}/write/", {**TYPED, "served_on": days_ago(1)}).status_code == 302
    assert clerk.get(f"/appeals/{case.pk}/filed/").status_code == 200
    assert clerk.post(f"/appeals/{case.pk}/withdraw/", {"sure": "on"}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.at_counter) == (Status.WITHDRAWN, True)


def test_the_ruling_on_paper_says_why_and_how_to_appeal(petitioner: Petitioner, court: Court) -> None:
    car, education = lines_of(petitioner.bill)
    reasons = "첫째, 차량을 이미 팔았다.\n둘째, 증거가 있다."
    case = court.rules(petitioner.files(), Outcome.CORRECTED, lines={car: 20_000, education: 6_000}, reasons=reasons)
    written = Document.objects.get(kind="ruling")
    fonts.register(settings.DOCUMENT_FONTS)
    paper = PAPERS["ruling"]
    issue = Issue(number=written.number, issued_at=written.requested_at, verify_url="https://etax.example.kr/x")
    drawn = paper.render(facts=paper.read(written.facts), letterhead=letterhead(), issue=issue)
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(drawn)).pages)
    name = Taxpayer.objects.get(pk=petitioner.bill.taxpayer_id).name
    for said in (str(case.number), name, "인용: 경정", "20,000", "둘째, 증거가 있다.", "조세심판원장", "제91조"):
        assert said in text
