"""Reads of the committee, as far as the running session may see: its members, its panels and their cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from accounts.enums import Role
from accounts.selectors.officers import OfficerFacts, all_officers
from appeals.models import BenchSeat, Case, Draw, Listed, Member, Panel, Slot
from appeals.selectors import cases
from appeals.selectors.bench_facts import ListedCase, MemberShown, PanelShown, SeatShown, TimeInOffice
from appeals.selectors.judging import asked, standing_of
from appeals.states import CURRENT, RUNNING
from billing.rules.dated import DatedTables
from billing.selectors.city import dated_tables
from core import clock

MOST: Final = 200
JUDGES: Final = frozenset({Role.COMMITTEE_MEMBER, Role.CHAIR})


class NoSuchPanel(LookupError):
    """There is no such panel, or the caller may not see it."""


def members(*, at: datetime) -> list[MemberShown]:
    """Of the committees that the clerk keeps, by name."""
    today = clock.local_date(at)
    rows = Member.objects.prefetch_related("commissions", "absences").order_by("body_id", "name", "pk")
    return [_member(row, today) for row in rows[:MOST]]


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


def panels() -> list[PanelShown]:
    """Those that the reader keeps or sits on, the latest day first; of each only how many cases it has."""
    tables, rows = dated_tables(), list(Panel.objects.order_by("-day", "-pk")[:MOST])
    listed: dict[int, list[ListedCase]] = {row.pk: [] for row in rows}
    for one in Listed.objects.filter(panel__in=rows, off_at=None).order_by("position"):
        listed[one.panel_id].append(ListedCase(case_id=one.case_id, position=one.position, summary=None, standing=None))
    return [_shown(row, tables, cases=tuple(listed[row.pk])) for row in rows]


def own_panels(*, at: datetime) -> list[PanelShown]:
    """Those on which the signed-in member sits from today on, the next first, with their cases."""
    own = [row[0] for row in asked("SELECT unnest(appeals_session_panels())")]
    rows = Panel.objects.filter(pk__in=own, day__gte=clock.local_date(at)).order_by("day", "part", "pk")
    tables = dated_tables()
    return [_panel(row, tables, at=at) for row in rows]


def panel(panel_id: int, *, at: datetime) -> PanelShown:
    """One panel with its cases. Raises NoSuchPanel."""
    row = Panel.objects.filter(pk=panel_id).first()
    if row is None:
        raise NoSuchPanel(panel_id)
    return _panel(row, dated_tables(), at=at)


def cases_without_panel(body: str) -> list[tuple[int, str]]:
    """Number of each pending case of a body that no panel hears, the oldest first."""
    listed = Listed.objects.filter(off_at=None).values("case_id")
    rows = Case.objects.filter(status__in=RUNNING, authority_id=body).exclude(pk__in=listed).order_by("received_at")
    return [(pk, str(number)) for pk, number in rows.values_list("pk", "number")[:100]]


def sessions_to_call(body: str, *, today: date) -> list[tuple[int, str, int]]:
    """Sessions of the calendar from today on with cases that no panel hears: id, when and where, how many."""
    listed = Listed.objects.filter(off_at=None).values("case_id")
    slots = Slot.objects.filter(status__in=CURRENT, session__authority_id=body, session__day__gte=today)
    slots = slots.filter(case__status__in=RUNNING).exclude(case_id__in=listed).select_related("session")
    found: dict[int, tuple[str, int]] = {}
    for slot in slots.order_by("session__begins", "session_id")[:MOST]:
        there = slot.session
        room = there.room_ko if _korean() else there.room_en
        label = f"{date_format(timezone.localtime(there.begins), 'DATETIME_FORMAT')}, {room}"
        found[there.pk] = (label, found.get(there.pk, ("", 0))[1] + 1)
    return [(pk, label, many) for pk, (label, many) in found.items()]


def _panel(row: Panel, tables: DatedTables, *, at: datetime) -> PanelShown:
    """With who sits, and its cases as far as the reader may see them."""
    seats = BenchSeat.objects.filter(panel=row, left_at=None).select_related("member").order_by("place")
    found = Listed.objects.filter(panel=row, off_at=None).order_by("position").values_list("case_id", "position")
    summaries = {one.id: one for one in cases.some([case_id for case_id, _ in found], at=at)}
    return _shown(
        row,
        tables,
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
            ListedCase(case_id=case_id, position=place, summary=summaries.get(case_id), standing=standing_of(case_id))
            for case_id, place in found
        ),
        draw_id=Draw.objects.filter(about=f"panel:{row.pk}").values_list("pk", flat=True).first(),
        standin=asked("SELECT appeals_stands_in(%s)", row.pk)[0][0],
    )


def _shown(
    row: Panel,
    tables: DatedTables,
    *,
    bench: tuple[SeatShown, ...] = (),
    cases: tuple[ListedCase, ...],
    draw_id: int | None = None,
    standin: int | None = None,
) -> PanelShown:
    body = tables.at("hearing_rooms", row.day).body
    named = "name_ko" if _korean() else "name_en"
    return PanelShown(
        id=row.pk,
        body=row.body_id,
        day=row.day,
        begins=next((str(one["begins"]) for one in body["parts"] if one["code"] == row.part), ""),
        room=next((str(one[named]) for one in body["rooms"] if one["code"] == row.room), row.room),
        seats=row.seats,
        status=row.status,
        why=row.why,
        bench=bench,
        cases=cases,
        draw_id=draw_id,
        standin=standin,
    )


def _korean() -> bool:
    return (get_language() or "ko").startswith("ko")


def _member(row: Member, today: date) -> MemberShown:
    times = [
        TimeInOffice(
            id=one.pk,
            office=one.office,
            begins_on=one.begins_on,
            ends_on=one.ends_on,
            ended_on=one.ended_on,
            ended_because=one.ended_because,
            made_at=one.made_at,
            now=one.begins_on <= today <= (one.ended_on or one.ends_on),
        )
        for one in sorted(row.commissions.all(), key=lambda one: (one.begins_on, one.pk), reverse=True)
    ]
    away = sorted((one.from_on, one.until_on) for one in row.absences.all() if one.until_on >= today)
    return MemberShown(
        id=row.pk,
        name=row.name,
        profession=row.profession,
        body=row.body_id,
        times=tuple(times),
        absences=tuple(away),
    )
