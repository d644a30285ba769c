"""Filing: who may, when it counts, what it starts, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.db import DatabaseError

from accounts.models import Taxpayer
from appeals import services
from appeals.models import Case, Entry
from appeals.selectors import cases
from appeals.selectors.waiting import cost_of_waiting
from appeals.services import NotContestable, NotYoursToWrite, Petition, follow
from appeals.services.follow import open_tribunals
from appeals.services.letters import write_letters
from appeals.states import Event, Status
from billing.models import Bill, BillFact
from core import clock, log
from tests.appeals.cast import GROUNDS, Court, Deliver, Petitioner, a_fine, a_petitioner, days_ago, today
from tests.payments.cast import a_bill
from tests.payments.racing import at_once
from tests.support.database import AsRole


def events(case: Case) -> list[str]:
    return list(Entry.objects.filter(case=case).order_by("pk").values_list("event", flat=True))


def test_a_petition_has_its_number_at_once_and_marks_the_bill(petitioner: Petitioner, deliver: Deliver) -> None:
    case = petitioner.files()
    assert case.status == Status.PENDING
    assert case.number == f"{today().year}-이의-{case.pk:06d}"
    assert case.authority_id == "11000"  # automobile tax is the city's: the mayor hears of it
    deliver()
    deliver()
    assert events(case) == [Event.FILED, Event.CONTESTED]
    fact = BillFact.objects.get(bill_id=petitioner.bill.id)
    assert (fact.kind, fact.from_on, fact.ended_on) == ("contest", today(), None)
    assert Bill.objects.get(pk=petitioner.bill.id).status == "issued"
    leaf = next(leaf for batch in log.leaves(kind="appeal") for leaf in batch)
    assert leaf.reference == case.number


def test_a_draft_is_kept_filed_once_and_stays_as_it_was(petitioner: Petitioner) -> None:
    case_id = petitioner.begins()
    assert petitioner.begins() == case_id
    half = Petition(served_on=None, grounds="half a sent")
    petitioner.does(lambda: services.save(case_id=case_id, says=half))
    assert Case.objects.get(pk=case_id).grounds == "half a sent"
    whole = Petition(served_on=days_ago(1), grounds=GROUNDS)
    petitioner.does(lambda: services.file(case_id=case_id, says=whole, at=clock.now()))
    for again in (
        lambda: services.save(case_id=case_id, says=half),
        lambda: services.file(case_id=case_id, says=whole, at=clock.now()),
        lambda: services.discard(case_id=case_id),
    ):
        with pytest.raises(NotYoursToWrite):
            petitioner.does(again)
    assert Case.objects.get(pk=case_id).grounds == GROUNDS


def test_a_late_petition_is_recorded_and_marked(petitioner: Petitioner, deliver: Deliver) -> None:
    case = petitioner.files(served_on=days_ago(120))
    deliver()
    assert Event.LATE in events(case)
    assert cases.detail(case.pk, at=clock.now()).summary.late
    hindered = a_petitioner(petitioner.as_role).files(
        served_on=days_ago(120), hindered_until=days_ago(2), hindrance="A flood"
    )
    deliver()
    assert Event.LATE not in events(hindered)


def test_nobody_else_begins_reads_or_files_it(petitioner: Petitioner, as_role: AsRole) -> None:
    stranger = a_petitioner(as_role)
    with pytest.raises(NotContestable):
        stranger.begins(petitioner.bill)
    case = petitioner.files()
    with pytest.raises(cases.NoSuchCase):
        stranger.does(lambda: cases.detail(case.pk, at=clock.now()))
    with pytest.raises(NotYoursToWrite):
        stranger.does(lambda: services.withdraw(case_id=case.pk, reason="", at=clock.now()))
    assert petitioner.does(lambda: cases.detail(case.pk, at=clock.now())).grounds == GROUNDS


def test_a_fine_is_not_taken_here(petitioner: Petitioner) -> None:
    with pytest.raises(NotContestable):
        petitioner.begins(a_fine(petitioner.bill))


def test_the_public_face_writes_no_case_and_no_line_of_a_docket_itself(petitioner: Petitioner) -> None:
    case = petitioner.files()
    for write in (
        lambda: Case.objects.filter(pk=case.pk).update(status=Status.WITHDRAWN),
        lambda: Entry.objects.create(case=case, event=Event.SERVED, side="clerk", at=clock.now()),
    ):
        with pytest.raises(DatabaseError):
            petitioner.does(write)


def test_the_cost_of_waiting_grows_with_the_surcharge(petitioner: Petitioner) -> None:
    late = a_bill(tax=1_000_000, education=300_000, due=days_ago(3))
    found = cost_of_waiting(bill_id=late.id, at=clock.now())
    assert found is not None
    assert found.now == 1_339_000  # 3 % of each tax at once
    assert found.then > found.now  # and 0.66 % of the automobile tax for each full month
    assert found.interest == 1_339_000 * 31 * (found.expected - today()).days // 365_000 // 10 * 10


def test_undecided_in_time_the_tribunal_is_open_and_the_petitioner_is_told(
    petitioner: Petitioner, court: Court
) -> None:
    Taxpayer.objects.filter(pk=petitioner.bill.taxpayer_id).update(email="known@example.kr")
    case = petitioner.files()
    court.deliver()
    assert open_tribunals(at=clock.now()) == 0
    later = clock.now() + timedelta(days=100)
    assert open_tribunals(at=later) == 1
    assert open_tribunals(at=later) == 0
    found = cases.detail(case.pk, at=later)
    assert {deadline.code for deadline in found.deadlines} >= {"decide", "tribunal"}
    write_letters(at=later)
    letter = next(one for one in mail.outbox if "known@example.kr" in one.to)
    assert str(case.number) in str(letter.subject)
    many = len(mail.outbox)
    write_letters(at=later)
    assert len(mail.outbox) == many


def test_cases_in_time_keep_none_back_that_is_over(
    petitioner: Petitioner, court: Court, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many run: the time of the eldest here stood still while it was to be mended."""
    monkeypatch.setattr(follow, "AT_ONCE", 1)
    in_time, over = petitioner.files(), a_petitioner(as_role).files()
    court.deliver()
    clerk, now = court.clerk, clock.now()
    clerk.does(
        lambda: services.ask_to_mend(
            case_id=in_time.pk, text="Which car?", days=None, agreed=False, officer_id=clerk.id, at=now
        )
    )
    later = clock.now() + timedelta(days=100)
    assert open_tribunals(at=later) == 1
    assert Event.TRIBUNAL_OPEN in events(over)
    assert Event.TRIBUNAL_OPEN not in events(in_time)


