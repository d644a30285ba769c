"""The hearing calendar: never overbooked, legal days first, like with like, and a change leaves the others alone."""

from __future__ import annotations

import random
from dataclasses import replace as changed
from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from appeals.rules.calendar import Hearing, Limits, Plan, Question, Session, Weights, change, faults, plan
from appeals.rules.calendar.facts import Day
from appeals.rules.calendar.packing import packed
from appeals.rules.calendar.sittings import sessions_on
from appeals.rules.calendar.to_rooms import to_rooms
from appeals.rules.sittings import minutes_of, rooms_on, sitting_days
from appeals.rules.solving import timed_solver
from bench import hearings as year
from tests.billing.seoul import calendar, tables

FIRST = date(2026, 1, 14)
DAYS = [FIRST + timedelta(days=21 * number) for number in range(3)]
WEIGHTS = Weights(late_day=100_000, waited=1, apart=300)
SECONDS = 20


def a_session(day: int, room: str = "1", part: str = "am", **facts: object) -> Session:
    known: dict[str, object] = {"minutes": 60, "step_free": True, "remote": True}
    key = f"{DAYS[day]}/{part}/{room}"
    return Session(key=key, day=DAYS[day], part=part, room=room, **(known | facts))  # type: ignore[arg-type]


def a_hearing(key: str, **facts: object) -> Hearing:
    known: dict[str, object] = {
        "minutes": 20,
        "tax": "property",
        "district": "jongno",
        "received": FIRST - timedelta(days=30),
        "earliest": FIRST,
        "decide_by": FIRST + timedelta(days=60),
    }
    return Hearing(key=key, **(known | facts))  # type: ignore[arg-type]


def planned(hearings: list[Hearing], sessions: list[Session], limits: Limits | None = None) -> Plan:
    return plan(asked=about(hearings, sessions, limits), seconds=SECONDS, workers=1)


def about(hearings: list[Hearing], sessions: list[Session], limits: Limits | None = None) -> Question:
    return Question(hearings=hearings, sessions=sessions, limits=limits or Limits(), weights=WEIGHTS)


def day_of(made: Plan, key: str) -> date:
    return date.fromisoformat(made.places[key].partition("/")[0])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Hearing], list[Session], Limits]:
    sessions = [
        a_session(
            day,
            room,
            part,
            minutes=draw(st.sampled_from([0, 40, 60])),
            step_free=draw(st.booleans()),
            remote=room == "1",
        )
        for day, room, part in product(range(2), "12", ("am", "pm"))
    ]
    people = st.frozensets(st.sampled_from(["kim", "lee", "interpreter"]), max_size=2)
    hearings = [
        a_hearing(
            f"h{number}",
            minutes=draw(st.sampled_from([10, 20, 30])),
            tax=draw(st.sampled_from(["property", "acquisition"])),
            received=FIRST - timedelta(days=draw(st.integers(10, 100))),
            decide_by=FIRST + timedelta(days=draw(st.integers(-10, 40))),
            earliest=FIRST + timedelta(days=draw(st.sampled_from([0, 5]))),
            people=draw(people),
            away=draw(st.sampled_from([frozenset(), frozenset({DAYS[0]})])),
            step_free=draw(st.booleans()),
            remote=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 7)))
    ]
    limits = Limits(a_day={"kim": draw(st.integers(0, 3))}, at_once={"interpreter": 2})
    return hearings, sessions, limits


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_no_plan_breaks_a_rule_and_who_is_left_is_named(world: tuple[list[Hearing], list[Session], Limits]) -> None:
    hearings, sessions, limits = world
    made = planned(hearings, sessions, limits)
    assert faults(hearings=hearings, sessions=sessions, limits=limits, places=made.places) == []
    assert sorted([*made.places, *made.left]) == [one.key for one in hearings]
    assert made.bound <= made.cost


