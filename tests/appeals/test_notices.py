"""An assessment that is noticed before it is made (과세예고), and the review that keeps it waiting (과세전적부심사)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Event as Signal
from time import monotonic
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from appeals import services
from appeals.models import Case, Entry, Notice
from appeals.notice_states import NoReview, NoticeGround, NoticeStatus
from appeals.selectors import cases, notices
from appeals.services import NotContestable, NotYoursToDo, NotYoursToWrite, Petition
from appeals.services import notices as acts
from appeals.services.intended import issue_due, tell_of_notices
from appeals.services.notices import MoreTimeIsLeft, NotEarly, NoticeLine, NoticeSays, StaleNotice, TooSmallToNotice
from appeals.states import Event, How, Outcome, Result, Status
from billing import selectors as bills
from billing.checks import receivables_agree
from billing.models import Bill, BillChange, BillFact
from billing.services import StillWaits, issue_intended
from core import clock
from core.db.session import session_secret
from ledger import selectors as books
from receipts.models import Document
from tests.appeals.cast import Court, Petitioner, lines_of, today
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.appeals.test_reexamination import confirms, serves, writes
from tests.payments.cast import BillFacts
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole


def in_days(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def says_for(petitioner: Petitioner, **said: Any) -> NoticeSays:
    usual = NoticeSays(
        taxpayer_id=petitioner.bill.taxpayer_id,
        body_id="11110",
        tax_id="automobile",
        tax_year=2026,
        term=1,
        object_ref="12가3456",
        liability_on=date(2026, 6, 1),
        lines=[NoticeLine(tax="automobile", amount=300_000), NoticeLine(tax="local_education", amount=90_000)],
        ground=NoticeGround.AMOUNT,
        basis="The relief did not apply.",
    )
    return replace(usual, **said)


@pytest.fixture
def approver(as_role: AsRole) -> Desk:
    return a_desk(as_role, "approver@example.kr", Role.APPROVER, body="11110")


class Office:
    """The levying office: an assessor and an approver."""

    def __init__(self, assessor: Desk, approver: Desk) -> None:
        self.assessor, self.approver = assessor, approver

    def writes(self, says: NoticeSays, *, notice_id: int | None = None) -> int:
        desk = self.assessor
        made = desk.does(lambda: acts.write_notice(notice_id=notice_id, says=says, officer_id=desk.id, at=clock.now()))
        return int(made)

    def confirms(self, notice_id: int, *, by: Desk | None = None) -> None:
        desk = by or self.approver
        read = desk.does(lambda: notices.notice_hash(notice_id))
        desk.does(lambda: acts.confirm_notice(notice_id=notice_id, sha256=read, officer_id=desk.id, at=clock.now()))

    def serves(self, notice_id: int) -> Notice:
        desk = self.assessor
        desk.does(
            lambda: acts.serve_notice(
                notice_id=notice_id, how=How.SITE, tracking="", on=today(), officer_id=desk.id, at=clock.now()
            )
        )
        return Notice.objects.get(pk=notice_id)

    def notices(self, says: NoticeSays) -> Notice:
        made = self.writes(says)
        self.confirms(made)
        return self.serves(made)


@pytest.fixture
def office(court: Court, approver: Desk) -> Office:
    return Office(court.assessor, approver)


@pytest.fixture
def noticed(petitioner: Petitioner, office: Office) -> Notice:
    return office.notices(says_for(petitioner))


def bill_id_of(notice: Notice) -> int:
    assert notice.bill_id is not None
    return notice.bill_id


def draft_of(notice: Notice) -> Bill:
    return Bill.objects.get(pk=bill_id_of(notice))


def asks(petitioner: Petitioner, notice: Notice, **says: Any) -> Case:
    """Ask for a review."""
    bill = BillFacts(bill_id_of(notice), "", 0, "", notice.taxpayer_id)
    case_id = petitioner.begins(bill)
    petition = Petition(served_on=None, grounds="The relief did apply.", **says)
    petitioner.does(lambda: services.file(case_id=case_id, says=petition, at=clock.now()))
    return Case.objects.get(pk=case_id)


def test_nobody_asks_and_the_bill_is_issued_after_thirty_days(
    petitioner: Petitioner, court: Court, office: Office
) -> None:
    notice = office.notices(says_for(petitioner))
    court.deliver()
    draft = draft_of(notice)
    assert (draft.status, draft.amount) == ("draft", 390_000)
    assert notice.waits_until is not None
    assert (notice.waits_until - today()).days >= 30
    assert draft.pk not in {bill.id for bill in petitioner.does(lambda: bills.my_bills(at=clock.now()))}
    with pytest.raises(bills.NoSuchBill):
        petitioner.does(lambda: bills.bill_detail(bill_id=draft.pk, at=clock.now()))
    assert issue_due(at=in_days(29)) == 0
    late = in_days((notice.waits_until - today()).days + 1)
    before = books.totals_of_entries(kind="levy")["receivable"]
    assert issue_due(at=late) == 1
    assert issue_due(at=late) == 0
    bill = draft_of(notice)
    assert bill.status == "issued"
    assert bill.epay_number.startswith("11110")
    assert (bill.due_on - clock.local_date(late)).days >= 14
    assert books.totals_of_entries(kind="levy")["receivable"] - before == 390_000
    assert list(receivables_agree()) == []
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.ISSUED
    detail = petitioner.does(lambda: bills.bill_detail(bill_id=bill.pk, at=late))
    assert detail.steps[0].values["basis"] == "The relief did not apply."


def test_a_review_keeps_the_assessment_waiting_whatever_writes_it(
    petitioner: Petitioner, court: Court, noticed: Notice
) -> None:
    case = asks(petitioner, noticed)
    court.deliver()
    assert case.number is not None
    assert (case.kind, "적부" in case.number, case.served_on) == ("review", True, today())
    late = in_days(40)
    assert issue_due(at=late) == 0
    with pytest.raises(StillWaits):
        issue_intended(bill_id=bill_id_of(noticed), at=late)
    with pytest.raises(DatabaseError), transaction.atomic():
        Bill.objects.filter(pk=bill_id_of(noticed)).update(status="issued", issued_at=late)
    assert not BillFact.objects.filter(bill_id=bill_id_of(noticed)).exists()
    found = petitioner.does(lambda: cases.detail(case.pk, at=clock.now()))
    codes = {one.code: one.left for one in found.deadlines}
    assert 30 <= codes["decide"] <= 40
    assert "tribunal" not in petitioner.does(lambda: {one.code for one in cases.detail(case.pk, at=late).deadlines})
    court.clerk.does(
        lambda: services.take_longer(case_id=case.pk, text="Two experts.", officer_id=court.clerk.id, at=clock.now())
    )
    longer = petitioner.does(lambda: cases.detail(case.pk, at=clock.now()))
    assert {one.code: one.left for one in longer.deadlines}["decide"] >= 60
    with pytest.raises(NotYoursToDo):
        court.clerk.does(
            lambda: services.take_longer(case_id=case.pk, text="Again", officer_id=court.clerk.id, at=clock.now())
        )
    with pytest.raises(NotEarly):
        petitioner.does(lambda: acts.ask_early(notice_id=noticed.pk, at=clock.now()))


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.DISMISSED])
def test_not_adopted_the_bill_is_issued_as_noticed(
    petitioner: Petitioner, court: Court, noticed: Notice, outcome: Outcome
) -> None:
    case = court.rules(asks(petitioner, noticed), outcome)
    assert (draft_of(noticed).status, case.status) == ("issued", Status.SERVED)
    assert Entry.objects.filter(case=case, event=Event.BILL_ISSUED).exists()
    written = Document.objects.get(kind="ruling")
    assert written.facts["title"]["ko"] == "과세전적부심사 결정서"
    assert petitioner.begins(BillFacts(bill_id_of(noticed), "", 0, "", noticed.taxpayer_id)) != case.pk  # an objection


def test_adopted_in_part_a_smaller_bill_is_issued(petitioner: Petitioner, court: Court, noticed: Notice) -> None:
    case = asks(petitioner, noticed)
    car, education = Bill.objects.get(pk=bill_id_of(noticed)).lines.order_by("position").values_list("pk", flat=True)
    court.rules(case, Outcome.CORRECTED, lines={car: 200_000, education: 60_000})
    assert draft_of(noticed).status == "issued"
    owed = bills.owed_on(bill_ids=[bill_id_of(noticed)], on=today())[bill_id_of(noticed)]
    assert owed.total == 260_000
    change = BillChange.objects.get(bill_id=bill_id_of(noticed), kind="reduce")
    assert (change.asked_by_id, "제88조" in change.reason) == (court.clerk.id, True)


def test_adopted_no_bill_is_ever_issued(petitioner: Petitioner, court: Court, noticed: Notice) -> None:
    case = court.rules(asks(petitioner, noticed), Outcome.CANCELLED)
    assert draft_of(noticed).status == "cancelled"
    noticed.refresh_from_db()
    assert noticed.status == NoticeStatus.DROPPED
    assert Entry.objects.filter(case=case, event=Event.BILL_DROPPED).exists()
    assert issue_due(at=in_days(100)) == 0


def test_examined_anew_it_waits_until_the_result_is_served(
    petitioner: Petitioner, court: Court, approver: Desk, noticed: Notice
) -> None:
    case = court.rules(asks(petitioner, noticed), Outcome.REEXAMINE)
    assert issue_due(at=in_days(100)) == 0
    car = lines_of(BillFacts(bill_id_of(noticed), "", 0, "", 0))[0]
    writes(court.assessor, case, Result.REDUCED, **{f"l{car}": 100_000})
    confirms(approver, case)
    serves(court.assessor, case)
    court.deliver()
    assert draft_of(noticed).status == "issued"
    owed = bills.owed_on(bill_ids=[bill_id_of(noticed)], on=today())[bill_id_of(noticed)]
    assert owed.total == 190_000


def test_withdrawn_the_assessment_goes_on(petitioner: Petitioner, court: Court, noticed: Notice) -> None:
    case = asks(petitioner, noticed)
    petitioner.does(lambda: services.withdraw(case_id=case.pk, reason="", at=clock.now()))
    court.deliver()
    assert draft_of(noticed).status == "issued"


def test_the_bill_at_once_gives_the_review_up(petitioner: Petitioner, court: Court, noticed: Notice) -> None:
    petitioner.does(lambda: acts.ask_early(notice_id=noticed.pk, at=clock.now()))
    with pytest.raises(NotContestable):
        asks(petitioner, noticed)
    court.deliver()
    assert draft_of(noticed).status == "issued"


@pytest.mark.parametrize("who", ["payer", "office"])
def test_who_asks_for_the_bill_or_gives_it_up_while_a_review_is_filed_comes_too_late(
    petitioner: Petitioner, office: Office, noticed: Notice, database_name: str, who: str
) -> None:
    case_id = petitioner.begins(BillFacts(bill_id_of(noticed), "", 0, "", noticed.taxpayer_id))
    filed, assessor = Signal(), office.assessor

    def files(role: AsRole) -> str:
        with role("public"), session_secret(petitioner.secret), transaction.atomic():
            services.file(case_id=case_id, says=Petition(served_on=None, grounds="x"), at=clock.now())
            filed.set()
            with connection.cursor() as cursor:
                assert somebody_waits(cursor), "the other waits until this is written"
        return "filed"

    def ends(role: AsRole) -> str:
        assert filed.wait(timeout=10)
        face, secret = ("public", petitioner.secret) if who == "payer" else ("office", assessor.secret)
        with role(face), session_secret(secret):
            try:
                with transaction.atomic():
                    if who == "payer":
                        acts.ask_early(notice_id=noticed.pk, at=clock.now())
                    else:
                        acts.drop_notice(notice_id=noticed.pk, reason="x", officer_id=assessor.id, at=clock.now())
            except (NotEarly, NotYoursToDo):
                return "late"
        return "done"

    assert sorted(at_once(database_name, [files, ends])) == ["filed", "late"]
    assert draft_of(noticed).status == "draft"
    with pytest.raises(StillWaits):
        issue_intended(bill_id=bill_id_of(noticed), at=clock.now())


def somebody_waits(cursor: Any) -> bool:
    """Until somebody waits for this connection, ten seconds at most."""
    until = monotonic() + 10
    while monotonic() < until:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        if cursor.fetchone()[0]:
            return True
    return False


def test_after_the_last_day_no_review_is_begun_nor_filed(petitioner: Petitioner, noticed: Notice) -> None:
    bill_id, late = bill_id_of(noticed), in_days(60)
    case_id = petitioner.begins(BillFacts(bill_id, "", 0, "", 0))
    with pytest.raises(NotYoursToWrite):
        petitioner.does(lambda: services.file(case_id=case_id, says=Petition(served_on=None, grounds="x"), at=late))
    petitioner.does(lambda: services.discard(case_id=case_id))
    with pytest.raises(NotContestable):
        petitioner.does(lambda: services.begin(bill_id=bill_id, language="ko", at=late))


def test_what_the_law_refuses_is_refused_by_name(petitioner: Petitioner, court: Court, office: Office) -> None:
    small = says_for(petitioner, lines=[NoticeLine(tax="automobile", amount=299_990)])
    with pytest.raises(TooSmallToNotice):
        office.writes(small)
    office.writes(replace(small, ground=NoticeGround.RECALLED))
    for day in (None, today() + timedelta(days=200)):
        with pytest.raises((MoreTimeIsLeft, DatabaseError)):
            office.writes(says_for(petitioner, no_review=NoReview.EXPIRES, expires_on=day))
    with pytest.raises(acts.NotNoticedHere):
        office.writes(says_for(petitioner, tax_id="parking_fine"))
    evasion = office.notices(says_for(petitioner, no_review=NoReview.EVASION))
    owner = browser_of(petitioner)
    refused = owner.post(f"/appeals/notices/{evasion.pk}/act/", {"do": "review"})
    assert refused.status_code == 422
    assert "범칙" in text_of(refused)
    with pytest.raises(NotContestable):
        asks(petitioner, evasion)
    court.deliver()
    assert draft_of(evasion).status == "issued"


def test_two_officers_and_only_what_was_read_is_confirmed(
    petitioner: Petitioner, office: Office, as_role: AsRole
) -> None:
    both = a_desk(as_role, "both@example.kr", Role.ASSESSOR, Role.APPROVER, body="11110")
    far = a_desk(as_role, "far@example.kr", Role.ASSESSOR, Role.APPROVER, body="11140")
    made = Office(both, both).writes(says_for(petitioner))
    for nobody in (both, far):
        with pytest.raises((NotYoursToDo, StaleNotice)):
            office.confirms(made, by=nobody)
    with pytest.raises(NotYoursToDo):
        Office(far, far).writes(says_for(petitioner))
    read = office.approver.does(lambda: notices.notice_hash(made))
    office.writes(says_for(petitioner, basis="Otherwise."), notice_id=made)
    with pytest.raises(StaleNotice):
        office.approver.does(
            lambda: acts.confirm_notice(notice_id=made, sha256=read, officer_id=office.approver.id, at=clock.now())
        )
    office.confirms(made)
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.filter(pk=made).update(basis="x")
    office.assessor.does(
        lambda: acts.drop_notice(notice_id=made, reason="No.", officer_id=office.assessor.id, at=clock.now())
    )
    assert draft_of(Notice.objects.get(pk=made)).status == "cancelled"


def test_its_payer_is_written_to_once(petitioner: Petitioner, noticed: Notice) -> None:
    assert tell_of_notices(at=clock.now()) == 1
    assert tell_of_notices(at=clock.now()) == 0
    assert str(noticed.number) in mail.outbox[-1].body


TYPED = {
    "tax": "automobile", "amount": 300_000, "beside": "local_education", "beside_amount": 90_000, "tax_year": 2026,
    "term": 1, "object_ref": "12가3456", "liability_on": "2026-06-01", "ground": "recalled", "basis": "No relief.",
}  # fmt: skip


def test_from_the_office_to_the_payers_review(petitioner: Petitioner, court: Court, approver: Desk) -> None:
    assessor, second, owner = office_of(court.assessor), office_of(approver), browser_of(petitioner)
    nobody = assessor.post("/appeals/notices/new/", {**TYPED, "taxpayer": "nobody"})
    assert nobody.status_code == 422
    assert "No relief." in text_of(nobody)
    made = assessor.post("/appeals/notices/new/", {**TYPED, "taxpayer": str(petitioner.bill.taxpayer_id)})
    notice = Notice.objects.get()
    address = f"/appeals/notices/{notice.pk}/"
    assert made["Location"] == address
    assert assessor.get(address + "write/").status_code == 200
    assert owner.get(address).status_code == 404
    page = text_of(second.get(address))
    read = approver.does(lambda: notices.notice_hash(notice.pk))
    assert read in page
    assert second.post(address + "act/", {"do": "confirm", "sha256": "x"}).status_code == 422
    assert second.post(address + "act/", {"do": "confirm", "sha256": read}).status_code == 302
    assert assessor.post(address + "act/", {"do": "serve", "how": "site", "on": today()}).status_code == 302
    assert petitioner.bill.payer in text_of(assessor.get("/appeals/notices/"))
    assert address in text_of(owner.get("/appeals/notices/"))
    page = text_of(owner.get(address))
    assert "390,000" in page
    assert "제88조" in page
    begun = owner.post(address + "act/", {"do": "review"})
    case = Case.objects.get()
    assert begun["Location"] == f"/appeals/{case.pk}/"
    writing = f"/appeals/{case.pk}/write/"
    assert "served_on" not in text_of(owner.get(writing))
    typed = {"wish": "cancel", "grounds": "The relief did apply.", "language": "ko", "do": "file"}
    assert owner.post(writing, typed)["Location"] == f"/appeals/{case.pk}/filed/"
    assert owner.get(f"/appeals/{case.pk}/filed/").status_code == 200
    assert "과세전적부심사" in text_of(owner.get(f"/appeals/{case.pk}/"))
    clerk = office_of(court.clerk)
    page = text_of(clerk.get(f"/appeals/{case.pk}/"))
    assert "심사하지 아니함" in page  # without the committee nothing else is decided
    assert clerk.post(f"/appeals/{case.pk}/longer/", {"text": "Two experts."}).status_code == 302
    assert "Two experts." in text_of(owner.get(f"/appeals/{case.pk}/"))
    assert clerk.get(address).status_code == 200