def test_two_workers_open_the_tribunal_once(petitioner: Petitioner, court: Court, database_name: str) -> None:
    case = petitioner.files()
    court.deliver()
    later = clock.now() + timedelta(days=100)

    def opens(sign_in: AsRole) -> int:
        with sign_in("worker"):
            return open_tribunals(at=later)

    assert sorted(at_once(database_name, [opens, opens])) == [0, 1]
    assert events(case).count(Event.TRIBUNAL_OPEN) == 1


def test_withdrawn_it_is_no_longer_marked_and_can_be_filed_again(petitioner: Petitioner, deliver: Deliver) -> None:
    case = petitioner.files()
    deliver()
    petitioner.does(lambda: services.withdraw(case_id=case.pk, reason="paid", at=clock.now()))
    deliver()
    assert BillFact.objects.get(bill_id=petitioner.bill.id).ended_on == today()
    assert petitioner.files().pk != case.pk


def test_an_address_that_is_refused_keeps_no_letter_from_the_others_nor_sends_theirs_again(
    petitioner: Petitioner, court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    Taxpayer.objects.filter(pk=petitioner.bill.taxpayer_id).update(email="gone@example.kr")
    case = petitioner.files()
    court.deliver()
    tried: list[str] = []

    def send(subject: str, text: str, sender: str, to: list[str]) -> None:
        tried.extend(to)
        if "gone@example.kr" in to:
            raise SMTPRecipientsRefused({"gone@example.kr": (550, b"no such user")})

    monkeypatch.setattr("appeals.services.letters.send_mail", send)
    later = clock.now() + timedelta(days=100)
    assert open_tribunals(at=later) == 1
    assert write_letters(at=later) >= 1
    assert "gone@example.kr" in tried
    many = len(tried)
    assert write_letters(at=later) == 0
    assert len(tried) == many
    assert Entry.objects.filter(case=case).exists()
