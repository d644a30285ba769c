"""The clerk's calendar: sittings and what is free in them, plans to be looked at, a hearing and what happened in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Sum
from django.utils.translation import get_language

from appeals.models import CalendarPlan, Case, Entry, Minutes, Moment, Session, Slot
from appeals.rules.live import Running, expected
from appeals.selectors.hearings import HearingShown, hearing_shown
from appeals.states import (
    CURRENT,
    SLOT_COLOURS,
    Event,
    Happening,
    PlanKind,
    PlanStatus,
    Presence,
    SlotStatus,
    Speaker,
    Status,
)

MOST: Final = 400


@dataclass(frozen=True, kw_only=True)
class CaseThere:
    """A case in a room: `starts` as it was told, `expected` as things stand."""

    slot_id: int
    case_id: int
    number: str
    starts: datetime
    expected: datetime
    lasts: int
    status: str
    is_open: bool
    remote: bool
    link: str

    @property
    def label(self) -> str:
        return str(SlotStatus(self.status).label)

    @property
    def colour(self) -> str:
        return SLOT_COLOURS[SlotStatus(self.status)]


@dataclass(frozen=True, kw_only=True)
class SessionShown:
    """A room in one part of a day, with the minutes that are free."""

    id: int
    authority: str
    day: date
    room_ko: str
    room_en: str
    begins: datetime
    minutes: int
    free: int
    seats: int
    cases: tuple[CaseThere, ...] = ()

    @property
    def room(self) -> str:
        return self.room_ko if (get_language() or "ko").startswith("ko") else self.room_en


def sessions_ahead(*, authority: str, today: date) -> list[SessionShown]:
    """The sessions of an authority from today on, without their cases."""
    rows = list(Session.objects.filter(authority_id=authority, day__gte=today).order_by("begins", "room")[:MOST])
    held = Slot.objects.filter(session__in=rows).exclude(status=SlotStatus.RELEASED).values_list("session_id")
    taken: dict[int, int] = dict(held.annotate(Sum("lasts")).values_list("session_id", "lasts__sum"))
    return [_session(row, taken.get(row.pk, 0), ()) for row in rows]


def session(*, session_id: int, at: datetime) -> SessionShown | None:
    """One room of a sitting with its cases in order, as the officer may see them."""
    row = Session.objects.filter(pk=session_id).first()
    if row is None:
        return None
    slots = list(
        Slot.objects.filter(session=row).exclude(status=SlotStatus.RELEASED).select_related("case").order_by("minute")
    )
    times = [row.begins + timedelta(minutes=slot.minute) for slot in slots]
    order = [
        Running(planned=when, lasts=slot.lasts, began=slot.began_at, ended=slot.ended_at)
        for when, slot in zip(times, slots, strict=True)
    ]
    cases = tuple(
        CaseThere(
            slot_id=slot.pk,
            case_id=slot.case_id,
            number=slot.case.number or "",
            starts=when,
            expected=then,
            lasts=slot.lasts,
            status=slot.status,
            is_open=slot.case.public_hearing and not slot.case.sealed,
            remote=slot.case.remote,
            link=slot.link,
        )
        for slot, when, then in zip(slots, times, expected(order=order, now=at), strict=True)
    )
    return _session(row, sum(slot.lasts for slot in slots), cases)


def _session(row: Session, taken: int, cases: tuple[CaseThere, ...]) -> SessionShown:
    return SessionShown(
        id=row.pk,
        authority=row.authority_id,
        day=row.day,
        room_ko=row.room_ko,
        room_en=row.room_en,
        begins=row.begins,
        minutes=row.minutes,
        free=row.minutes - taken,
        seats=row.seats,
        cases=cases,
    )


@dataclass(frozen=True, kw_only=True)
class OwnHearing:
    """A hearing at which the officer's body explains its levy."""

    case_id: int
    number: str
    hearing: HearingShown


def hearings_ahead(*, bodies: Collection[str], at: datetime) -> list[OwnHearing]:
    """What is set and was levied by these bodies, the next first; what was overdue today among it."""
    rows = Slot.objects.filter(
        status__in=CURRENT, case__body_id__in=bodies, session__begins__gte=at - timedelta(days=1)
    )
    return [
        OwnHearing(case_id=row.case_id, number=row.case.number or "", hearing=hearing_shown(row))
        for row in rows.select_related("case", "session").order_by("session__begins", "minute")[:MOST]
    ]


def waiting(*, authority: str) -> int:
    """How many cases that are to be heard have no place: pending, in time, not heard yet."""
    heard = Slot.objects.filter(status__in=(*CURRENT, SlotStatus.HEARD)).values("case_id")
    late = Entry.objects.filter(event=Event.LATE).values("case_id")
    rows = Case.objects.filter(authority_id=authority, status=Status.PENDING)
    return rows.exclude(pk__in=heard).exclude(pk__in=late).count()


@dataclass(frozen=True, kw_only=True)
class Put:
    """A case of a plan: where it would be heard, and where it is now, if anywhere. `late`: after its last day."""

    case_id: int
    number: str
    starts: datetime
    lasts: int
    room: str
    before: datetime | None
    room_before: str


