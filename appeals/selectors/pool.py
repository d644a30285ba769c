"""The pool of special tax advocates: as the clerk keeps it, as each sees themselves, and as a draw takes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language

from accounts.enums import Role
from accounts.selectors.officers import OfficerFacts, all_officers
from appeals.advocate_states import HEARING_ROLES, Declared
from appeals.models import Advocacy, Advocate, AdvocateAbsence, Conflict, Declaration
from appeals.states import RUNNING, Status
from billing.selectors import all_taxes
from billing.selectors.city import dated_tables
from core import clock

BUSY: Final = (*RUNNING, Status.DECIDED)
HISTORY: Final = 100


@dataclass(frozen=True, kw_only=True)
class AbsenceShown:
    id: int
    begins: date
    ends: date


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """An advocate as they stand now; `running`: cases that they have, `able`: whether they may be drawn at all."""

    officer: OfficerFacts
    in_pool: bool
    knows: dict[str, int]
    districts: tuple[str, ...]
    team: str
    most: int
    phone: str
    room: str
    running: int
    absences: tuple[AbsenceShown, ...]
    conflicts: tuple[int, ...]
    listed: bool = True

    @property
    def able(self) -> bool:
        return self.in_pool and may_advocate(self.officer)

    @property
    def full(self) -> bool:
        return self.running >= self.most

    def away(self, day: date) -> bool:
        return any(one.begins <= day <= one.ends for one in self.absences)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A line of the pool's history."""

    what: str
    text: str
    by: str
    at: datetime

    @property
    def label(self) -> str:
        return str(Declared(self.what).label)


@dataclass(frozen=True, kw_only=True)
class Team:
    code: str
    name: str
    taxes: frozenset[str]


def may_advocate(officer: OfficerFacts) -> bool:
    """Who hears cases is nobody's advocate; the database says the same (`appeals_may_advocate`)."""
    roles = {role.value for role in officer.roles}
    return (
        officer.active
        and officer.of_the_city
        and Role.SPECIAL_TAX_ADVOCATE in officer.roles
        and not roles & set(HEARING_ROLES)
    )


def pool(*, at: datetime) -> list[Pooled]:
    """Everybody who was ever taken into the pool and whom the session may see, and officers who could be."""
    today = clock.local_date(at)
    rows = {row.pk: row for row in Advocate.objects.all()}
    running = loads()
    absences: dict[int, list[AbsenceShown]] = {}
    for row in AdvocateAbsence.objects.filter(called_off_at=None, ends__gte=today).order_by("begins", "pk"):
        absences.setdefault(row.advocate_id, []).append(AbsenceShown(id=row.pk, begins=row.begins, ends=row.ends))
    conflicts: dict[int, list[int]] = {}
    for advocate_id, taxpayer_id in Conflict.objects.values_list("advocate_id", "taxpayer_id"):
        conflicts.setdefault(advocate_id, []).append(taxpayer_id)
    found = []
    for officer in all_officers():
        known = rows.get(officer.account_id)
        if known is None and not may_advocate(officer):
            continue
        found.append(
            Pooled(
                officer=officer,
                in_pool=known.in_pool if known else False,
                knows=dict(known.knows) if known else {},
                districts=tuple(known.districts) if known else (),
                team=known.team if known else "",
                most=known.most if known else most_cases(today),
                phone=known.phone if known else "",
                room=known.room if known else "",
                running=running[officer.account_id],
                absences=tuple(absences.get(officer.account_id, ())),
                conflicts=tuple(conflicts.get(officer.account_id, ())),
                listed=known is not None,
            )
        )
    return found


def pooled(officer_id: int, *, at: datetime) -> Pooled | None:
    return next((one for one in pool(at=at) if one.officer.account_id == officer_id), None)


def loads() -> Counter[int]:
    """How many cases that are not over each advocate has."""
    running = Advocacy.objects.filter(ended_at=None, case__status__in=BUSY)
    return Counter(running.values_list("advocate_id", flat=True))


def history(officer_id: int) -> list[Said]:
    """What was declared about an advocate, the newest first."""
    names, taxes = {one.account_id: one.name for one in all_officers()}, tax_names()
    rows = Declaration.objects.filter(advocate_id=officer_id).order_by("-pk")[:HISTORY]
    return [
        Said(what=row.what, text=_in_short(row.what, row.facts, taxes), by=names.get(row.by_id, ""), at=row.at)
        for row in rows
    ]


def _in_short(what: str, told: dict[str, Any], taxes: dict[str, str]) -> str:
    if what == Declared.PROFILE:
        known = ", ".join(f"{taxes.get(tax, tax)} {level}" for tax, level in sorted(told["knows"].items()))
        return " · ".join(part for part in (known, ", ".join(told["districts"]), f"≤ {told['most']}") if part)
    if what == Declared.CONFLICT:
        return f"{told['case']}: {told['reason']}"
    if what == Declared.ABSENCE:
        return f"{told['begins']} – {told['ends']}"
    return " · ".join(str(value) for value in told.values())


def teams(day: date) -> list[Team]:
    """The teams of the city's tax office, by the city's table of that day."""
    korean = (get_language() or "ko").startswith("ko")
    return [
        Team(code=one["code"], name=one["name_ko"] if korean else one["name_en"], taxes=frozenset(one["taxes"]))
        for one in dated_tables().at("hearing_teams", day).body["teams"]
    ]


def most_cases(day: date) -> int:
    most: int = dated_tables().at("hearing_advocates", day).body["most"]
    return most


def tax_names() -> dict[str, str]:
    """The taxes that somebody here hears cases about, named in the reader's language."""
    korean = (get_language() or "ko").startswith("ko")
    heard = dated_tables().at("appeal_authority", clock.local_date(clock.now())).body
    return {
        one.code: one.name_ko if korean else one.name_en
        for one in all_taxes()
        if one.code in {*heard["city"], *heard["district"]}
    }
