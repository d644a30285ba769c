"""From the clerk's desk to the money: mending, answering, ruling, serving, and what follows on the bill."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.access import Role
from appeals import services
from appeals.checks import rulings_as_sealed
from appeals.models import Case, Entry, Mending, Ruling
from appeals.selectors import cases
from appeals.selectors.judging import draft_hash
from appeals.services import (
    NotCarried,
    NotLinesOfTheBill,
    NotYoursToDo,
    StaleRuling,
    TooFewDays,
)
from appeals.services.carry_out import carry_out_ruling
from appeals.services.letters import write_letters
from appeals.states import Event, Outcome, Status
from billing.models import Bill, BillChange, BillFact
from billing.services import cancel_bill, hold_auction, reduce_bill
from core import clock
from receipts.models import Document
from refunds.models import Refund
from tests.appeals.bench_cast import carried
from tests.appeals.cast import Court, Petitioner, a_petitioner, lines_of, today
from tests.payments.cast import a_bill
from tests.payments.racing import at_once
from tests.payments.test_cancellations import a_desk
from tests.refunds.cast import pays
from tests.support.database import AsRole


def ask(court: Court, case: Case, **says: Any) -> None:
    facts = {"text": "Which day?", "days": None, "agreed": False, **says}
    court.clerk.does(lambda: services.ask_to_mend(case_id=case.pk, officer_id=court.clerk.id, at=clock.now(), **facts))


def test_mending_stops_the_clock_until_the_petitioner_answers(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    with pytest.raises(TooFewDays):
        ask(court, case, days=7)
    ask(court, case, days=7, agreed=True)
    assert (Mending.objects.get().due_on - today()).days >= 7
    with pytest.raises(NotYoursToDo):
        court.drafts(case, Outcome.REJECTED)
    petitioner.does(lambda: services.mend(case_id=case.pk, text="On Monday.", at=clock.now()))
    case.refresh_from_db()
    assert case.status == Status.PENDING
    assert Mending.objects.get().done_on == today()


def test_upheld_in_part_the_bill_is_corrected_and_the_money_opens_by_itself(
    petitioner: Petitioner, court: Court
) -> None:
    pays(petitioner.bill, 52_000)
    case = petitioner.files(wish="reduce", wish_amount=26_000)
    court.deliver()
    court.answers(case)
    with pytest.raises(NotYoursToDo):
        court.answers(case)
    car, education = lines_of(petitioner.bill)
    case = court.rules(case, Outcome.CORRECTED, lines={car: 20_000, education: 6_000})
    assert case.status == Status.SERVED
    change = BillChange.objects.get(kind="reduce")
    assert (change.status, change.amount) == ("done", 26_000)
    assert Ruling.objects.get().change_id == change.pk
    refund = Refund.objects.get()
    assert (refund.amount, refund.final_on) == (26_000, today())
    assert BillFact.objects.get(kind="contest").ended_on == today()
    carry_out_ruling(case_id=case.pk, at=clock.now())  # once more it does nothing
    assert BillChange.objects.filter(kind="reduce").count() == 1
    seen = petitioner.does(lambda: cases.detail(case.pk, at=clock.now()))
    assert [money.amount for money in seen.money] == [26_000]
    assert seen.ruling is not None
    assert list(rulings_as_sealed()) == []
    assert Document.objects.get(kind="ruling").reference == case.number


def test_a_large_bill_is_cancelled_without_asking_the_office_that_levied(as_role: AsRole, court: Court) -> None:
    petitioner = a_petitioner(as_role, a_bill(tax=60_000_000, education=18_000_000))
    case = court.rules(petitioner.files(), Outcome.CANCELLED)
    assert Bill.objects.get(pk=petitioner.bill.id).status == "cancelled"
    change = BillChange.objects.get(kind="cancel")
    assert (change.asked_by_id, change.decided_by_id) == (court.clerk.id, court.chair.id)
    assert case.status == Status.SERVED


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.DISMISSED, Outcome.REEXAMINE])
def test_what_is_not_upheld_changes_nothing_on_the_bill(petitioner: Petitioner, court: Court, outcome: Outcome) -> None:
    case = court.rules(petitioner.files(), outcome)
    assert case.status == Status.SERVED
    assert not BillChange.objects.filter(kind__in=("reduce", "cancel")).exists()
    found = petitioner.does(lambda: cases.detail(case.pk, at=clock.now()))
    assert "tribunal" in {deadline.code for deadline in found.deadlines}


def test_a_ruling_needs_its_majority_its_reasons_and_the_bills_own_lines(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    car, education = lines_of(petitioner.bill)
    other = lines_of(a_bill())[0]
    carried(case.pk, Outcome.CORRECTED, chair=court.chair.id)
    for outcome in (Outcome.REJECTED, Outcome.DISMISSED):  # the committee voted otherwise
        with pytest.raises(NotCarried):
            court.drafts(case, outcome)
    for lines in ({}, {other: 10}, {car: 50_000}):
        with pytest.raises(NotLinesOfTheBill):
            court.drafts(case, Outcome.CORRECTED, lines=lines)
    court.drafts(case, Outcome.CORRECTED, lines={car: 20_000, education: 6_000})


def test_who_drafted_does_not_sign_and_only_what_was_read_is_signed(
    petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    both = a_desk(as_role, "both@example.kr", Role.COURT_CLERK, Role.CHAIR)
    case = petitioner.files()
    said = services.Says(outcome=Outcome.DISMISSED, reasons="x")
    both.does(lambda: services.draft_ruling(case_id=case.pk, says=said, officer_id=both.id, at=clock.now()))
    with pytest.raises(NotYoursToDo):
        court.signs(case, by=both)
    read = court.chair.does(lambda: draft_hash(case.pk))
    court.drafts(case, Outcome.DISMISSED, reasons="It came too late.")
    with pytest.raises(StaleRuling):
        court.chair.does(
            lambda: services.sign_ruling(case_id=case.pk, sha256=read, officer_id=court.chair.id, at=clock.now())
        )
    court.signs(case)
    for facts in ({"reasons": "other"}, {"outcome": Outcome.REJECTED}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Ruling.objects.update(**facts)


def test_another_district_and_the_petitioners_relatives_do_nothing(
    petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    case = petitioner.files()
    far = a_desk(as_role, "far@example.kr", Role.COURT_CLERK, Role.CHAIR, Role.ASSESSOR, body="11140")
    with pytest.raises(cases.NoSuchCase):
        far.does(lambda: cases.detail(case.pk, at=clock.now(), staff=True))
    for work in (
        lambda: services.answer(case_id=case.pk, text="x", officer_id=far.id, at=clock.now()),
        lambda: services.forward(case_id=case.pk, to="11110", reason="x", officer_id=far.id, at=clock.now()),
    ):
        with pytest.raises(NotYoursToDo):
            far.does(work)
    auditor = a_desk(as_role, "auditor@example.kr", Role.AUDITOR, Role.ADMINISTRATOR)
    with pytest.raises(cases.NoSuchCase):
        auditor.does(lambda: cases.detail(case.pk, at=clock.now(), staff=True))


def test_passed_on_the_time_to_decide_begins_anew_and_the_petitioners_is_kept(
    petitioner: Petitioner, court: Court
) -> None:
    case = petitioner.files()
    court.clerk.does(
        lambda: services.forward(
            case_id=case.pk, to="11110", reason="a tax of the district", officer_id=court.clerk.id, at=clock.now()
        )
    )
    moved = Case.objects.get(pk=case.pk)
    assert (moved.authority_id, moved.filed_at) == ("11110", case.filed_at)
    assert moved.received_at is not None
    assert case.filed_at is not None
    assert moved.received_at > case.filed_at


def test_what_billing_refuses_is_entered_for_the_clerk(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    court.drafts(case, Outcome.CANCELLED)
    court.signs(case)
    cancel_bill(bill_id=petitioner.bill.id, cancelled_by_id=court.assessor.id, reason="sold", at=clock.now())
    court.serves(case)
    court.deliver()
    assert Entry.objects.filter(case=case, event=Event.NOT_CARRIED_OUT).exists()
    assert not any(
        line.event == Event.NOT_CARRIED_OUT
        for line in petitioner.does(lambda: cases.detail(case.pk, at=clock.now())).docket
    )


def test_two_workers_carry_a_ruling_out_once(petitioner: Petitioner, court: Court, database_name: str) -> None:
    case = petitioner.files()
    court.drafts(case, Outcome.CANCELLED)
    court.signs(case)
    court.serves(case)

    def carry(as_role: AsRole) -> None:
        with as_role("worker"):
            carry_out_ruling(case_id=case.pk, at=clock.now())

    at_once(database_name, [carry, carry])
    assert BillChange.objects.filter(kind="cancel").count() == 1


def test_the_offices_own_correction_stands_on_the_docket_and_can_settle_the_case(
    petitioner: Petitioner, court: Court
) -> None:
    case = petitioner.files()
    court.deliver()
    car = lines_of(petitioner.bill)[0]
    reduce_bill(
        bill_id=petitioner.bill.id, lines={car: 10_000}, reason="sold", asked_by_id=court.assessor.id, at=clock.now()
    )
    court.deliver()
    found = petitioner.does(lambda: cases.detail(case.pk, at=clock.now()))
    assert [line.text for line in found.docket if line.event == Event.CORRECTED] == ["10,000"]
    assert write_letters(at=clock.now()) >= 1
    petitioner.does(lambda: services.withdraw(case_id=case.pk, reason="settled", at=clock.now()))
    court.deliver()
    assert Case.objects.get(pk=case.pk).status == Status.WITHDRAWN


def test_an_auction_that_was_put_off_goes_on_thirty_days_after_the_decision(
    petitioner: Petitioner, court: Court
) -> None:
    case = petitioner.files()
    court.deliver()
    hold_auction(
        bill_id=petitioner.bill.id, from_on=today(), decided_on=None, reason="contested",
        asked_by_id=court.assessor.id, at=clock.now(),
    )  # fmt: skip
    court.rules(case, Outcome.REJECTED)
    held, contested = BillFact.objects.get(kind="hold"), BillFact.objects.get(kind="contest")
    assert (held.ended_on, contested.ended_on) == (today() + timedelta(days=30), today())
