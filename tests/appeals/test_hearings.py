"""Sittings and places: nothing is booked twice, nobody is in two places, nobody is told too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from psycopg.errors import ExclusionViolation

from accounts.access import Role
from appeals import services
from appeals.models import Calendar, CalendarPlan, Case, Entry, Session, Slot, SlotPerson
from appeals.rules.live import Running, expected
from appeals.selectors.clocks import clocks
from appeals.services import hearings, running
from appeals.services.hearings import (
    BookedTwice,
    NotAClerkOfTheCity,
    NotForTheCalendar,
    SolverIsBusy,
    StalePlan,
    TooLateToTell,
)
from appeals.services.letters import write_letters
from appeals.services.planning import make_plans
from core import clock
from core.db.session import session_secret
from tests.appeals.beside_cast import advocate_of, an_advocate, draw
from tests.appeals.cast import Court, Petitioner, a_petitioner, days_ago, same_payer, today
from tests.appeals.sittings import CITY, begins, fixes, moves, open_sittings, planned, scheduled, slot_of
from tests.appeals.test_pages import browser_of, text_of
from tests.appeals.test_public_calendar import events_of
from tests.billing.people import officer_client
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole, admin_connection

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def sittings(court: Court) -> list[Session]:
    return open_sittings(court)


def test_every_case_gets_a_place_in_time_and_both_sides_a_notice(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    cases = [petitioner.files(public_hearing=True, remote=True), a_petitioner(as_role).files()]
    for case in cases:
        court.answers(case)
    plan = planned(court.clerk)
    assert (plan.status, plan.left, plan.proven) == ("ready", [], True)
    assert not Slot.objects.exists(), "nothing is so until a clerk has looked at it"
    fixes(court.clerk, plan)
    for case in cases:
        slot = slot_of(case)
        assert today() + timedelta(days=3) <= slot.session.day <= today() + timedelta(days=90)
        line = Entry.objects.get(case=case, event="hearing_set")
        assert (line.how, slot.session.room_ko in line.text) == ("site", True)
    assert slot_of(cases[0]).session.remote
    write_letters(at=clock.now())
    told = [letter.to[0] for letter in mail.outbox if slot_of(cases[0]).session.room_ko in letter.body]
    assert "assessor@example.kr" in told
    assert scheduled(court).places == [], "who has a place keeps it"


def test_sittings_are_every_three_weeks_and_opened_once(court: Court, sittings: list[Session]) -> None:
    days = sorted({session.day for session in sittings})
    assert {(later - day).days for day, later in pairwise(days)} <= {*range(17, 26)}
    assert len(open_sittings(court)) == len(sittings)


def test_two_clerks_at_once_book_once_and_tell_once(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole, database_name: str
) -> None:
    case = petitioner.files()
    other = a_desk(as_role, "clerk2@example.kr", Role.COURT_CLERK)

    def acts(desk: Desk, work: Callable[[], Any]) -> Callable[[AsRole], str]:
        def run(signed_in: AsRole) -> str:
            with signed_in("office"), session_secret(desk.secret):
                try:
                    with transaction.atomic():
                        work()
                except SolverIsBusy:
                    return "busy"
                return "done"

        return run

    def asks() -> None:
        hearings.ask_plan(authority=CITY, at=clock.now())

    assert sorted(at_once(database_name, [acts(court.clerk, asks), acts(other, asks)])) == ["busy", "done"]
    make_plans(at=clock.now())
    plan = CalendarPlan.objects.get()

    def fixes_it(desk: Desk) -> Callable[[AsRole], str]:
        return acts(desk, lambda: hearings.fix_plan(plan_id=plan.pk, officer_id=desk.id, at=clock.now()))

    assert at_once(database_name, [fixes_it(court.clerk), fixes_it(other)]) == ["done", "done"]
    assert Slot.objects.count() == 1
    assert Entry.objects.filter(case=case, event="hearing_set").count() == 1


def test_two_connections_that_book_the_same_minutes_are_told_apart_by_the_table(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole, database_name: str
) -> None:
    cases = [petitioner.files(), a_petitioner(as_role).files()]
    insert = (
        "INSERT INTO appeals_slot (case_id, session_id, minute, lasts, status, moves, consent, link, booked_by_id, "
        "booked_at) VALUES (%s, %s, %s, 20, 'set', 0, '', '', %s, now())"
    )

    def books(case: Case, minute: int) -> Callable[[AsRole], str]:
        def run(_signed_in: AsRole) -> str:
            with admin_connection(database_name) as owner:
                owner.autocommit = True
                owner.execute("SET ROLE etax_owner")
                try:
                    owner.execute(insert, [case.pk, sittings[-1].pk, minute, court.clerk.id])
                except ExclusionViolation:
                    return "refused"
            return "booked"

        return run

    assert sorted(at_once(database_name, [books(cases[0], 0), books(cases[1], 10)])) == ["booked", "refused"]


def crafted(
    court: Court, *places: tuple[Case, Session, int, int], consent: str = "", revision: int | None = None
) -> int:
    """A plan as a worker that is wrong might have made it."""
    case = places[0][0]
    told: dict[str, Any] = {"away": [], "reason": "x", "consent": consent, "at": clock.now()}
    pk: int = court.clerk.does(lambda: hearings.ask_to_move(authority=CITY, case_id=case.pk, **told))
    known = Calendar.objects.get(pk=CITY).revision if revision is None else revision
    rows = [{"case": c.pk, "session": s.pk, "minute": minute, "lasts": lasts} for c, s, minute, lasts in places]
    CalendarPlan.objects.filter(pk=pk).update(status="working")
    CalendarPlan.objects.filter(pk=pk).update(status="ready", places=rows, revision=known)
    return pk


def fix(court: Court, pk: int, *, at: datetime | None = None) -> None:
    court.clerk.does(lambda: hearings.fix_plan(plan_id=pk, officer_id=court.clerk.id, at=at or clock.now()))


def test_the_database_books_no_minute_twice_and_none_after_the_end(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    first, second = petitioner.files(), a_petitioner(as_role).files()
    session = sittings[-1]
    fix(court, crafted(court, (first, session, 10, 20)))
    for minute, lasts in ((0, 11), (29, 5), (10, 20), (session.minutes - 5, 6)):
        with pytest.raises(BookedTwice):
            fix(court, crafted(court, (second, session, minute, lasts)))
    fix(court, crafted(court, (second, session, 30, session.minutes - 30)))
    # Two change places at once: neither stands in the other's way.
    fix(court, crafted(court, (first, session, 220, 20), (second, session, 0, 220)))
    assert {slot.case_id: slot.minute for slot in Slot.objects.all()} == {first.pk: 220, second.pk: 0}


def test_nobody_is_in_two_rooms_at_once_neither_at_first_nor_when_a_case_moves(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    """Two bills of one payer; two cases that need the one Vietnamese interpreter."""
    first, second = petitioner.files(), same_payer(petitioner).files()
    interpreted = [a_petitioner(as_role).files(interpreter="베트남어") for _ in range(2)]
    rooms = [one for one in sittings if one.begins == sittings[-1].begins][:2]
    for one, other in ((first, second), (interpreted[0], interpreted[1])):
        with pytest.raises(BookedTwice):
            fix(court, crafted(court, (one, rooms[0], 0, 20), (other, rooms[1], 10, 20)))
    fix(court, crafted(court, (first, rooms[0], 0, 20), (second, rooms[1], 40, 20)))
    with pytest.raises(BookedTwice):
        fix(court, crafted(court, (second, rooms[1], 10, 20)))
    fix(court, crafted(court, (first, rooms[0], 20, 20)))
    plan = scheduled(court)
    assert plan.left == []
    there = [slot_of(case).session for case in interpreted]
    assert there[0] == there[1] or (there[0].day, there[0].part) != (there[1].day, there[1].part)


def test_an_advocate_is_in_one_room_at_a_time(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    an_advocate(as_role, court, "kim")
    cases = [petitioner.files(), a_petitioner(as_role).files()]
    draw(court)
    assert [advocate_of(case) for case in cases] == ["kim", "kim"]
    rooms = [one for one in sittings if one.begins == sittings[-1].begins][:2]
    with pytest.raises(BookedTwice):
        fix(court, crafted(court, (cases[0], rooms[0], 0, 20), (cases[1], rooms[1], 10, 20)))
    assert scheduled(court).left == []


def test_one_case_moves_and_no_other_and_everybody_is_told(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    case, other = petitioner.files(), a_petitioner(as_role).files()
    scheduled(court)
    before, others = slot_of(case), slot_of(other)
    plan = moves(court, case, away=[before.session.day])
    assert (plan.status, plan.proven, [put["case"] for put in plan.places]) == ("ready", True, [case.pk])
    fixes(court.clerk, plan)
    assert slot_of(case).session.day != before.session.day
    assert slot_of(case).moves == 1
    assert (slot_of(other).session, slot_of(other).minute) == (others.session, others.minute)
    line = Entry.objects.get(case=case, event="hearing_moved")
    assert line.text.endswith("The advocate is ill.")
    write_letters(at=clock.now())
    assert sum("The advocate is ill." in letter.body for letter in mail.outbox) >= 1


def test_a_plan_of_an_older_calendar_is_refused(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    case, other = petitioner.files(), a_petitioner(as_role).files()
    fix(court, crafted(court, (case, sittings[-1], 0, 20)))
    with pytest.raises(StalePlan):
        fix(court, crafted(court, (other, sittings[-1], 100, 20), revision=0))
    plan = planned(court.clerk)
    court.clerk.does(lambda: services.withdraw(case_id=other.pk, reason="", at=clock.now()))
    with pytest.raises(StalePlan):
        fixes(court.clerk, plan)


def test_nobody_is_told_later_than_three_days_before_unless_they_agree(
    court: Court, petitioner: Petitioner, sittings: list[Session]
) -> None:
    case, session = petitioner.files(), sittings[0]
    eve = session.begins - timedelta(days=2)
    with pytest.raises(TooLateToTell, match="92"):
        fix(court, crafted(court, (case, session, 0, 20)), at=eve)
    assert not Slot.objects.exists()
    assert session.day not in {one.session.day for one in _places(planned(court.clerk, at=eve))}
    agreed = moves(court, case, consent="On the telephone, to an earlier day.", at=eve)
    fixes(court.clerk, agreed, at=eve)
    assert slot_of(case).session.day == session.day
    assert "On the telephone" in Entry.objects.get(case=case, event="hearing_set").text


def _places(plan: CalendarPlan) -> list[Any]:
    sessions = {one.pk: one for one in Session.objects.all()}
    return [SimpleNamespace(session=sessions[put["session"]]) for put in plan.places]


def test_the_day_to_tell_is_counted_in_the_database_as_in_the_rules(db: None) -> None:
    """Three days before, and never on a day of rest."""
    own = clocks(clock.now())
    days = [date(2026, 12, 1) + timedelta(days=number) for number in range(120)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT d, appeals_tell_by(d) FROM unnest(%s::date[]) AS d", [days])
        assert [(day, own.to_notify(hearing=day).last_day) for day in days] == cursor.fetchall()


def test_only_a_clerk_of_who_hears_opens_plans_and_fixes(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    case = petitioner.files()
    district = a_desk(as_role, "clerk3@example.kr", Role.COURT_CLERK, body="11110")
    with pytest.raises(NotAClerkOfTheCity):
        district.does(lambda: hearings.open_sittings(until=today(), officer_id=district.id, at=clock.now()))
    plan = planned(court.clerk)
    for desk in (district, court.chair, court.assessor):
        with pytest.raises(NotForTheCalendar):
            desk.does(lambda: hearings.ask_plan(authority=CITY, at=clock.now()))
        with pytest.raises(NotForTheCalendar):
            fixes(desk, plan)
    with pytest.raises(DatabaseError):
        petitioner.does(lambda: hearings.fix_plan(plan_id=plan.pk, officer_id=1, at=clock.now()))
    fixes(court.clerk, plan)
    assert Slot.objects.get().case_id == case.pk


def test_what_is_late_or_ends_takes_no_minutes(
    court: Court, petitioner: Petitioner, sittings: list[Session], as_role: AsRole
) -> None:
    case = petitioner.files()
    a_petitioner(as_role).files(served_on=days_ago(120))
    court.deliver()
    scheduled(court)
    assert [slot.case_id for slot in Slot.objects.all()] == [case.pk]
    petitioner.does(lambda: services.withdraw(case_id=case.pk, reason="", at=clock.now()))
    assert Slot.objects.get().status == "released"
    assert not SlotPerson.objects.exists()


def test_a_job_that_died_is_taken_up_again_and_not_for_ever(
    court: Court, petitioner: Petitioner, sittings: list[Session]
) -> None:
    petitioner.files()
    pk = court.clerk.does(lambda: hearings.ask_plan(authority=CITY, at=clock.now()))
    CalendarPlan.objects.filter(pk=pk).update(status="working", attempts=1, begun_at=clock.now())
    assert make_plans(at=clock.now()) == 0
    assert make_plans(at=clock.now() + timedelta(minutes=6)) == 1
    assert CalendarPlan.objects.get(pk=pk).status == "ready"
    pk = court.clerk.does(lambda: hearings.ask_plan(authority=CITY, at=clock.now()))
    CalendarPlan.objects.filter(pk=pk).update(status="working", attempts=3, begun_at=clock.now())
    make_plans(at=clock.now() + timedelta(minutes=6))
    assert CalendarPlan.objects.get(pk=pk).status == "failed"


def test_times_follow_what_happens_and_never_come_before_what_was_told() -> None:
    nine = datetime(2026, 12, 23, 9, tzinfo=UTC)

    def at(minutes: int) -> datetime:
        return nine + timedelta(minutes=minutes)

    first = Running(planned=nine, lasts=20, began=at(5), ended=at(40))
    later = [Running(planned=at(20), lasts=20), Running(planned=at(80), lasts=20)]
    assert expected(order=[first, *later], now=at(41)) == [at(5), at(41), at(80)]
    assert expected(order=[first, *later], now=at(70)) == [at(5), at(70), at(90)]
    quick = Running(planned=nine, lasts=20, began=nine, ended=at(3))
    assert expected(order=[quick, *later], now=at(4)) == [nine, at(20), at(80)]
    adjourned = Running(planned=nine, lasts=20, ended=at(1))
    assert expected(order=[adjourned, *later], now=at(2)) == [nine, at(20), at(80)]


def test_the_clerks_pages_from_the_sittings_to_the_fixed_plan(
    court: Court, petitioner: Petitioner, as_role: AsRole
) -> None:
    case = petitioner.files()
    clerk = officer_client(as_role, "clerk4@example.kr", Role.COURT_CLERK)
    until = (today() + timedelta(days=70)).isoformat()
    assert clerk.post("/appeals/hearings/open/", {"until": "never"}).status_code == 422
    assert clerk.post("/appeals/hearings/open/", {"until": until}).status_code == 302
    going = clerk.post("/appeals/hearings/plan/")["Location"]
    assert 'http-equiv="refresh"' in text_of(clerk.get(going))
    make_plans(at=clock.now())
    page = text_of(clerk.get(going))
    assert str(case.number) in page
    assert clerk.post(f"{going}fix/").status_code == 302
    slot = slot_of(case)
    assert str(case.number) in text_of(clerk.get(f"/appeals/hearings/rooms/{slot.session_id}/"))
    address = f"/appeals/{case.pk}/move/"
    assert clerk.post(address, {"not_on": "nonsense", "reason": ""}).status_code == 422
    moved = clerk.post(address, {"not_on": slot.session.day.isoformat(), "reason": "ill"})["Location"]
    assert clerk.get(moved).status_code == 200
    assert clerk.post(f"{moved}drop/").status_code == 302
    own = officer_client(as_role, "levies@example.kr", Role.ASSESSOR, body="11110")
    assert str(case.number) in text_of(own.get("/appeals/hearings/"))
    assert own.get(going).status_code == 403


def test_the_petitioner_sees_when_where_and_how(court: Court, petitioner: Petitioner, sittings: list[Session]) -> None:
    case = petitioner.files(remote=True)
    scheduled(court)
    slot = slot_of(case)
    page = text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/"))
    for told in (slot.session.room_ko, slot.session.way_ko, f"{begins(slot).astimezone(SEOUL):%H:%M}", "제92조"):
        assert told in page
    link = "https://video.example.kr/room-7"
    court.clerk.does(lambda: running.set_link(slot_id=slot.pk, link=link, at=clock.now()))
    assert link in text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/"))
    feed = browser_of(petitioner).get(f"/appeals/{case.pk}/hearing.ics")
    (event,) = events_of(feed)
    assert event["DTSTART"].dt == begins(slot)
