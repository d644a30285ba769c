"""The days on which the court sits, every so many from a first one and moved off days of rest; its rooms; how long
a case is heard. Beside the calendar, whose solver no face loads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from billing.rules.calendar import Calendar
from billing.rules.dated import DatedTables


@dataclass(frozen=True, kw_only=True)
class Part:
    code: str
    begins: time
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Room:
    """`seats`: for the public; `way`: how one gets there."""

    code: str
    name_ko: str
    name_en: str
    seats: int
    step_free: bool
    remote: bool
    way_ko: str
    way_en: str


def sitting_days(*, tables: DatedTables, calendar: Calendar, begins: date, ends: date) -> list[date]:
    """The days of sittings from `begins` to `ends`, both included. Raises NoTableForDate and CalendarNotKnown."""
    rhythm = tables.at("hearing_rhythm", begins).body
    first, every = date.fromisoformat(rhythm["first"]), int(rhythm["every_days"])
    nth = max(0, (begins - first).days // every - 1)
    found: list[date] = []
    # One more before and after: a day of rest may move one over either end.
    while (nominal := first + timedelta(days=every * nth)) <= ends:
        day = calendar.next_working_day(nominal)
        if begins <= day <= ends:
            found.append(day)
        nth += 1
    return found


def rooms_on(*, tables: DatedTables, day: date) -> tuple[list[Room], list[Part]]:
    """The city's rooms and the parts of a sitting's day."""
    body = tables.at("hearing_rooms", day).body
    way = {"way_ko": body["way_ko"], "way_en": body["way_en"]}
    return [Room(**raw, **way) for raw in body["rooms"]], [_part(raw) for raw in body["parts"]]


def minutes_of(*, tables: DatedTables, day: date, tax: str, interpreter: bool) -> int:
    """How long a case is heard."""
    body = tables.at("hearing_lengths", day).body
    by_tax: Mapping[str, int] = body["minutes"]
    return by_tax.get(tax, by_tax["other"]) + (int(body["with_interpreter"]) if interpreter else 0)


def _part(raw: Mapping[str, Any]) -> Part:
    return Part(code=raw["code"], begins=time.fromisoformat(raw["begins"]), minutes=int(raw["minutes"]))
