"""Worker: what follows of itself from a filing, a ruling that was served, or time that ran out; safe to repeat."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction

from appeals.models import Case, Entry, Mending
from appeals.selectors.clocks import clocks, clocks_of
from appeals.states import RUNNING, Event, Side
from billing import selectors as bills
from billing import services as billing
from core import clock
from core.errors import Refusal

AT_ONCE: Final = 500
CONTEST: Final = "contest"
log = structlog.get_logger(__name__)


def follow_filing(*, case_id: int, at: datetime) -> None:
    """Mark a late petition, and the bill as contested (불복). Its collection goes on (article 99)."""
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        found = clocks_of(case, mendings=(), answered=False, decision_served=None, at=at)
        if found.late and found.file is not None:
            enter(case, Event.LATE, at=at, text=found.file.last_day.isoformat())
        if case.status not in RUNNING or case.filed_at is None:
            return
        reason = f"이의신청 {case.number}"
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
        today = clock.local_date(at)
        for fact in bills.life_of(bill_id=case.bill_id, on=today).facts:
            if fact.kind == CONTEST and not fact.ended:
                billing.end_fact(
                    bill_id=case.bill_id,
                    fact_id=fact.id,
                    on=max(today, fact.from_on),
                    reason=f"이의신청 {case.number}",
                    asked_by_id=case.begun_by_id,
                    at=at,
                )


def open_tribunals(*, at: datetime) -> int:
    """Enter in each case that was not decided in time that the Tax Tribunal is open (article 91); how many."""
    own, found = clocks(at), 0
    over = Case.objects.filter(status__in=RUNNING).exclude(entries__event=Event.TRIBUNAL_OPEN).order_by("pk")
    for case in list(over[:AT_ONCE]):
        try:
            found += _open_tribunal(case, at=at, own=own)
        except Exception:
            log.exception("appeals.case_stays_due", case=case.pk)
    return found


def _open_tribunal(case: Case, *, at: datetime, own: object) -> bool:
    mendings = list(Mending.objects.filter(case=case))
    with transaction.atomic():
        with connection.cursor() as cursor:  # two workers at once tell it once
            cursor.execute("SELECT core_take_turn('tribunals')")
        found = clocks_of(case, mendings=mendings, answered=True, decision_served=None, at=at)
        if found.tribunal is None:
            return False
        enter(case, Event.TRIBUNAL_OPEN, at=at, text=found.tribunal.last_day.isoformat())
    return True


def enter(case: Case, event: Event, *, at: datetime, text: str = "") -> None:
    """A line of the docket that nobody wrote, once."""
    if not Entry.objects.filter(case=case, event=event).exists():
        Entry.objects.create(case=case, event=event, side=Side.SYSTEM, at=at, text=text)


def refusal_text(refusal: Refusal) -> str:
    return str(refusal.message)[:1000]
