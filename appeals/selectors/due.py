"""What is due in cases and whom it binds: for reminders, which the worker enters, and for the red list of a desk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q

from accounts.selectors import taxpayer_facts
from appeals.explain import DeadlineSaid, said
from appeals.models import Case, Entry, Slot
from appeals.rules.clocks import Clocks, Deadline
from appeals.selectors.anew import days_of
from appeals.selectors.clocks import clocks, clocks_of, mendings_of
from appeals.states import RUNNING, Event, Side, SlotStatus, Status
from billing.selectors.city import dated_tables
from core import clock

# Whom a deadline binds, by its code; a hearing is both sides'.
BINDS: Final[dict[str, tuple[Side, ...]]] = {
    "file": (Side.PETITIONER,),
    "answer": (Side.OFFICE,),
    "correct": (Side.PETITIONER,),
    "hearing": (Side.PETITIONER, Side.OFFICE),
    "decide": (Side.CLERK,),
    "reexamine": (Side.OFFICE,),
    "tribunal": (Side.PETITIONER,),
}
# What a desk has to see to; the others are rights that a petitioner may leave unused.
RED: Final = ("answer", "correct", "decide", "reexamine")
# No deadline runs longer after a ruling was served.
LOOK_BACK: Final = timedelta(days=150)
MOST: Final = 500


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline that runs in a case."""

    case: Case
    deadline: Deadline

    @property
    def binds(self) -> tuple[Side, ...]:
        return BINDS[self.deadline.code]

    @property
    def mark(self) -> str:
        """As a reminder names it in the docket."""
        return f"{self.deadline.code}|{self.deadline.last_day.isoformat()}"


@dataclass(frozen=True, kw_only=True)
class RedLine:
    """A line of the red list; `reminded_at`: when whom it binds was reminded of it."""

    case_id: int
    number: str
    name: str
    binds: str
    due: DeadlineSaid
    reminded_at: datetime | None


def due_in(cases: Collection[Case], *, at: datetime) -> Iterator[Due]:
    """Every deadline that runs in these cases, as the session sees them."""
    own, ids = clocks(at), [case.pk for case in cases]
    mendings = mendings_of(ids)
    answered = set(Entry.objects.filter(case_id__in=ids, event=Event.ANSWERED).values_list("case_id", flat=True))
    set_for = Slot.objects.filter(case_id__in=ids, status=SlotStatus.SET).values_list("case_id", "session__day")
    hearings: dict[int, date] = dict(set_for)
    for case in cases:
        if case.status == Status.DRAFT:
            yield from _to_file(case, own, at)
            continue
        served, examined_from = days_of(case) if case.status == Status.SERVED else (None, None)
        found = clocks_of(
            case,
            mendings=mendings[case.pk],
            answered=case.pk in answered,
            decision_served=served,
            at=at,
            with_=own,
            examined_from=examined_from,
        )
        running = (found.answer, found.correct, found.decide, found.reexamine, found.tribunal)
        yield from (Due(case=case, deadline=one) for one in running if one is not None)
        if day := hearings.get(case.pk):
            yield Due(case=case, deadline=Deadline(code="hearing", last_day=day, steps=()))


def _to_file(case: Case, own: Clocks, at: datetime) -> Iterator[Due]:
    """Of a draft, the last day to file it, as far as the petitioner said when the notice arrived."""
    found = clocks_of(case, mendings=(), answered=True, decision_served=None, at=at, with_=own)
    if found.file is not None:
        yield Due(case=case, deadline=found.file)


def near(*, at: datetime) -> list[Case]:
    """Cases in which anything can be due: drafts with a day of arrival, what runs, what was served lately."""
    today = clock.local_date(at)
    wanted = (
        Q(status=Status.DRAFT, served_on__isnull=False)
        | Q(status__in=RUNNING)
        | Q(status=Status.SERVED, ruling__served_on__gte=today - LOOK_BACK)
    )
    return list(Case.objects.filter(wanted).order_by("pk"))


def red_list(*, at: datetime) -> list[RedLine]:
    """Of the cases that the session sees, what is overdue or due within the city's red days; the worst first."""
    today = clock.local_date(at)
    red: int = dated_tables().at("appeal_desk", today).body["red_days"]
    cases = [case for case in near(at=at) if case.number]
    found = [one for one in due_in(cases, at=at) if one.deadline.code in RED and one.deadline.left(today) <= red]
    found.sort(key=lambda one: (one.deadline.last_day, one.case.pk))
    found = found[:MOST]
    people = taxpayer_facts([one.case.taxpayer_id for one in found])
    ids = [one.case.pk for one in found]
    told = Entry.objects.filter(case_id__in=ids, event=Event.REMINDED).values_list("case_id", "text", "at")
    reminded = {(case_id, text): when for case_id, text, when in told}
    return [
        RedLine(
            case_id=one.case.pk,
            number=one.case.number or "",
            name=people[one.case.taxpayer_id].name if one.case.taxpayer_id in people else "",
            binds=", ".join(str(side.label) for side in one.binds),
            due=said([one.deadline], today=today)[0],
            reminded_at=reminded.get((one.case.pk, one.mark)),
        )
        for one in found
    ]