@dataclass(frozen=True, kw_only=True)
class PlanShown:
    """A plan as the clerk looks at it. `gap`: how much less another plan could cost at most, in percent."""

    id: int
    kind: str
    status: str
    step: str
    asked_at: datetime
    begun_at: datetime | None
    case_id: int | None
    number: str
    reason: str
    consent: str
    puts: tuple[Put, ...]
    left: tuple[tuple[int, str], ...]
    gap: float
    proven: bool

    @property
    def label(self) -> str:
        return str(PlanStatus(self.status).label)

    @property
    def kind_label(self) -> str:
        return str(PlanKind(self.kind).label)

    @property
    def running(self) -> bool:
        return self.status in (PlanStatus.ASKED, PlanStatus.WORKING)

    @property
    def ready(self) -> bool:
        return self.status == PlanStatus.READY

    @property
    def open(self) -> bool:
        return self.running or self.ready

    @property
    def others(self) -> int:
        """How many cases beside the one asked about are at another time or place."""
        return sum(1 for one in self.puts if one.case_id != self.case_id)


def newest_plan(*, authority: str) -> PlanShown | None:
    """The plan that is being made or looked at."""
    row = CalendarPlan.objects.filter(authority_id=authority).order_by("-pk").first()
    return None if row is None else _plan(row)


def plan(*, plan_id: int) -> PlanShown | None:
    row = CalendarPlan.objects.filter(pk=plan_id).first()
    return None if row is None else _plan(row)


def _plan(row: CalendarPlan) -> PlanShown:
    ids = {*(put["case"] for put in row.places), *row.left, *([row.case_id] if row.case_id else [])}
    numbers = dict(Case.objects.filter(pk__in=ids).values_list("pk", "number"))
    rooms = {one.pk: one for one in Session.objects.filter(pk__in={put["session"] for put in row.places})}
    current = Slot.objects.filter(case_id__in=ids, status=SlotStatus.SET).select_related("session")
    before = {slot.case_id: hearing_shown(slot) for slot in current}
    korean = (get_language() or "ko").startswith("ko")
    puts = [_put(put, numbers, rooms[put["session"]], before.get(put["case"]), korean=korean) for put in row.places]
    return PlanShown(
        id=row.pk,
        kind=row.kind,
        status=row.status,
        step=row.step,
        asked_at=row.asked_at,
        begun_at=row.begun_at,
        case_id=row.case_id,
        number=numbers.get(row.case_id) or "" if row.case_id else "",
        reason=row.reason,
        consent=row.consent,
        puts=tuple(sorted(puts, key=lambda one: (one.starts, one.room))),
        left=tuple((pk, numbers.get(pk) or "") for pk in row.left),
        gap=100 * (row.cost - row.bound) / row.cost if row.cost else 0.0,
        proven=row.proven,
    )


def _put(
    put: dict[str, int], numbers: dict[int, str | None], there: Session, before: HearingShown | None, *, korean: bool
) -> Put:
    return Put(
        case_id=put["case"],
        number=numbers.get(put["case"]) or "",
        starts=there.begins + timedelta(minutes=put["minute"]),
        lasts=put["lasts"],
        room=there.room_ko if korean else there.room_en,
        before=before.starts if before else None,
        room_before=before.room if before else "",
    )


@dataclass(frozen=True, kw_only=True)
class MomentShown:
    kind: str
    side: str
    presence: str
    text: str
    at: datetime

    @property
    def label(self) -> str:
        return str(Happening(self.kind).label)

    @property
    def who(self) -> str:
        return str(Speaker(self.side).label) if self.side else ""

    @property
    def came(self) -> str:
        return str(Presence(self.presence).label) if self.presence else ""


@dataclass(frozen=True, kw_only=True)
class MinutesShown:
    id: int
    version: int
    text: str
    written_by: int
    written_at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class HearingDetail:
    """A hearing with what happened in it and every version of its minutes, the newest first."""

    case_id: int
    number: str
    taxpayer_id: int
    authority: str
    is_open: bool
    interpreter: str
    accessibility: str
    wants_remote: bool
    hearing: HearingShown
    moments: tuple[MomentShown, ...]
    minutes: tuple[MinutesShown, ...]

    @property
    def version(self) -> int:
        return self.minutes[0].version if self.minutes else 0


def hearing(*, slot_id: int) -> HearingDetail | None:
    """One hearing, for those who hear it; others see no moments and no minutes of it."""
    slot = Slot.objects.filter(pk=slot_id).select_related("case", "session").first()
    if slot is None:
        return None
    moments = Moment.objects.filter(slot=slot).order_by("pk").values("kind", "side", "presence", "text", "at")
    return HearingDetail(
        case_id=slot.case_id,
        number=slot.case.number or "",
        taxpayer_id=slot.case.taxpayer_id,
        authority=slot.case.authority_id,
        is_open=slot.case.public_hearing and not slot.case.sealed,
        interpreter=slot.case.interpreter,
        accessibility=slot.case.accessibility,
        wants_remote=slot.case.remote,
        hearing=hearing_shown(slot),
        moments=tuple(MomentShown(**row) for row in moments),
        minutes=tuple(_minutes(slot)),
    )


def slot_of_minutes(*, minutes_id: int) -> int | None:
    return Minutes.objects.filter(pk=minutes_id).values_list("slot_id", flat=True).first()


def _minutes(slot: Slot) -> list[MinutesShown]:
    rows: Any = Minutes.objects.filter(slot=slot).order_by("-version")
    fields = ("pk", "version", "text", "written_by_id", "written_at", "signed__signed_at")
    return [MinutesShown(**dict(zip(NAMES, row, strict=True))) for row in rows.values_list(*fields)]


NAMES: Final = ("id", "version", "text", "written_by", "written_at", "signed_at")
