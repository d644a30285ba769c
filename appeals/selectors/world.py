"""What the solver is asked: every case to be heard, every room ahead, who has to be where, who was told already.

For the worker, which sees all of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from appeals.models import Case, Entry, Session, Slot
from appeals.rules.calendar import Hearing, Limits, Question, Weights
from appeals.rules.calendar import Session as Room
from appeals.rules.clocks import Clocks
from appeals.rules.sittings import minutes_of
from appeals.selectors.clocks import clocks, clocks_of, mendings_of
from appeals.states import CURRENT, RUNNING, Event, SlotStatus, Status
from billing import selectors as bills
from billing.rules.dated import DatedTables
from billing.selectors.city import dated_tables
from core import clock

# No plan looks further ahead.
AHEAD: Final = timedelta(days=400)
ADVOCATE: Final = "advocate:"


@dataclass(frozen=True, kw_only=True)
class Booked:
    """The minutes that a case has now."""

    session: str
    minute: int
    lasts: int


@dataclass(frozen=True, kw_only=True)
class World:
    """`asked` is about all cases, booked or not; `fixed`: in whose session nobody could be told of a change in time."""

    asked: Question
    booked: dict[str, Booked]
    fixed: frozenset[str]

    @property
    def waiting(self) -> list[Hearing]:
        return [one for one in self.asked.hearings if one.key not in self.booked]

    @property
    def places(self) -> dict[str, str]:
        return {key: booked.session for key, booked in self.booked.items()}


def world(
    *, authority: str, at: datetime, wanted: int | None = None, away: Collection[date] = (), soon: bool = False
) -> World:
    """Everything about an authority's calendar. `wanted`: one case that needs a place beside those that have one, on
    none of the days `away`; `soon`: its petitioner agreed to be told later than the law says. Without it: all that
    wait."""
    own, tables, today = clocks(at), dated_tables(), clock.local_date(at)
    rooms = list(Session.objects.filter(authority_id=authority, day__gt=today, day__lte=today + AHEAD))
    in_time = {row.day: own.to_notify(hearing=row.day).last_day >= today for row in rooms}
    first = min((day for day, told in in_time.items() if told), default=date.max)
    held = Slot.objects.filter(session__in=rooms, status=SlotStatus.SET)
    slots = {slot.case_id: slot for slot in held.select_related("session")}
    hearings = _hearings(_cases(authority, slots, wanted), own=own, tables=tables, at=at)
    # Who is told anew is told in time; where somebody sits already they may stay.
    hearings = [
        _of_the_wanted(one, away, today if soon else max(first, one.earliest))
        if one.key == str(wanted)
        else _beside(one, slots.get(int(one.key)), first)
        for one in hearings
    ]
    by_id = {str(row.pk): row for row in rooms}
    booked = {
        str(case_id): Booked(session=str(slot.session_id), minute=slot.minute, lasts=slot.lasts)
        for case_id, slot in slots.items()
    }
    return World(
        asked=Question(
            hearings=hearings,
            sessions=[_room(row) for row in rooms],
            limits=_limits(hearings, booked, by_id, tables=tables, at=at),
            weights=_weights(tables, at),
        ),
        booked=booked,
        fixed=frozenset(key for key, one in booked.items() if not in_time[by_id[one.session].day]),
    )


def _cases(authority: str, booked: Collection[int], wanted: int | None) -> list[Case]:
    """Those that have minutes, and those that want some. What came late is dismissed without a hearing, and what is
    being mended waits, unless a clerk wants it heard."""
    rows = Case.objects.filter(authority_id=authority, status__in=RUNNING)
    if wanted is not None:
        return list(rows.filter(pk__in={*booked, wanted}).order_by("received_at", "pk"))
    heard = Slot.objects.filter(status__in=(*CURRENT, SlotStatus.HEARD)).values("case_id")
    late = Entry.objects.filter(event=Event.LATE).values("case_id")
    free = rows.filter(status=Status.PENDING).exclude(pk__in=heard).exclude(pk__in=late)
    return list((free | rows.filter(pk__in=booked)).order_by("received_at", "pk"))


def _hearings(cases: Collection[Case], *, own: Clocks, tables: DatedTables, at: datetime) -> list[Hearing]:
    """`earliest` is the day after the levying office's answer is due, or is there."""
    today, ids = clock.local_date(at), [case.pk for case in cases]
    mendings = mendings_of(ids)
    answered = set(Entry.objects.filter(case_id__in=ids, event=Event.ANSWERED).values_list("case_id", flat=True))
    taxes = {bill.id: bill.tax for bill in bills.bills_by_id(bill_ids={c.bill_id for c in cases}, at=at).values()}
    people = people_of(case_ids=ids, at=at)
    booked = dict(Slot.objects.filter(case_id__in=ids, status=SlotStatus.SET).values_list("case_id", "lasts"))
    found = []
    for case in cases:
        runs = clocks_of(
            case, mendings=mendings[case.pk], answered=case.pk in answered, decision_served=None, at=at, with_=own
        )
        received = clock.local_date(case.received_at or at)
        ready = runs.answer.last_day + timedelta(days=1) if runs.answer else today
        length = minutes_of(
            tables=tables, day=today, tax=taxes[case.bill_id], interpreter=bool(case.interpreter.strip())
        )
        found.append(
            Hearing(
                key=str(case.pk),
                minutes=booked.get(case.pk, length),
                tax=taxes[case.bill_id],
                district=case.body_id,
                received=received,
                earliest=ready,
                decide_by=runs.decide.last_day if runs.decide else received + timedelta(days=90),
                people=frozenset(mark for mark, _ in people[case.pk]),
                away=frozenset(date.fromisoformat(day) for day in case.unavailable),
                step_free=bool(case.accessibility.strip()),
                remote=case.remote,
            )
        )
    return found


