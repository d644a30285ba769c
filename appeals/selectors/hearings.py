"""The calendar as everybody sees it, and the hearing of a case as its parties do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.utils.translation import get_language

from appeals.models import Slot
from appeals.rules.live import Running, expected
from appeals.states import CURRENT, SLOT_COLOURS, SlotStatus

AHEAD: Final = timedelta(days=200)


def _korean() -> bool:
    return (get_language() or "ko").startswith("ko")


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the public calendar. Of a case that is not heard in public there is neither number, tax nor district.

    `expected`: when it begins as things stand; `planned`: the time that everybody was told.
    """

    session_id: int
    day: date
    part: str
    room: str
    room_ko: str
    room_en: str
    way_ko: str
    way_en: str
    begins: datetime
    minutes: int
    seats: int
    seats_left: int
    step_free: bool
    slot_id: int
    minute: int
    lasts: int
    status: str
    moves: int
    booked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    is_open: bool
    number: str | None
    tax_ko: str | None
    tax_en: str | None
    body_ko: str | None
    body_en: str | None
    expected: datetime | None = None

    @property
    def planned(self) -> datetime:
        return self.begins + timedelta(minutes=self.minute)

    @property
    def ends(self) -> datetime:
        return self.planned + timedelta(minutes=self.lasts)

    @property
    def late(self) -> bool:
        return self.expected is not None and self.expected > self.planned

    @property
    def label(self) -> str:
        return str(SlotStatus(self.status).label)

    @property
    def colour(self) -> str:
        return SLOT_COLOURS[SlotStatus(self.status)]

    @property
    def tax(self) -> str:
        return (self.tax_ko if _korean() else self.tax_en) or ""

    @property
    def body(self) -> str:
        return (self.body_ko if _korean() else self.body_en) or ""

    @property
    def room_name(self) -> str:
        return self.room_ko if _korean() else self.room_en

    @property
    def way(self) -> str:
        return self.way_ko if _korean() else self.way_en


@dataclass(frozen=True, kw_only=True)
class Room:
    """One room in one part of a sitting's day, with what is heard there in order."""

    first: Item
    items: tuple[Item, ...]

    @property
    def listens(self) -> bool:
        """Whether the public has something to listen to."""
        return any(one.is_open and one.status in CURRENT for one in self.items)

    @property
    def closed(self) -> int:
        return sum(1 for one in self.items if not one.is_open)


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """A day on which the court sits."""

    day: date
    rooms: tuple[Room, ...]

    @property
    def cases(self) -> int:
        return sum(len(room.items) for room in self.rooms)

    @property
    def open_cases(self) -> int:
        return self.cases - sum(room.closed for room in self.rooms)


def public_calendar(*, first: date, last: date, at: datetime) -> list[Sitting]:
    """Everything booked from day to day, in order, with the times as things stand; the same for everybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM appeals_calendar_of(%s, %s)", [first, last])
        names = [column.name for column in cursor.description or ()]
        items = [Item(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    rooms: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        rooms[item.session_id].append(item)
    days: dict[date, list[Room]] = defaultdict(list)
    for own in rooms.values():
        days[own[0].day].append(Room(first=own[0], items=_as_things_stand(own, at)))
    return [Sitting(day=day, rooms=tuple(found)) for day, found in days.items()]


def _as_things_stand(items: list[Item], at: datetime) -> tuple[Item, ...]:
    order = [Running(planned=one.planned, lasts=one.lasts, began=one.began_at, ended=one.ended_at) for one in items]
    return tuple(replace(one, expected=when) for one, when in zip(items, expected(order=order, now=at), strict=True))


@dataclass(frozen=True, kw_only=True)
class HearingShown:
    """The hearing of a case, as its parties and the desks see it. `link`: where they attend from afar."""

    slot_id: int
    session_id: int
    status: str
    day: date
    starts: datetime
    lasts: int
    moves: int
    room_ko: str
    room_en: str
    way_ko: str
    way_en: str
    step_free: bool
    remote: bool
    link: str
    began_at: datetime | None
    ended_at: datetime | None

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.lasts)

    @property
    def began(self) -> bool:
        return self.status == SlotStatus.BEGUN

    @property
    def ahead(self) -> bool:
        return self.status == SlotStatus.SET

    @property
    def current(self) -> bool:
        return self.status in CURRENT

    @property
    def label(self) -> str:
        return str(SlotStatus(self.status).label)

    @property
    def colour(self) -> str:
        return SLOT_COLOURS[SlotStatus(self.status)]

    @property
    def room(self) -> str:
        return self.room_ko if _korean() else self.room_en

    @property
    def way(self) -> str:
        return self.way_ko if _korean() else self.way_en


# What every face may read of them.
FIELDS: Final = (
    *("id", "case_id", "session_id", "status", "minute", "lasts", "moves", "link", "began_at", "ended_at"),
    *("session__day", "session__begins", "session__room_ko", "session__room_en", "session__way_ko", "session__way_en"),
    *("session__step_free", "session__remote"),
)


def hearings_of(*, case_id: int) -> tuple[HearingShown, ...]:
    """All hearings of a case in order, those that were adjourned among them; the last is the one that counts."""
    rows = Slot.objects.filter(case_id=case_id).exclude(status=SlotStatus.RELEASED)
    return tuple(hearing_shown(row) for row in rows.select_related("session").only(*FIELDS).order_by("pk"))


def hearing_shown(slot: Slot) -> HearingShown:
    there = slot.session
    return HearingShown(
        slot_id=slot.pk,
        session_id=slot.session_id,
        status=slot.status,
        day=there.day,
        starts=there.begins + timedelta(minutes=slot.minute),
        lasts=slot.lasts,
        moves=slot.moves,
        room_ko=there.room_ko,
        room_en=there.room_en,
        way_ko=there.way_ko,
        way_en=there.way_en,
        step_free=there.step_free,
        remote=there.remote,
        link=slot.link,
        began_at=slot.began_at,
        ended_at=slot.ended_at,
    )
