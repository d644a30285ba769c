"""A case as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import get_language

from appeals.explain import DEADLINES, DeadlineSaid
from appeals.ports import MoneyOnItsWay
from appeals.selectors.anew import ResultShown
from appeals.selectors.hearings import HearingShown
from appeals.states import (
    COLOURS,
    HEARING,
    RUNNING,
    Event,
    How,
    Kind,
    Outcome,
    RulingStatus,
    Side,
    Status,
    Wish,
    outcome_label,
)
from billing.selectors import BillSummary
from core.evidence import OPENS, Scan

TELLS_A_DAY: Final = (Event.LATE, Event.TRIBUNAL_OPEN, Event.TRIBUNAL_SEIZED)


@dataclass(frozen=True, kw_only=True)
class CaseSummary:
    """A case in a list; `next` is the deadline that comes first."""

    id: int
    kind: str
    number: str
    status: str
    bill_id: int
    bill: BillSummary | None
    authority: str
    filed_at: datetime | None
    late: bool
    next: DeadlineSaid | None
    red: bool = False
    name: str = ""
    sealed: bool = False

    @property
    def label(self) -> str:
        return str(Status(self.status).label)

    @property
    def colour(self) -> str:
        return COLOURS[Status(self.status)]

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def review(self) -> bool:
        """Whether it is about a bill that is only noticed, or was when it began."""
        return self.kind == Kind.PRE_ASSESSMENT

    @property
    def running(self) -> bool:
        return self.status in RUNNING


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the docket."""

    event: str
    side: str
    at: datetime
    text: str
    how: str
    tracking: str

    @property
    def label(self) -> str:
        return str(Event(self.event).label)

    @property
    def by(self) -> str:
        return str(Side(self.side).label)

    @property
    def served(self) -> str:
        return str(How(self.how).label) if self.how else ""

    @property
    def hearing(self) -> tuple[datetime, str] | None:
        """When and in which room the case is heard, of a line that tells it."""
        if self.event not in HEARING:
            return None
        moment, room_ko, room_en, *_ = self.text.split("|")
        return datetime.fromisoformat(moment), room_ko if (get_language() or "ko").startswith("ko") else room_en

    @property
    def reminder(self) -> tuple[str, date] | None:
        """Of a reminder, what is due and on which day."""
        if self.event != Event.REMINDED:
            return None
        code, _sep, day = self.text.partition("|")
        return str(DEADLINES[code]), date.fromisoformat(day)

    @property
    def seated(self) -> tuple[date, str] | None:
        """On which day a panel sits and who, of a line that tells it."""
        if self.event != Event.PANEL_DRAWN:
            return None
        day, _, names = self.text.partition(": ")
        return date.fromisoformat(day), names

    @property
    def says(self) -> str:
        """What was written beside it, for people."""
        return self.text.split("|", 3)[-1] if self.event in HEARING else self.text

    @property
    def day(self) -> date | None:
        """Of what ETAX entered by itself, the day that it tells."""
        return date.fromisoformat(self.text) if self.event in TELLS_A_DAY and self.text else None


@dataclass(frozen=True, kw_only=True)
class FileShown:
    """A file that a side brought; `opens`: what is known of it lets it be shown."""

    id: int
    name: str
    kind: str
    size: int
    side: str
    scan: str
    added_at: datetime

    @property
    def opens(self) -> bool:
        return self.scan in OPENS

    @property
    def by(self) -> str:
        return str(Side(self.side).label)

    @property
    def scan_label(self) -> str:
        return str(Scan(self.scan).label)


@dataclass(frozen=True, kw_only=True)
class RulingShown:
    """What was decided, or is about to be; `lines` names what each tax comes to."""

    kind: str
    outcome: str
    reasons: str
    lines: dict[int, int]
    seats: int
    present: int
    status: str
    signed_at: datetime | None
    served_on: date | None
    how: str
    change_id: int | None
    drafted_at: datetime | None = None
    drafted_by: int | None = None

    @property
    def label(self) -> str:
        return outcome_label(self.kind, self.outcome)

    @property
    def draft(self) -> bool:
        return self.status == RulingStatus.DRAFT

    @property
    def served(self) -> bool:
        return self.status == RulingStatus.SERVED

    @property
    def status_label(self) -> str:
        return str(RulingStatus(self.status).label)


@dataclass(frozen=True, kw_only=True)
class CaseDetail:
    """One case with its petition, docket, files, clocks, ruling and money."""

    summary: CaseSummary
    taxpayer_id: int
    body: str
    authority: str
    at_counter: bool
    served_on: date | None
    hindered_until: date | None
    hindrance: str
    grounds: str
    wish: str
    wish_amount: int | None
    public_hearing: bool
    interpreter: str
    accessibility: str
    remote: bool
    language: str
    unavailable: tuple[date, ...]
    docket: tuple[Line, ...]
    files: tuple[FileShown, ...]
    deadlines: tuple[DeadlineSaid, ...]
    mending: str
    ruling: RulingShown | None
    money: tuple[MoneyOnItsWay, ...]
    document_id: int | None
    hearings: tuple[HearingShown, ...] = ()
    anew: ResultShown | None = None
    notice_id: int | None = None
    longer: bool = False
    sealed: bool = False

    @property
    def hearing(self) -> HearingShown | None:
        """The one that counts: set, running, or the last that was held."""
        return self.hearings[-1] if self.hearings else None

    @property
    def wish_label(self) -> str:
        return str(Wish(self.wish).label)

    @property
    def changed(self) -> bool:
        """The ruling, or the result of a re-examination, changed the bill."""
        return bool((self.ruling and self.ruling.change_id) or (self.anew and self.anew.change_id))

    @property
    def to_examine(self) -> bool:
        """A served ruling had the bill examined anew, and the result is not served yet."""
        ordered = self.ruling is not None and self.ruling.outcome == Outcome.REEXAMINE and self.ruling.served
        return ordered and not (self.anew and self.anew.served)

    @property
    def answered(self) -> bool:
        return any(line.event == Event.ANSWERED for line in self.docket)

    @property
    def draft(self) -> bool:
        return self.summary.status == Status.DRAFT
