"""The clocks of a case, computed when they are read; nothing of them is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from appeals.models import Case, Mending
from appeals.rules.clocks import Clocks, Deadline, Pause
from appeals.states import RUNNING, Kind
from billing.rules.calendar import CalendarNotKnown
from billing.selectors.city import city_calendar, dated_tables
from core import clock

# How the city's table of terms names them.
WAYS: Final = {Kind.OBJECTION: "objection", Kind.PRE_ASSESSMENT: "pre_assessment_review"}


@dataclass(frozen=True, kw_only=True)
class CaseClocks:
    """What runs in a case, as far as it is known; a year whose holidays the city has not published gives None."""

    file: Deadline | None
    answer: Deadline | None
    correct: Deadline | None
    decide: Deadline | None
    tribunal: Deadline | None
    late: bool
    notify: Deadline | None = None
    reexamine: Deadline | None = None

    @property
    def shown(self) -> list[Deadline]:
        found = (self.file, self.answer, self.correct, self.notify, self.decide, self.reexamine, self.tribunal)
        return [one for one in found if one is not None]


def clocks(at: datetime) -> Clocks:
    """The city's clocks."""
    tables = dated_tables()
    return Clocks(tables=tables, calendar=city_calendar(tables=tables, on=clock.local_date(at)))


def mendings_of(case_ids: Iterable[int]) -> Mapping[int, list[Mending]]:
    """Of each case, when it was to be mended; the first asked for first."""
    found: dict[int, list[Mending]] = defaultdict(list)
    for mending in Mending.objects.filter(case_id__in=list(case_ids)).order_by("pk"):
        found[mending.case_id].append(mending)
    return found


def clocks_of(
    case: Case,
    *,
    mendings: Collection[Mending],
    answered: bool,
    decision_served: date | None,
    at: datetime,
    with_: Clocks | None = None,
    hearing: date | None = None,
    examined_from: date | None = None,
) -> CaseClocks:
    """What is due in a filed case. The Tribunal's clock runs from the day the ruling was served, or from the end of the
    time to decide once that is over. `hearing`: the day that is set for one; `examined_from`: the day of the ruling
    that had the bill examined anew, until the result is served."""
    own, today = with_ or clocks(at), clock.local_date(at)
    running = case.status in RUNNING
    mending = next((one for one in mendings if one.done_on is None), None)
    try:
        file = case.served_on and own.to_file(
            served=case.served_on, way=WAYS[Kind(case.kind)], hindered_until=case.hindered_until
        )
        received = clock.local_date(case.received_at) if case.received_at else None
        pauses = [Pause(begins=one.asked_on, ends=one.done_on or one.due_on) for one in mendings]
        review = case.kind == Kind.PRE_ASSESSMENT
        longer = case.longer_at is not None
        decide = own.to_decide(received=received, pauses=pauses, review=review, longer=longer) if received else None
        over = decide is not None and running and decide.passed(today)
        since = decision_served or (decide.last_day if decide is not None and over else None)
        return CaseClocks(
            file=file or None,
            answer=own.to_answer(sent=received) if received and running and not answered else None,
            correct=_given(mending) if mending is not None else None,
            decide=decide if running else None,
            tribunal=own.to_tribunal(after=since) if since and not review else None,
            late=bool(file and case.filed_at and file.passed(clock.local_date(case.filed_at))),
            notify=own.to_notify(hearing=hearing) if hearing and running else None,
            reexamine=own.to_reexamine(decided=examined_from) if examined_from else None,
        )
    except CalendarNotKnown:
        return CaseClocks(file=None, answer=None, correct=None, decide=None, tribunal=None, late=False)


def _given(mending: Mending) -> Deadline:
    """The day that the petitioner was told."""
    return Deadline(code="correct", last_day=mending.due_on, steps=())