@settings(max_examples=25, deadline=None)
@given(worlds(), st.data())
def test_no_move_breaks_a_rule_and_nobody_moves_without_need(
    world: tuple[list[Hearing], list[Session], Limits], data: st.DataObject
) -> None:
    hearings, sessions, limits = world
    made = planned(hearings, sessions, limits)
    if not made.places:
        return
    moving = data.draw(st.sampled_from(sorted(made.places)))
    hearings = [changed(one, away=one.away | {day_of(made, moving)}) if one.key == moving else one for one in hearings]
    told = data.draw(st.frozensets(st.sampled_from(sorted(made.places)), max_size=3)) - {moving}
    after = change(
        asked=about(hearings, sessions, limits),
        places=made.places,
        wanted=[moving],
        fixed=told,
        solver=timed_solver(seconds=SECONDS, workers=1),
    )
    assert faults(hearings=hearings, sessions=sessions, limits=limits, places=after.places) == []
    assert after.proven
    for key in told:
        assert after.places[key] == made.places[key]
    kept = set(made.places) - {moving} - set(after.moved)
    assert all(after.places[key] == made.places[key] for key in kept)


def test_the_legal_day_comes_before_age_and_age_before_company() -> None:
    one_place = [a_session(0, minutes=20), a_session(1, minutes=60)]
    old = a_hearing("old", received=FIRST - timedelta(days=80))
    urgent = a_hearing("urgent", decide_by=FIRST)
    made = planned([old, urgent], one_place)
    assert (day_of(made, "urgent"), day_of(made, "old")) == (DAYS[0], DAYS[1])
    made = planned([old, a_hearing("new")], one_place)
    assert day_of(made, "old") == DAYS[0]


def test_cases_of_one_tax_and_district_are_heard_together() -> None:
    rooms = [a_session(0, "1", minutes=40), a_session(0, "2", minutes=40)]
    cases = [a_hearing(key, tax=tax) for key, tax in (("a", "x"), ("b", "y"), ("c", "x"), ("d", "y"))]
    made = planned(cases, rooms)
    assert made.places["a"] == made.places["c"] != made.places["b"] == made.places["d"]
    assert made.gap_percent == 0


def test_an_advocate_is_not_in_two_rooms_at_once() -> None:
    rooms = [a_session(0, "1", minutes=20), a_session(0, "2", minutes=20), a_session(1, minutes=20)]
    both = [a_hearing(key, people=frozenset({"kim"})) for key in "ab"]
    assert {day_of(planned(both, rooms), key) for key in "ab"} == {DAYS[0], DAYS[1]}
    two_heads = Limits(at_once={"kim": 2})
    assert {day_of(planned(both, rooms, two_heads), key) for key in "ab"} == {DAYS[0]}


def test_who_needs_no_step_gets_a_room_without_one_on_a_day_that_suits() -> None:
    rooms = [a_session(0, "1", step_free=False), a_session(1, "2"), a_session(2, "2")]
    made = planned([a_hearing("a", step_free=True, away=frozenset({DAYS[1]}))], rooms)
    assert made.places["a"] == rooms[2].key


def test_a_case_that_fits_nowhere_is_left_and_named() -> None:
    made = planned([a_hearing("long", minutes=90), a_hearing("short")], [a_session(0)])
    assert (made.left, list(made.places)) == (("long",), ["short"])


def test_an_urgent_case_takes_a_full_room_and_one_other_moves() -> None:
    rooms = [a_session(0, minutes=60), a_session(1, minutes=60)]
    cases = [a_hearing(key) for key in "abc"]
    made = planned(cases, rooms)
    assert {day_of(made, key) for key in "abc"} == {DAYS[0]}
    urgent = a_hearing("urgent", decide_by=DAYS[0])
    after = change(
        asked=about([*cases, urgent], rooms),
        places=made.places,
        wanted=["urgent"],
        solver=timed_solver(seconds=SECONDS, workers=1),
    )
    assert after.places["urgent"] == rooms[0].key
    assert len(after.moved) == 1
    assert after.proven


def test_when_a_room_is_lost_only_its_cases_move() -> None:
    rooms = [a_session(0, "1"), a_session(0, "2"), a_session(1, "1")]
    cases = [a_hearing(f"{n}", district=f"d{n % 2}") for n in range(6)]
    made = planned(cases, rooms)
    lost = {key for key, place in made.places.items() if place == rooms[0].key}
    after = change(
        asked=about(cases, rooms[1:]),
        places=made.places,
        wanted=[],
        solver=timed_solver(seconds=SECONDS, workers=1),
    )
    assert after.moved == ()
    assert {key for key in made.places if after.places[key] != made.places[key]} == lost


