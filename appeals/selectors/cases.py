"""Reads of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_kinds
from appeals.explain import DeadlineSaid, said
from appeals.models import Case, Entry, Evidence, Mending, Ruling
from appeals.ports import money_back
from appeals.rules.clocks import Clocks
from appeals.selectors.anew import days_of, result_of
from appeals.selectors.clocks import CaseClocks, clocks, clocks_of
from appeals.selectors.facts import CaseDetail, CaseSummary, FileShown, Line, RulingShown
from appeals.selectors.hearings import hearings_of
from appeals.selectors.notices import notice_of_bill
from appeals.states import RUNNING, Event, Kind, Status
from billing import selectors as bills
from billing.selectors.city import dated_tables
from core import clock
from receipts.selectors import document_for

MOST: Final = 500
DOCKET: Final = ("event", "side", "at", "text", "how", "tracking")
RULING: Final = (
    *("outcome", "reasons", "lines", "seats", "present", "status", "signed_at", "served_on", "how"),
    "change_id",
)
MENDING: Final = ("id", "case_id", "asked_on", "due_on", "agreed", "text", "done_on")


class NoSuchCase(LookupError):
    """There is no such case, or the caller may not see it; no answer tells which."""


def mine(*, at: datetime) -> list[CaseSummary]:
    """Every case that the public face's session may see, the newest first."""
    rows = Case.objects.exclude(status=Status.DISCARDED).order_by("-pk")
    return _summaries(list(rows[:MOST]), at=at)


def desk(*, status: str, at: datetime) -> list[CaseSummary]:
    """What the officer's desk holds in a state; what is due first stands first, within the red days marked."""
    rows = _summaries(list(Case.objects.filter(status=status).order_by("pk")[:MOST]), at=at, named=True)
    return sorted(rows, key=lambda one: (one.next.last_day if one.next else date.max, one.id))


def some(case_ids: Sequence[int], *, at: datetime) -> list[CaseSummary]:
    """Of these cases those that the session may see."""
    return _summaries(list(Case.objects.filter(pk__in=case_ids).order_by("pk")), at=at, named=True)


def counts() -> dict[str, int]:
    """How many cases of the officer's desk are in each state."""
    found: dict[str, int] = dict.fromkeys((*RUNNING, Status.DECIDED, Status.SERVED, Status.WITHDRAWN), 0)
    for status in Case.objects.filter(status__in=list(found)).values_list("status", flat=True):
        found[status] += 1
    return found


def by_number(number: str) -> int | None:
    """The case with that docket number."""
    return Case.objects.filter(number=number.strip()).values_list("pk", flat=True).first()


def case_of_bill(*, bill_id: int) -> int | None:
    """The objection to a bill that is written, runs or was decided."""
    rows = Case.objects.filter(bill_id=bill_id, kind=Kind.OBJECTION).exclude(
        status__in=(Status.DISCARDED, Status.WITHDRAWN)
    )
    return rows.values_list("pk", flat=True).first()


def detail(case_id: int, *, at: datetime, staff: bool = False) -> CaseDetail:
    """One case. `staff`: with who drafted its ruling. Raises NoSuchCase."""
    case = Case.objects.filter(pk=case_id).exclude(status=Status.DISCARDED).first()
    if case is None:
        raise NoSuchCase(case_id)
    hearings = hearings_of(case_id=case_id)
    own = _own(case, at=at, with_=clocks(at), hearing=next((one.day for one in hearings if one.ahead), None))
    ruling, anew = _ruling(case, staff=staff), result_of(case_id, staff=staff)
    change_id = (ruling and ruling.change_id) or (anew and anew.change_id)
    return CaseDetail(
        summary=_summaries([case], at=at, named=True)[0],
        taxpayer_id=case.taxpayer_id,
        body=case.body_id,
        authority=case.authority_id,
        at_counter=case.at_counter,
        served_on=case.served_on,
        hindered_until=case.hindered_until,
        hindrance=case.hindrance,
        grounds=case.grounds,
        wish=case.wish,
        wish_amount=case.wish_amount,
        public_hearing=case.public_hearing,
        interpreter=case.interpreter,
        accessibility=case.accessibility,
        remote=case.remote,
        language=case.language,
        unavailable=tuple(date.fromisoformat(day) for day in case.unavailable),
        docket=tuple(Line(**row) for row in Entry.objects.filter(case=case).order_by("pk").values(*DOCKET)),
        files=tuple(files_of(case_id)),
        deadlines=tuple(said(own.shown, today=clock.local_date(at))) if case.number else (),
        mending=Mending.objects.filter(case=case, done_on=None).values_list("text", flat=True).first() or "",
        ruling=ruling,
        anew=anew,
        notice_id=notice_of_bill(bill_id=case.bill_id) if case.kind == Kind.PRE_ASSESSMENT else None,
        longer=case.longer_at is not None,
        money=tuple(money_back()(change_id=change_id)) if change_id else (),
        document_id=_document(case) if ruling and not ruling.draft else None,
        hearings=hearings,
        sealed=case.sealed,
    )