def people_of(*, case_ids: Collection[int], at: datetime) -> dict[int, list[tuple[str, int]]]:
    """Who has to be at each hearing, by marks, and in how many rooms each can be at once. The database says
    (`appeals_people`): what books them and what plans with them are one."""
    found: dict[int, list[tuple[str, int]]] = {case_id: [] for case_id in case_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c, p.mark, p.heads FROM unnest(%s::bigint[]) AS c, appeals_people(c, %s) AS p", [list(case_ids), at]
        )
        for case_id, mark, heads in cursor.fetchall():
            found[case_id].append((mark, heads))
    return found


def _of_the_wanted(one: Hearing, away: Iterable[date], earliest: date) -> Hearing:
    return replace(one, earliest=earliest, away=one.away | frozenset(away))


def _beside(one: Hearing, slot: Slot | None, first: date) -> Hearing:
    earliest = max(first, one.earliest)
    return replace(one, earliest=min(earliest, slot.session.day) if slot else earliest)


def _room(row: Session) -> Room:
    return Room(
        key=str(row.pk),
        day=row.day,
        part=row.part,
        room=row.room,
        minutes=row.minutes,
        step_free=row.step_free,
        remote=row.remote,
    )


def _limits(
    hearings: Collection[Hearing],
    booked: Mapping[str, Booked],
    rooms: Mapping[str, Session],
    *,
    tables: DatedTables,
    at: datetime,
) -> Limits:
    """The city's; where somebody has more already, such as an advocate who was named after the hearings were set, so
    much: what stands is no reason to plan nothing."""
    lengths = tables.at("hearing_lengths", clock.local_date(at)).body
    at_once = {f"interpreter:{code}": int(heads) for code, heads in lengths["interpreters"].items()}
    inside: dict[tuple[str, date, str], set[str]] = defaultdict(set)
    a_day: Counter[tuple[str, date]] = Counter()
    for one in hearings:
        if one.key in booked:
            there = rooms[booked[one.key].session]
            for mark in one.people:
                inside[mark, there.day, there.part].add(there.room)
                a_day[mark, there.day] += 1
    for (mark, _, _), in_rooms in inside.items():
        if len(in_rooms) > at_once.get(mark, 1):
            at_once[mark] = len(in_rooms)
    marks = {mark for one in hearings for mark in one.people if mark.startswith(ADVOCATE)}
    most = int(lengths["cases_of_an_advocate"])
    has = {mark: max((count for (who, _), count in a_day.items() if who == mark), default=0) for mark in marks}
    return Limits(a_day={mark: max(most, has[mark]) for mark in marks}, at_once=at_once)


def _weights(tables: DatedTables, at: datetime) -> Weights:
    body = tables.at("hearing_weights", clock.local_date(at)).body
    return Weights(late_day=body["late_day"], waited=body["waited_day_squared"], apart=body["apart"])
