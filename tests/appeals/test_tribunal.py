"""A bill before the Tax Tribunal: recorded, answered, sent with its file, and its decision carried out."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from accounts.access import Role
from appeals import services
from appeals.models import Entry, Referral, ReferralFile
from appeals.selectors import tribunal
from appeals.services import NotLinesOfTheBill, NotYoursToDo, StaleRuling
from appeals.services import tribunal as acts
from appeals.services.asking import one
from appeals.services.desk import TribunalSeized
from appeals.services.referral_file import make_file
from appeals.services.tribunal import Decision, NotSeized, Seized, carry_out_tribunal
from appeals.states import Event, Outcome
from appeals.tribunal_states import ReferralStatus, Route, TribunalOutcome
from billing.models import Bill, BillChange, BillFact
from billing.selectors.city import dated_tables
from core import clock
from receipts.models import Document
from receipts.rendering import fonts
from receipts.rendering.kinds import PAPERS
from receipts.rendering.paper import Issue
from receipts.services.issue_document import letterhead
from refunds.models import Refund
from tests.appeals.cast import Court, Petitioner, a_fine, a_petitioner, days_ago, lines_of, today
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.payments.cast import BillFacts
from tests.payments.test_cancellations import Desk, a_desk
from tests.refunds.cast import pays
from tests.support.database import AsRole


@pytest.fixture
def approver(as_role: AsRole) -> Desk:
    return a_desk(as_role, "approver@example.kr", Role.APPROVER, body="11110")


def seizes(petitioner: Petitioner, bill: BillFacts | None = None, *, days: int = 1) -> Referral:
    said = Seized(seized_on=days_ago(days), heard_on=today(), claims="All of it is wrong.")
    bill_id = (bill or petitioner.bill).id
    return Referral.objects.get(pk=petitioner.does(lambda: acts.seize(bill_id=bill_id, said=said, at=clock.now())))


def answers(desk: Desk, referral: Referral) -> None:
    desk.does(
        lambda: acts.answer(referral_id=referral.pk, text="It was levied so.", officer_id=desk.id, at=clock.now())
    )


def makes_file(desk: Desk, referral: Referral) -> None:
    def make() -> None:
        shown = tribunal.referral(referral.pk, at=clock.now(), staff=True)
        make_file(referral=shown, officer_id=desk.id, at=clock.now())

    desk.does(make)


def writes(desk: Desk, referral: Referral, outcome: TribunalOutcome, **lines: int) -> None:
    says = Decision(
        outcome=outcome, decided_on=today(), told_on=today(), lines={int(line[1:]): won for line, won in lines.items()}
    )
    desk.does(lambda: acts.write_decision(referral_id=referral.pk, says=says, officer_id=desk.id, at=clock.now()))


def confirms(desk: Desk, referral: Referral) -> None:
    read = desk.does(lambda: tribunal.decision_hash(referral.pk))
    desk.does(lambda: acts.confirm_decision(referral_id=referral.pk, sha256=read, officer_id=desk.id, at=clock.now()))


def test_the_file_has_its_pages_index_and_hash_and_a_signed_cover(
    as_role: AsRole, court: Court, real_bill: BillFacts
) -> None:
    fonts.register(settings.DOCUMENT_FONTS)
    petitioner = a_petitioner(as_role, real_bill)
    case = petitioner.files(grounds="차량을 이미 팔았습니다.")
    court.rules(case, Outcome.REJECTED, reasons="이유 없습니다.")
    referral = seizes(petitioner, days=0)
    assert (referral.route, referral.case_id) == (Route.DECIDED, case.pk)
    with pytest.raises(NotYoursToDo):
        makes_file(court.clerk, referral)
    answers(court.assessor, referral)
    makes_file(court.clerk, referral)
    court.deliver()
    kept = ReferralFile.objects.get()
    content = bytes(kept.content)
    assert hashlib.sha256(content).hexdigest() == kept.sha256
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    assert kept.pages == len(pages)
    text = "\n".join(pages)
    for said in (
        "차량을 이미 팔았습니다.",
        "이유 없습니다.",
        "It was levied so.",
        "All of it is wrong.",
    ):
        assert said in text
    for title, page in kept.index:
        assert title[:8] in pages[page - 1]
    cover = Document.objects.get(kind="referral")
    assert cover.facts["sha256"] == kept.sha256
    paper = PAPERS["referral"]
    issue = Issue(number=cover.number, issued_at=cover.requested_at, verify_url="https://etax.example.kr/x")
    drawn = paper.render(facts=paper.read(cover.facts), letterhead=letterhead(), issue=issue)
    printed = "\n".join(page.extract_text() for page in PdfReader(BytesIO(drawn)).pages)
    assert kept.sha256[:32] in printed
    assert referral.number in printed
    assert petitioner.does(lambda: tribunal.file_of(referral.pk)) == content
    with pytest.raises(NotYoursToDo):
        answers(court.assessor, referral)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReferralFile.objects.update(pages=1)


def test_the_office_answers_in_ten_days_off_days_of_rest(petitioner: Petitioner, court: Court) -> None:
    seizes(petitioner)
    court.deliver()
    assert BillFact.objects.get(kind="contest").ended_on is None
    (shown,) = court.clerk.does(lambda: tribunal.desk(at=clock.now()))
    assert shown.due is not None
    assert 10 <= shown.due.left <= 16
    assert "제69조" in shown.due.steps[0].article
    (late,) = court.clerk.does(lambda: tribunal.desk(at=clock.now() + timedelta(days=20)))
    assert late.red


def test_upheld_in_part_by_two_officers_and_the_money_opens(
    petitioner: Petitioner, court: Court, approver: Desk
) -> None:
    pays(petitioner.bill, 52_000)
    referral = seizes(petitioner)
    assert referral.route == Route.DIRECT
    car, education = lines_of(petitioner.bill)
    with pytest.raises(NotLinesOfTheBill):
        writes(court.clerk, referral, TribunalOutcome.CORRECTED)
    writes(court.clerk, referral, TribunalOutcome.CORRECTED, **{f"l{car}": 20_000, f"l{education}": 6_000})
    court.deliver()
    assert not BillChange.objects.filter(kind="reduce").exists()
    read = approver.does(lambda: tribunal.decision_hash(referral.pk))
    writes(court.clerk, referral, TribunalOutcome.CORRECTED, **{f"l{car}": 30_000, f"l{education}": 6_000})
    with pytest.raises(StaleRuling):
        approver.does(
            lambda: acts.confirm_decision(referral_id=referral.pk, sha256=read, officer_id=approver.id, at=clock.now())
        )
    confirms(approver, referral)
    court.deliver()
    refund = Refund.objects.get()
    assert (refund.amount, refund.final_on) == (16_000, today())
    change = BillChange.objects.get(kind="reduce")
    assert change.asked_by_id == court.clerk.id
    assert BillFact.objects.get(kind="contest").ended_on == today()
    carry_out_tribunal(referral_id=referral.pk, at=clock.now())  # once more it does nothing
    assert BillChange.objects.filter(kind="reduce").count() == 1
    seen = petitioner.does(lambda: tribunal.referral(referral.pk, at=clock.now()))
    assert [money.amount for money in seen.money] == [16_000]


def test_cancelled_rejected_and_one_at_a_time(petitioner: Petitioner, court: Court, approver: Desk) -> None:
    first = seizes(petitioner)
    assert seizes(petitioner).pk == first.pk
    writes(court.clerk, first, TribunalOutcome.REJECTED)  # moves nothing, so nobody else need confirm
    first.refresh_from_db()
    assert first.status == ReferralStatus.DECIDED
    with pytest.raises(DatabaseError), transaction.atomic():
        Referral.objects.update(outcome=TribunalOutcome.CANCELLED)
    second = seizes(petitioner)
    assert second.pk != first.pk
    writes(court.clerk, second, TribunalOutcome.CANCELLED)
    with pytest.raises(NotYoursToDo):
        confirms(court.clerk, second)
    confirms(approver, second)
    court.deliver()
    assert Bill.objects.get(pk=petitioner.bill.id).status == "cancelled"


def test_an_objection_filed_after_the_tribunal_was_seized_is_only_dismissed(
    petitioner: Petitioner, court: Court
) -> None:
    seizes(petitioner)
    case = petitioner.files()
    with pytest.raises(TribunalSeized):
        court.drafts(case, Outcome.CANCELLED)
    court.drafts(case, Outcome.DISMISSED)


def test_seized_while_an_objection_runs_it_stands_on_the_docket(
    as_role: AsRole, petitioner: Petitioner, court: Court
) -> None:
    case = petitioner.files()
    referral = seizes(petitioner, days=0)
    assert referral.route == Route.UNDECIDED
    assert Entry.objects.get(case=case, event=Event.TRIBUNAL_SEIZED).text == today().isoformat()
    court.deliver()
    petitioner.does(lambda: services.withdraw(case_id=case.pk, reason="", at=clock.now()))
    court.deliver()
    assert BillFact.objects.get(kind="contest").ended_on is None  # the Tribunal has it


def test_who_may_not_and_what_is_no_tax(petitioner: Petitioner, court: Court, as_role: AsRole) -> None:
    referral = seizes(petitioner)
    far = a_desk(as_role, "far@example.kr", Role.COURT_CLERK, Role.ASSESSOR, body="11140")
    for work in (answers, makes_file):
        with pytest.raises((NotYoursToDo, tribunal.NoSuchReferral)):
            work(far, referral)
    stranger = a_petitioner(as_role)
    with pytest.raises(tribunal.NoSuchReferral):
        stranger.does(lambda: tribunal.referral(referral.pk, at=clock.now()))
    with pytest.raises(NotSeized):
        seizes(stranger, petitioner.bill)
    with pytest.raises(NotSeized):
        seizes(petitioner, a_fine(petitioner.bill))


def test_what_a_seal_closes_stays_closed_here(petitioner: Petitioner, court: Court, approver: Desk) -> None:
    case = petitioner.files()
    referral = seizes(petitioner, days=0)
    court.clerk.does(
        lambda: one("SELECT appeals_seal_it(%s, NULL, NULL, %s, %s, %s)", [case.pk, a_ground(), "Trade.", clock.now()])
    )
    for desk in (court.assessor, approver):
        with pytest.raises(tribunal.NoSuchReferral):
            desk.does(lambda: tribunal.referral(referral.pk, at=clock.now()))
        assert desk.does(lambda: tribunal.desk(at=clock.now())) == []
    with pytest.raises(NotYoursToDo):
        answers(court.assessor, referral)
    assert court.clerk.does(lambda: tribunal.referral(referral.pk, at=clock.now())).case_id == case.pk


def a_ground() -> str:
    grounds = dated_tables().at("appeal_sealing", today()).body["grounds"]
    return str(next(iter(grounds)))


def test_from_page_to_page(petitioner: Petitioner, court: Court, approver: Desk) -> None:
    owner, clerk, second = browser_of(petitioner), office_of(court.clerk), office_of(approver)
    assessor = office_of(court.assessor)
    saying = f"/appeals/tribunal/bills/{petitioner.bill.id}/"
    assert saying in text_of(owner.get(f"/appeals/contest/{petitioner.bill.id}/"))
    wrong = owner.post(saying, {"seized_on": "2099-01-01", "claims": "kept as typed"})
    assert wrong.status_code == 422
    assert "kept as typed" in text_of(wrong)
    said = owner.post(saying, {"seized_on": days_ago(1), "claims": "All of it."})
    referral = Referral.objects.get()
    address = f"/appeals/tribunal/{referral.pk}/"
    assert said["Location"] == address
    assert "All of it." in text_of(owner.get(address))
    assert address in text_of(owner.get("/appeals/tribunal/"))
    found = clerk.post("/appeals/tribunal/", {"text": petitioner.bill.epay_number})
    assert found["Location"] == saying
    assert clerk.get(saying).status_code == 200
    assert clerk.post(saying, {"seized_on": days_ago(1), "heard_on": today()})["Location"] == address
    assert referral.number in text_of(assessor.get("/appeals/tribunal/"))
    assert assessor.post(address + "act/", {"do": "answer", "text": ""}).status_code == 422
    assert assessor.post(address + "act/", {"do": "answer", "text": "It was levied so."}).status_code == 302
    shown = text_of(clerk.get(address))
    assert "It was levied so." in shown
    assert f"/bills/{petitioner.bill.id}/" not in shown  # a clerk opens no bills
    typed: dict[str, Any] = {"do": "decide", "outcome": "cancelled", "decided_on": today(), "told_on": today()}
    assert clerk.post(address + "act/", {**typed, "told_on": days_ago(1)}).status_code == 422
    assert clerk.post(address + "act/", typed).status_code == 302
    assert "취소" not in text_of(owner.get(address))
    read = approver.does(lambda: tribunal.decision_hash(referral.pk))
    assert read in text_of(second.get(address))
    assert second.post(address + "act/", {"do": "confirm", "sha256": read}).status_code == 302
    court.deliver()
    page = text_of(owner.get(address))
    assert "취소" in page
    assert owner.get(address + "file.pdf").status_code == 404
