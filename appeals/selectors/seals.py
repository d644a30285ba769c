"""Seals of a case, as the court and the side that asked see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.enums import Role
from accounts.selectors.officers import all_officers
from appeals.models import Case, Entry, Evidence, Seal, SealReader
from appeals.seal_states import SEAL_COLOURS, SealGround, SealStatus
from appeals.states import INTERNAL, Event, Side, Status

FIELDS: Final = (
    *("id", "file_id", "line_id", "keeper", "status", "reason", "asked_at", "ground", "article", "because"),
    *("decided_at", "lifted_at", "lifted_because"),
)
MOST: Final = 200
LEVYING: Final = {Role.ASSESSOR, Role.COLLECTOR, Role.APPROVER}
# Lines about sealing itself.
OWN: Final = (Event.SEAL_ASKED, Event.SEALED, Event.SEAL_REFUSED, Event.UNSEALED)


@dataclass(frozen=True, kw_only=True)
class SealShown:
    """A seal; `what` names the thing in words, `readers` who of the levying office was named."""

    id: int
    what: str
    file_id: int | None
    line_id: int | None
    keeper: str
    status: str
    reason: str
    asked_at: datetime
    ground: str
    article: str
    because: str
    decided_at: datetime | None
    lifted_at: datetime | None
    lifted_because: str
    readers: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.file_id is None and self.line_id is None

    @property
    def asked(self) -> bool:
        return self.status == SealStatus.ASKED

    @property
    def stands(self) -> bool:
        return self.status == SealStatus.STANDS

    @property
    def label(self) -> str:
        return str(SealStatus(self.status).label)

    @property
    def colour(self) -> str:
        return SEAL_COLOURS[SealStatus(self.status)]

    @property
    def ground_label(self) -> str:
        return str(SealGround(self.ground).label) if self.ground else ""


@dataclass(frozen=True, kw_only=True)
class Sealable:
    """A file or a line that can be sealed; `side` brought or wrote it."""

    key: str
    label: str
    side: str


@dataclass(frozen=True, kw_only=True)
class SealAsked:
    """A request that waits for the court."""

    case_id: int
    number: str
    asked_at: datetime


def seals_of(case_id: int, *, staff: bool) -> list[SealShown]:
    """What the session may see of them, the newest first. `staff`: with who was named."""
    rows = list(Seal.objects.filter(case_id=case_id).order_by("-pk").values(*FIELDS)[:MOST])
    names = {thing.key: thing.label for thing in sealable(case_id)}
    readers: dict[int, list[str]] = {}
    if staff:
        people = {officer.account_id: officer.name for officer in all_officers()}
        for seal_id, officer_id in SealReader.objects.filter(seal__case_id=case_id).values_list(
            "seal_id", "officer_id"
        ):
            readers.setdefault(seal_id, []).append(people.get(officer_id, ""))
    return [
        SealShown(
            **row, what=names.get(key_of(row["file_id"], row["line_id"]), ""), readers=tuple(readers.get(row["id"], ()))
        )
        for row in rows
    ]


def sealable(case_id: int, *, side: str = "") -> list[Sealable]:
    """Files and lines of a case that the session sees, of one side or of all."""
    files = Evidence.objects.filter(case_id=case_id).order_by("pk").values_list("pk", "name", "side")
    lines = Entry.objects.filter(case_id=case_id).exclude(event__in=(*OWN, *INTERNAL, Event.EVIDENCE)).order_by("pk")
    found = [Sealable(key=f"file-{pk}", label=name, side=of) for pk, name, of in files]
    found += [
        Sealable(key=f"line-{pk}", label=f"{at.date().isoformat()} {Event(event).label}", side=of)
        for pk, at, event, of in lines.exclude(text="").values_list("pk", "at", "event", "side")
    ]
    return [
        one
        for one in found
        if not side
        or one.side == side
        or (side == Side.PETITIONER and one.side == Side.CLERK and one.key.startswith("file-"))
    ]


def key_of(file_id: int | None, line_id: int | None) -> str:
    return f"file-{file_id}" if file_id else f"line-{line_id}" if line_id else ""


def asked() -> list[SealAsked]:
    """Requests that wait, of cases that the officer hears; the oldest first."""
    rows = Seal.objects.filter(status=SealStatus.ASKED).order_by("asked_at").values_list("case_id", "asked_at")
    found = list(rows[:MOST])
    numbers = dict(Case.objects.filter(pk__in=[pk for pk, _ in found]).values_list("pk", "number"))
    return [SealAsked(case_id=pk, number=numbers[pk] or "", asked_at=at) for pk, at in found if pk in numbers]


def readers_for(case_id: int) -> list[tuple[str, str]]:
    """Officers who may speak for the levy of a case: account and name."""
    body = Case.objects.filter(pk=case_id).exclude(status=Status.DRAFT).values_list("body_id", flat=True).first()
    return [
        (str(officer.account_id), officer.name)
        for officer in all_officers()
        if officer.active and officer.body == body and officer.roles & LEVYING
    ]
