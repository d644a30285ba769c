"""An advocate who comes to a case whose hearing is set is free at that time, and is booked for it."""

from __future__ import annotations

import pytest

from appeals.advocate_states import Found
from appeals.models import Advocacy, Case, DrawCase, Session, SlotPerson
from appeals.services.assign import gather
from core import clock
from tests.appeals.bench_cast import as_owner
from tests.appeals.beside_cast import advocate_of, an_advocate, draw, keep, told
from tests.appeals.cast import Court, Petitioner, a_petitioner
from tests.appeals.sittings import fixes, moves, open_sittings, slot_of
from tests.appeals.test_hearings import crafted, fix
from tests.support.database import AsRole


@pytest.fixture
def rooms(court: Court) -> list[Session]:
    """Two rooms of the last part of the last day."""
    sittings = open_sittings(court)
    return [one for one in sittings if one.begins == sittings[-1].begins][:2]


@pytest.fixture
def both(petitioner: Petitioner, as_role: AsRole) -> list[Case]:
    return [petitioner.files(), a_petitioner(as_role).files()]


def booked(case: Case) -> set[str]:
    rows = SlotPerson.objects.filter(slot=slot_of(case), mark__startswith="advocate:")
    return set(rows.values_list("mark", flat=True))


def at_once(court: Court, cases: list[Case], rooms: list[Session]) -> None:
    fix(court, crafted(court, (cases[0], rooms[0], 0, 20), (cases[1], rooms[1], 10, 20)))


def test_of_two_cases_heard_at_once_one_advocate_gets_one_and_the_other_when_it_is_moved(
    both: list[Case], court: Court, rooms: list[Session], as_role: AsRole
) -> None:
    at_once(court, both, rooms)
    kim = an_advocate(as_role, court, "kim")
    draw(court)
    (without,) = [case for case in both if advocate_of(case) is None]
    (beside,) = [case for case in both if advocate_of(case) == "kim"]
    assert booked(beside) == {f"advocate:{kim.id}"}
    assert draw(court) is None, "nothing has changed"
    fixes(court.clerk, moves(court, without, away=[slot_of(without).session.day]))
    draw(court)
    assert advocate_of(without) == "kim"
    assert booked(without) == {f"advocate:{kim.id}"}


def test_who_follows_is_free_then_and_who_leaves_need_not_come(
    both: list[Case], court: Court, rooms: list[Session], as_role: AsRole
) -> None:
    kim = an_advocate(as_role, court, "kim")
    draw(court)
    assert [advocate_of(case) for case in both] == ["kim", "kim"]
    lee, away = an_advocate(as_role, court, "lee"), an_advocate(as_role, court, "away", most=100)
    day = rooms[0].day
    as_owner("INSERT INTO appeals_advocateabsence (advocate_id, begins, ends) VALUES (%s, %s, %s)", away.id, day, day)
    fix(court, crafted(court, (both[0], rooms[0], 0, 20), (both[1], rooms[0], 40, 20)))
    keep(court, kim, in_pool=False)
    assert booked(both[0]) == set()
    draw(court)
    assert [advocate_of(case) for case in both] == ["lee", "lee"]
    assert booked(both[0]) == booked(both[1]) == {f"advocate:{lee.id}"}


def test_a_hearing_that_is_set_while_a_draw_runs_makes_it_void(
    both: list[Case], court: Court, rooms: list[Session], as_role: AsRole
) -> None:
    an_advocate(as_role, court, "kim")
    found = gather(at=clock.now())
    assert found is not None
    at_once(court, both, rooms)
    told(found)
    court.deliver()
    assert sorted(DrawCase.objects.values_list("found", flat=True)) == [Found.GIVEN, Found.VOID]
    assert Advocacy.objects.filter(ended_at=None).count() == 1