def files_of(case_id: int) -> list[FileShown]:
    fields = ("id", "name", "kind", "size", "side", "scan", "added_at")
    return [FileShown(**row) for row in Evidence.objects.filter(case_id=case_id).order_by("pk").values(*fields)]


def file_content(*, case_id: int, file_id: int) -> tuple[str, str, bytes] | None:
    """Name, media type and content of a file that may be opened: what the scanner passed, or a picture drawn anew."""
    row = Evidence.objects.filter(pk=file_id, case_id=case_id).first()
    return row.opened() if row else None


def _summaries(rows: Sequence[Case], *, at: datetime, named: bool = False) -> list[CaseSummary]:
    own, today = clocks(at), clock.local_date(at)
    found = bills.bills_by_id(bill_ids={row.bill_id for row in rows}, at=at)
    people = taxpayer_facts([row.taxpayer_id for row in rows]) if named else {}
    red: int = dated_tables().at("appeal_desk", today).body["red_days"]
    bodies = _bodies()
    summaries = []
    for row in rows:
        runs = _own(row, at=at, with_=own) if row.number else None
        coming = _next(runs, today) if runs else None
        summaries.append(
            CaseSummary(
                id=row.pk,
                kind=row.kind,
                number=row.number or "",
                status=row.status,
                bill_id=row.bill_id,
                bill=found.get(row.bill_id),
                authority=bodies[row.authority_id],
                filed_at=row.filed_at,
                late=runs.late if runs else False,
                next=coming,
                red=coming is not None and coming.left <= red,
                name=people[row.taxpayer_id].name if row.taxpayer_id in people else "",
                sealed=row.sealed,
            )
        )
    return summaries


def _own(case: Case, *, at: datetime, with_: Clocks, hearing: date | None = None) -> CaseClocks:
    served, examined_from = days_of(case)
    answered = Entry.objects.filter(case=case, event=Event.ANSWERED).exists()
    return clocks_of(
        case,
        mendings=_mendings(case),
        answered=answered,
        decision_served=served,
        at=at,
        with_=with_,
        hearing=hearing,
        examined_from=examined_from,
    )


def _mendings(case: Case) -> list[Mending]:
    rows: QuerySet[Mending] = Mending.objects.filter(case=case).only(*MENDING)
    return list(rows.order_by("pk"))


def _next(runs: CaseClocks, today: date) -> DeadlineSaid | None:
    waiting = [one for one in (runs.answer, runs.correct, runs.decide, runs.reexamine) if one is not None]
    return said([min(waiting, key=lambda one: one.last_day)], today=today)[0] if waiting else None


def _ruling(case: Case, *, staff: bool) -> RulingShown | None:
    fields = (*RULING, "drafted_at", "drafted_by") if staff else RULING
    row = Ruling.objects.filter(case=case).values(*fields).first()
    if row is None:
        return None
    lines = {int(line): int(won) for line, won in row.pop("lines").items()}
    return RulingShown(kind=case.kind, lines=lines, **row)


def _document(case: Case) -> int | None:
    found = document_for(kind="ruling", reference=str(case.number))
    return found.id if found and found.status == "ready" else None


def _bodies() -> dict[str, str]:
    korean = (get_language() or "ko").startswith("ko")
    return {code: one.name_ko if korean else one.name_en for code, one in body_kinds().items()}