def test_sittings_are_every_three_weeks_and_never_on_a_day_of_rest() -> None:
    days = sitting_days(tables=tables(), calendar=calendar(), begins=date(2026, 1, 1), ends=date(2026, 12, 31))
    assert len(days) == 17
    assert days[:3] == [date(2026, 1, 14), date(2026, 2, 4), date(2026, 2, 25)]
    assert all(calendar().is_working_day(day) for day in days)
    again = sitting_days(tables=tables(), calendar=calendar(), begins=days[4], ends=days[9])
    assert again == days[4:10]


def test_the_pack_says_which_rooms_and_how_long() -> None:
    rooms, parts = rooms_on(tables=tables(), day=FIRST)
    assert len(list(sessions_on(tables=tables(), day=FIRST))) == len(rooms) * len(parts)
    plain = minutes_of(tables=tables(), day=FIRST, tax="property", interpreter=False)
    assert minutes_of(tables=tables(), day=FIRST, tax="property", interpreter=True) > plain
    assert minutes_of(tables=tables(), day=FIRST, tax="leisure", interpreter=False) == 15


def test_some_weeks_is_planned_with_a_proven_gap() -> None:
    days = sorted({one.day for one in year.sessions()})[5:8]
    sessions = [one for one in year.sessions() if one.day in days]
    hearings = [one for one in year.hearings() if days[0] - timedelta(days=21) < one.earliest <= days[-2]]
    made = plan(asked=about(hearings, sessions, year.limits()), seconds=SECONDS, workers=2)
    assert len(hearings) > 200
    assert faults(hearings=hearings, sessions=sessions, limits=year.limits(), places=made.places) == []
    assert made.gap_percent <= 1


def a_full_day() -> tuple[list[Hearing], list[Session]]:
    """Four rooms cut into cases to the last minute, so that there is a way; three advocates a room, an interpreter."""
    by_lot = random.Random(1)  # noqa: S311
    rooms, cases = list[Session](), list[Hearing]()
    for room, (part, minutes) in product("1234", (("am", 150), ("pm", 240))):
        rooms.append(a_session(0, room, part, minutes=minutes))
        left = minutes
        while left:
            length = left if left < 30 else by_lot.choice((15, 20, 25))
            people = {f"advocate-{room}{by_lot.randrange(3)}"} | (
                {"interpreter"} if room == "4" and left == 240 else set()
            )
            cases.append(a_hearing(f"{len(cases):02}", minutes=length, people=frozenset(people)))
            left -= length
    by_lot.shuffle(cases)
    return cases, rooms


def test_a_day_is_packed_to_its_last_minute_with_nobody_in_two_rooms_and_the_same_every_time() -> None:
    cases, rooms = a_full_day()
    day = Day(hearings=cases, sessions=rooms, limits=Limits(), elsewhere={one.key: 1 for one in cases})
    places = packed(day)
    assert sum(one.minutes for one in cases) == sum(one.minutes for one in rooms)
    assert (len(places), faults(hearings=cases, sessions=rooms, limits=Limits(), places=places)) == (len(cases), [])
    assert packed(day) == places


def test_where_a_day_can_not_be_packed_who_is_heard_easily_another_day_is_left_out() -> None:
    rooms = [a_session(0, room, minutes=50) for room in "12"]
    cases = [a_hearing("a", minutes=40), a_hearing("b", minutes=40), a_hearing("c", minutes=20)]
    for easy in "abc":
        elsewhere = {one.key: 1 if one.key == easy else 1_000_000 for one in cases}
        day = Day(hearings=cases, sessions=rooms, limits=Limits(), elsewhere=elsewhere)
        assert set(to_rooms(asked=day, seconds=SECONDS, workers=1)) == set("abc") - {easy}


def test_more_cases_than_rooms_leave_the_youngest_and_say_which() -> None:
    rooms = [a_session(0, "1"), a_session(0, "2"), a_session(1, "1")]
    cases = [a_hearing(f"{age:02}", received=FIRST - timedelta(days=age)) for age in range(20, 40)]
    made = planned(cases, rooms)
    assert faults(hearings=cases, sessions=rooms, limits=Limits(), places=made.places) == []
    assert sorted(made.places) == [f"{age}" for age in range(31, 40)]
    assert len(made.left) == 11
