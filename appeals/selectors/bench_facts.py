"""The committee as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from appeals.bench_states import (
    PANEL_COLOURS,
    Ground,
    Office,
    PanelStatus,
    Profession,
    RecusalKind,
    RecusalStatus,
    Short,
)
from appeals.selectors.facts import CaseSummary
from appeals.states import outcome_label


@dataclass(frozen=True, kw_only=True)
class TimeInOffice:
    """A commission; `last_day` is that on which it ends or ended."""

    id: int
    office: str
    begins_on: date
    ends_on: date
    ended_on: date | None
    ended_because: str
    made_at: datetime
    now: bool

    @property
    def last_day(self) -> date:
        return self.ended_on or self.ends_on

    @property
    def label(self) -> str:
        return str(Office(self.office).label)


@dataclass(frozen=True, kw_only=True)
class MemberShown:
    """A member with their times in office, the newest first, and days on which they can't sit."""

    id: int
    name: str
    profession: str
    body: str
    times: tuple[TimeInOffice, ...]
    absences: tuple[tuple[date, date], ...] = ()

    @property
    def profession_label(self) -> str:
        return str(Profession(self.profession).label)

    @property
    def current(self) -> TimeInOffice | None:
        return next((one for one in self.times if one.now), None)


@dataclass(frozen=True, kw_only=True)
class SeatShown:
    """Who sits. `barred`: the ground for which they don't in a case ("" where it is not told), None: they do."""

    member_id: int
    name: str
    profession: str
    place: int
    there: bool
    barred: str | None = None
    challenged: bool = False

    @property
    def office_label(self) -> str:
        return str({0: Office.CHAIR, 1: Office.VICE}.get(self.place, Office.MEMBER).label)

    @property
    def profession_label(self) -> str:
        return str(Profession(self.profession).label)

    @property
    def barred_label(self) -> str:
        return str(Ground(self.barred).label) if self.barred else ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who decides a case, as the database counts: more than half of the seats must be at the table."""

    panel_id: int
    seats: int
    present: int
    presides: int | None
    waits: bool

    @property
    def has_quorum(self) -> bool:
        return 2 * self.present > self.seats


@dataclass(frozen=True, kw_only=True)
class ListedCase:
    """A case before a panel; `summary` only where the reader sits in it or hears it."""

    case_id: int
    position: int
    summary: CaseSummary | None
    standing: Standing | None


@dataclass(frozen=True, kw_only=True)
class PanelShown:
    """A panel; `begins` as the city's table has it, `room` in the reader's language."""

    id: int
    body: str
    day: date
    begins: str
    room: str
    seats: int
    status: str
    why: str
    bench: tuple[SeatShown, ...]
    cases: tuple[ListedCase, ...]
    draw_id: int | None
    standin: int | None = None

    @property
    def standin_name(self) -> str:
        """Who presides if neither chair nor vice-chair comes; empty: nobody is named."""
        return next((one.name for one in self.bench if one.member_id == self.standin), "")

    @property
    def label(self) -> str:
        return str(PanelStatus(self.status).label)

    @property
    def colour(self) -> str:
        return PANEL_COLOURS[PanelStatus(self.status)]

    @property
    def why_label(self) -> str:
        if self.why in Profession.values:
            return gettext("Too few are free of: %(profession)s") % {"profession": Profession(self.why).label}
        return str(Short(self.why).label) if self.why else ""

    @property
    def seated(self) -> bool:
        return self.status == PanelStatus.SEATED

    @property
    def there(self) -> int:
        return sum(1 for one in self.bench if one.there)


@dataclass(frozen=True, kw_only=True)
class RecusalShown:
    id: int
    case_id: int
    member_id: int
    member: str
    kind: str
    status: str
    reason: str
    because: str
    asked_at: datetime

    @property
    def label(self) -> str:
        return str(RecusalKind(self.kind).label)

    @property
    def status_label(self) -> str:
        return str(RecusalStatus(self.status).label)

    @property
    def waits(self) -> bool:
        return self.status == RecusalStatus.ASKED


@dataclass(frozen=True, kw_only=True)
class RoundShown:
    """A round of voting; `votes` (name, outcome or "") as far as the reader may see them."""

    kind: str
    number: int
    opened_at: datetime
    closed_at: datetime | None
    carried: str
    presides: int
    drafter: int | None
    votes: tuple[tuple[str, str], ...]

    @property
    def carried_label(self) -> str:
        return outcome_label(self.kind, self.carried) if self.carried else ""

    @property
    def shown_votes(self) -> list[tuple[str, str]]:
        return [(name, outcome_label(self.kind, vote) if vote else "") for name, vote in self.votes]


@dataclass(frozen=True, kw_only=True)
class NoteShown:
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Deliberation:
    """What the members who sit in a case see; `sha256` is that of the draft, `unsigned` who has not signed it."""

    own: int
    standing: Standing
    bench: tuple[SeatShown, ...]
    recusals: tuple[RecusalShown, ...]
    rounds: tuple[RoundShown, ...]
    notes: tuple[NoteShown, ...]
    sha256: str
    unsigned: tuple[SeatShown, ...]
    seals: int | None

    @property
    def open(self) -> RoundShown | None:
        return next((one for one in self.rounds if one.closed_at is None), None)

    @property
    def carried(self) -> RoundShown | None:
        return next((one for one in self.rounds if one.carried), None)

    @property
    def presides(self) -> bool:
        return self.standing.presides == self.own

    @property
    def signs(self) -> bool:
        """Whether the reader's signature is wanted under the draft."""
        return bool(self.sha256) and self.own in {one.member_id for one in self.unsigned}
