"""Reads of the committee, as far as the running session may see: its members, its panels and their cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import get_language

from accounts.enums import Role
from accounts.selectors.officers import OfficerFacts, all_officers
from appeals.models import Absence, BenchSeat, Case, Commission, Draw, Listed, Member, Panel, Slot
from appeals.selectors import cases
from appeals.selectors.bench_facts import ListedCase, MemberShown, PanelShown, SeatShown, TimeInOffice
from appeals.selectors.judging import asked, standing_of
from appeals.states import CURRENT, RUNNING
from billing.selectors.city import dated_tables
from core import clock

MOST: Final = 200
JUDGES: Final = frozenset({Role.COMMITTEE_MEMBER, Role.CHAIR})


class NoSuchPanel(LookupError):
    """There is no such panel, or the caller may not see it."""


def members(*, at: datetime) -> list[MemberShown]:
    """Of the committees that the clerk keeps, by name."""
    today = clock.local_date(at)
    return [_member(row, today) for row in Member.objects.order_by("body_id", "name", "pk")[:MOST]]


def member(member_id: int, *, at: datetime) -> MemberShown | None:
    row = Member.objects.filter(pk=member_id).first()
    return _member(row, clock.local_date(at)) if row else None


def who_may_become_one(bodies: Sequence[str]) -> list[OfficerFacts]:
    """Officers of these bodies with the role of a member, who are none yet."""
    known = set(Member.objects.values_list("account_id", flat=True))
    return [
        one
        for one in all_officers()
        if one.active and one.body in bodies and one.roles & JUDGES and one.account_id not in known
    ]


def panels(*, at: datetime) -> list[PanelShown]:
    """Those that the reader keeps or sits on, the latest day first."""
    rows = Panel.objects.order_by("-day", "-pk")[:MOST]
    return [_panel(row, at=at) for row in rows]


def own_panels(*, at: datetime) -> list[PanelShown]:
    """Those on which the signed-in member sits from today on, the next first, with their cases."""
    own = [row[0] for row in asked("SELECT unnest(appeals_session_panels())")]
    rows = Panel.objects.filter(pk__in=own, day__gte=clock.local_date(at)).order_by("day", "part", "pk")
    return [_panel(row, at=at, with_cases=True) for row in rows]


def panel(panel_id: int, *, at: datetime) -> PanelShown:
    """One panel with its cases. Raises NoSuchPanel."""
    row = Panel.objects.filter(pk=panel_id).first()
    if row is None:
        raise NoSuchPanel(panel_id)
    return _panel(row, at=at, with_cases=True)


def cases_without_panel(body: str) -> list[tuple[int, str]]:
    """Number of each pending case of a body that no panel hears, the oldest first."""
    listed = Listed.objects.filter(off_at=None).values("case_id")
    rows = Case.objects.filter(status__in=RUNNING, authority_id=body).exclude(pk__in=listed).order_by("received_at")
    return [(pk, str(number)) for pk, number in rows.values_list("pk", "number")[:100]]


def _panel(row: Panel, *, at: datetime, with_cases: bool = False) -> PanelShown:
    seats = BenchSeat.objects.filter(panel=row, left_at=None).select_related("member").order_by("place")
    found = Listed.objects.filter(panel=row, off_at=None).order_by("position").values_list("case_id", "position")
    summaries = {one.id: one for one in cases.some([case_id for case_id, _ in found], at=at)} if with_cases else {}
    part, begins, room = place_names(row.day, row.part, row.room)
    return PanelShown(
        id=row.pk,
        body=row.body_id,
        day=row.day,
        part=part,
        begins=begins,
        room=room,
        seats=row.seats,
        status=row.status,
        why=row.why,
        bench=tuple(
            SeatShown(
                member_id=seat.member_id,
                name=seat.member.name,
                profession=seat.member.profession,
                place=seat.place,
                there=seat.came_at is not None and seat.went_at is None,
            )
            for seat in seats
        ),
        cases=tuple(
            ListedCase(
                case_id=case_id,
                position=position,
                summary=summaries.get(case_id),
                standing=standing_of(case_id) if with_cases else None,
            )
            for case_id, position in found
        ),
        draw_id=Draw.objects.filter(about=f"panel:{row.pk}").values_list("pk", flat=True).first(),
    )


def sessions_to_call(body: str, *, today: date) -> list[tuple[int, str, int]]:
    """Sessions of the calendar from today on with cases that no panel hears: id, when and where, how many."""
    listed = Listed.objects.filter(off_at=None).values("case_id")
    slots = Slot.objects.filter(status__in=CURRENT, session__authority_id=body, session__day__gte=today)
    slots = slots.filter(case__status__in=RUNNING).exclude(case_id__in=listed).select_related("session")
    found: dict[int, tuple[str, int]] = {}
    for slot in slots.order_by("session__begins", "session_id")[:MOST]:
        there = slot.session
        _part, begins, room = place_names(there.day, there.part, there.room)
        found[there.pk] = (f"{there.day.isoformat()} {begins}, {room}", found.get(there.pk, ("", 0))[1] + 1)
    return [(pk, label, many) for pk, (label, many) in found.items()]


def place_names(day: date, part: str, room: str) -> tuple[str, str, str]:
    """Part of the day, when it begins, and room, from the city's table of that day."""
    body = dated_tables().at("hearing_rooms", day).body
    begins = next((str(one["begins"]) for one in body["parts"] if one["code"] == part), "")
    korean = (get_language() or "ko").startswith("ko")
    named = next((one["name_ko" if korean else "name_en"] for one in body["rooms"] if one["code"] == room), room)
    return part, begins, str(named)


def _member(row: Member, today: date) -> MemberShown:
    fields = ("id", "office", "begins_on", "ends_on", "ended_on", "ended_because", "made_at")
    rows = Commission.objects.filter(member=row).order_by("-begins_on", "-pk").values(*fields)
    times = [TimeInOffice(now=one["begins_on"] <= today <= (one["ended_on"] or one["ends_on"]), **one) for one in rows]
    away = Absence.objects.filter(member=row, until_on__gte=today).order_by("from_on")
    return MemberShown(
        id=row.pk,
        name=row.name,
        profession=row.profession,
        body=row.body_id,
        times=tuple(times),
        absences=tuple(away.values_list("from_on", "until_on")),
    )
