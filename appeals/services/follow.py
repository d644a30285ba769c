"""Worker: what follows of itself from a filing, a ruling that was served, or time that ran out; safe to repeat."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from appeals.models import Case, Entry, Referral
from appeals.selectors.clocks import clocks, clocks_of, mendings_of
from appeals.states import RUNNING, Event, Kind, Side
from appeals.tribunal_states import ReferralStatus
from billing import selectors as bills
from billing import services as billing
from core import clock
from core.errors import Refusal
from core.one_by_one import one_by_one

AT_ONCE: Final = 500
CONTEST: Final = "contest"
HOLD: Final = "hold"
# What stands on the bill, which more people read than the case: no number, and no word of it.
REASON: Final = "이의신청 (지방세기본법 제99조)"


def follow_filing(*, case_id: int, at: datetime) -> None:
    """Mark a late petition, and the bill as contested (불복). Its collection goes on (article 99)."""
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        found = clocks_of(case, mendings=(), answered=False, decision_served=None, at=at)
        if found.late and found.file is not None:
            enter(case, Event.LATE, at=at, text=found.file.last_day.isoformat())
        if case.status not in RUNNING or case.filed_at is None or case.kind != Kind.OBJECTION:
            return  # what is only noticed is not collected: its assessment waits
        reason = REASON
        try:
            with transaction.atomic():
                billing.note_contest(
                    bill_id=case.bill_id,
                    from_on=clock.local_date(case.filed_at),
                    reason=reason,
                    asked_by_id=case.begun_by_id,
                    at=at,
                )
        except billing.FactAlreadyStands:
            return  # an officer noted it, or this was run before
        enter(case, Event.CONTESTED, at=at)


def end_contest(*, case_id: int, at: datetime) -> None:
    """What is over is no longer marked on the bill."""
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        if Referral.objects.filter(bill_id=case.bill_id).exclude(status=ReferralStatus.DECIDED).exists():
            return  # before the Tax Tribunal it still is
        unmark_bill(bill_id=case.bill_id, reason=REASON, asked_by_id=case.begun_by_id, at=at)


def unmark_bill(*, bill_id: int, reason: str, asked_by_id: int, at: datetime) -> None:
    """End what stood on a bill because it was contested: the mark at once, and where a sale by auction was put off
    without a last day, that in 30 days (decree, article 66). In the caller's transaction."""
    today = clock.local_date(at)
    for fact in bills.life_of(bill_id=bill_id, on=today).facts:
        if not fact.ended and (fact.kind == CONTEST or (fact.kind == HOLD and fact.until_on is None)):
            billing.end_fact(
                bill_id=bill_id,
                fact_id=fact.id,
                on=max(today, fact.from_on),
                reason=reason,
                asked_by_id=asked_by_id,
                at=at,
            )


def note_correction(*, bill_id: int, amount: int, at: datetime) -> int:
    """The levying office changed a bill by itself while its case runs (직권 경정): it stands on the docket, and the
    petitioner is written to; how many cases. What a ruling changed finds no case that runs."""
    with transaction.atomic():
        running = Case.objects.filter(bill_id=bill_id, kind=Kind.OBJECTION, status__in=RUNNING)
        return sum(enter_each(case, Event.CORRECTED, at=at, text=f"{amount:,}") for case in running.order_by("pk"))


def open_tribunals(*, at: datetime) -> int:
    """Enter in each case that was not decided in time that the Tax Tribunal is open (article 91); how many."""
    own = clocks(at)
    cases = list(Case.objects.filter(status__in=RUNNING).exclude(entries__event=Event.TRIBUNAL_OPEN).order_by("pk"))
    mendings = mendings_of(case.pk for case in cases)
    over = [
        case.pk
        for case in cases
        if clocks_of(case, mendings=mendings[case.pk], answered=True, decision_served=None, at=at, with_=own).tribunal
    ]
    return one_by_one(over[:AT_ONCE], _open_tribunal, at=at)


def _open_tribunal(case_id: int, at: datetime) -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:  # two workers at once tell it once
            cursor.execute("SELECT core_take_turn('tribunals')")
        case, mendings = Case.objects.get(pk=case_id), mendings_of([case_id])[case_id]
        found = clocks_of(case, mendings=mendings, answered=True, decision_served=None, at=at)
        if found.tribunal is None:
            return False
        return enter(case, Event.TRIBUNAL_OPEN, at=at, text=found.tribunal.last_day.isoformat())


def enter_each(case: Case, event: Event, *, at: datetime, text: str) -> bool:
    """A line that may stand there several times, once with each text."""
    if Entry.objects.filter(case=case, event=event, text=text).exists():
        return False
    Entry.objects.create(case=case, event=event, side=Side.SYSTEM, at=at, text=text)
    return True


def enter(case: Case, event: Event, *, at: datetime, text: str = "") -> bool:
    """A line of the docket that nobody wrote, once. False: it stands there."""
    if Entry.objects.filter(case=case, event=event).exists():
        return False
    Entry.objects.create(case=case, event=event, side=Side.SYSTEM, at=at, text=text)
    return True


def refusal_text(refusal: Refusal) -> str:
    return str(refusal.message)[:1000]
