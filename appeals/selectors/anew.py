"""Bills that are examined anew: the result in a case, and what an office still has to examine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from appeals.explain import DeadlineSaid, said
from appeals.models import Case, Reexamination, Ruling
from appeals.selectors.clocks import clocks
from appeals.services.asking import one
from appeals.states import Outcome, Result, ResultStatus, RulingStatus
from billing.rules.calendar import CalendarNotKnown
from billing.selectors.city import dated_tables
from core import clock

SHOWN: Final = ("result", "lines", "reasons", "status", "served_on", "change_id")
MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class ResultShown:
    """The result of a re-examination; `written_by` for the office only."""

    result: str
    lines: dict[int, int]
    reasons: str
    status: str
    served_on: date | None
    change_id: int | None
    written_by: int | None = None

    @property
    def label(self) -> str:
        return str(Result(self.result).label)

    @property
    def status_label(self) -> str:
        return str(ResultStatus(self.status).label)

    @property
    def waits(self) -> bool:
        return self.status == ResultStatus.WRITTEN

    @property
    def served(self) -> bool:
        return self.status == ResultStatus.SERVED


@dataclass(frozen=True, kw_only=True)
class ToExamine:
    """A case whose bill the office examines anew; `red`: its term is over, or soon."""

    case_id: int
    number: str
    status_label: str
    examine: DeadlineSaid | None
    red: bool


def result_of(case_id: int, *, staff: bool = False) -> ResultShown | None:
    """The result in a case, as far as the session may read it."""
    fields = (*SHOWN, "written_by") if staff else SHOWN
    row = Reexamination.objects.filter(case_id=case_id).values(*fields).first()
    if row is None:
        return None
    return ResultShown(**{**row, "lines": {int(line): int(won) for line, won in row["lines"].items()}})


def result_hash(case_id: int) -> str:
    """Of the result as the session reads it."""
    return str(one("SELECT appeals_reexamination_hash(%s)", [case_id]) or "")


def days_of(case: Case) -> tuple[date | None, date | None]:
    """When the decision was served, the result instead of the ruling once there is one; and from which day the
    re-examination's term runs, while it does."""
    ruling = Ruling.objects.filter(case=case).only("outcome", "served_on", "signed_at").first()
    if ruling is None or ruling.served_on is None or ruling.outcome != Outcome.REEXAMINE:
        return (ruling.served_on if ruling else None), None
    found = Reexamination.objects.filter(case=case).values_list("served_on", flat=True).first()
    if found is not None or ruling.signed_at is None:
        return found or ruling.served_on, None
    return ruling.served_on, clock.local_date(ruling.signed_at)


def to_examine(*, at: datetime) -> list[ToExamine]:
    """What the session's office has to examine anew, or whose result it has to confirm or serve; due first, first."""
    done = Reexamination.objects.filter(status=ResultStatus.SERVED).values("case_id")
    rulings = Ruling.objects.filter(status=RulingStatus.SERVED, outcome=Outcome.REEXAMINE).exclude(case_id__in=done)
    rows = list(rulings.order_by("signed_at").values_list("case_id", "case__number", "signed_at")[:MOST])
    written = dict(Reexamination.objects.filter(case_id__in=[row[0] for row in rows]).values_list("case_id", "status"))
    today, own = clock.local_date(at), clocks(at)
    red: int = dated_tables().at("appeal_desk", today).body["red_days"]
    found = []
    for case_id, number, signed_at in rows:
        try:
            examine = said([own.to_reexamine(decided=clock.local_date(signed_at or at))], today=today)[0]
        except CalendarNotKnown:
            examine = None
        status = str(ResultStatus(written[case_id]).label) if case_id in written else ""
        late = examine is not None and examine.left <= red
        found.append(ToExamine(case_id=case_id, number=number or "", status_label=status, examine=examine, red=late))
    return found
