"""From a call to the table: a panel is drawn in the open, seated, and who leaves is followed by the next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from appeals.bench_states import PanelStatus, Short
from appeals.models import Absence, BenchSeat, Case, Draw, Entry, Listed, Panel, Recusal, Session
from appeals.rules import replay
from appeals.selectors import bench, judging
from appeals.selectors.draws import record_of
from appeals.services import panels
from appeals.services.draws import advance_draws, whose_marks
from appeals.services.seating import seat_drawn, seat_next
from appeals.states import Event
from core import clock
from tests.appeals.bench_cast import a_committee, as_owner, judges
from tests.appeals.cast import Court, Petitioner, a_petitioner, today
from tests.appeals.sittings import open_sittings
from tests.appeals.test_draws_kept import seal
from tests.support.database import AsRole


def calls(court: Court, cases: list[Case], **how: Any) -> Panel:
    facts: dict[str, Any] = {"day": today() + timedelta(days=7), "part": "am", "room": "1", "seats": 9, **how}
    made = court.clerk.does(
        lambda: panels.call_panel(
            body="11000", case_ids=[case.pk for case in cases], officer_id=court.clerk.id, at=clock.now(), **facts
        )
    )
    return Panel.objects.get(pk=made)


def drawn(court: Court, panel: Panel) -> Panel:
    """After the worker's rounds; where no draw was begun there is nothing to seal and to wait for."""
    court.deliver()
    for _ in range(2 if Draw.objects.filter(about=f"panel:{panel.pk}").exists() else 0):
        seal()
        advance_draws(at=clock.now())
    court.deliver()
    return Panel.objects.get(pk=panel.pk)


def test_a_panel_is_drawn_from_who_may_sit_and_anybody_can_repeat_it(
    petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    case, second = petitioner.files(), a_petitioner(as_role).files()
    members = a_committee(court.chair.id, spare=4)
    away, apart = members[3], members[4]
    is_away(away)
    panel = calls(court, [case, second])
    with pytest.raises(panels.CasesNotFree):
        calls(court, [case], part="pm")
    as_owner(
        "INSERT INTO appeals_recusal "
        "(case_id, member_id, kind, ground, reason, status, asked_by_id, asked_at, because) "
        "VALUES (%s, %s, 'excluded', 'interest', 'x', 'stands', %s, now(), '')",
        second.pk, apart, court.clerk.id,
    )  # fmt: skip
    panel = drawn(court, panel)
    seats = list(BenchSeat.objects.order_by("place").values_list("member_id", flat=True))
    assert panel.status == PanelStatus.SEATED
    assert seats[:2] == members[:2]
    assert len(seats) == panel.seats == 9
    assert not {away, apart} & set(seats)
    told = record_of(Draw.objects.get().pk)
    assert told is not None
    assert replay.faults(told) == []
    assert Entry.objects.filter(event=Event.PANEL_DRAWN).count() == 2
    seat_drawn(draw_id=Draw.objects.get().pk, at=clock.now())  # told once more it changes nothing
    assert BenchSeat.objects.count() == 9
    seen = petitioner.does(lambda: judging.bench_of(case.pk))
    assert [one.member_id for one in seen] == seats
    _leaves(court, panel, seats)


def is_away(member_id: int) -> None:
    as_owner(
        "INSERT INTO appeals_absence (member_id, from_on, until_on, told_at) VALUES (%s, %s, %s, now())",
        member_id, today(), today() + timedelta(days=30),
    )  # fmt: skip
    assert Absence.objects.filter(member_id=member_id).exists()


def _leaves(court: Court, panel: Panel, seats: list[int]) -> None:
    """Two who were drawn can't come, one by one and both before anything is heard of them."""
    draw = Draw.objects.get()
    behind = whose_marks(draw_id=draw.pk)
    waiting = [int(behind[mark].removeprefix("member:")) for mark in (draw.result or {})["waiting"]]
    (leaver,) = judges(court.clerk.as_role, [seats[4]], chair=court.chair)
    for member_id in (seats[0], seats[5]):  # the chair's seat is not drawn; another's is not one's own to give up
        with pytest.raises(panels.NotNow):
            gives_up(leaver.desk, panel, member_id)
    gives_up(leaver.desk, panel, seats[4])
    gives_up(court.clerk, panel, seats[6])
    court.deliver()
    seat_next(panel_id=panel.pk, member_id=seats[4], at=clock.now())  # heard of twice
    now = list(BenchSeat.objects.filter(left_at=None).order_by("place").values_list("member_id", flat=True))
    assert len(now) == 9
    assert [one for one in now if one in seats] == [one for one in seats if one not in (seats[4], seats[6])]
    assert {now[4], now[6]} <= set(waiting)


def gives_up(desk: Any, panel: Panel, member_id: int) -> None:
    desk.does(
        lambda: panels.give_up_seat(
            panel_id=panel.pk, member_id=member_id, reason="ill", officer_id=desk.id, at=clock.now()
        )
    )


def test_where_nobody_can_be_drawn_the_clerk_is_told_and_the_cases_are_free(
    petitioner: Petitioner, court: Court
) -> None:
    panel = drawn(court, calls(court, [petitioner.files()]))
    assert panel.status == PanelStatus.IMPOSSIBLE
    assert panel.why == Short.PRESIDING
    assert Listed.objects.get().off_at is not None
    members = a_committee(court.chair.id)
    as_owner("UPDATE appeals_commission SET ends_on = begins_on WHERE member_id = ANY(%s)", members[4:])
    panel = drawn(court, calls(court, [Case.objects.get()]))
    assert (panel.status, panel.why) == (PanelStatus.IMPOSSIBLE, "tax_accountant")
    assert not Recusal.objects.exists()


def test_a_panel_sits_over_what_the_calendar_put_into_its_room(
    petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    cases = [petitioner.files(), a_petitioner(as_role).files()]
    a_committee(court.chair.id)
    session, other = open_sittings(court)[-2:]
    places(court, cases[0], session, 0)
    ((offered, _label, many),) = court.clerk.does(lambda: bench.sessions_to_call("11000", today=today()))
    assert (offered, many) == (session.pk, 1)
    panel = drawn(court, calls_for(court, session))
    assert (panel.day, panel.part, panel.room, panel.session_id) == (
        session.day,
        session.part,
        session.room,
        session.pk,
    )
    with pytest.raises(panels.CasesNotFree):
        calls_for(court, session)
    places(court, cases[1], session, 60)
    assert calls_for(court, session) == panel, "what comes later joins"
    court.deliver()
    assert Entry.objects.filter(event=Event.PANEL_DRAWN, case=cases[1]).count() == 1
    as_owner("UPDATE appeals_slot SET session_id = %s WHERE case_id = %s", other.pk, cases[0].pk)
    assert list(Listed.objects.filter(off_at=None).values_list("case_id", flat=True)) == [cases[1].pk]


def places(court: Court, case: Case, session: Session, minute: int) -> None:
    as_owner(
        "INSERT INTO appeals_slot (case_id, session_id, minute, lasts, status, moves, consent, link, booked_by_id, "
        "booked_at) VALUES (%s, %s, %s, 20, 'set', 0, '', '', %s, now())",
        case.pk, session.pk, minute, court.clerk.id,
    )  # fmt: skip


def calls_for(court: Court, session: Session) -> Panel:
    made = court.clerk.does(
        lambda: panels.call_panel_for(session_id=session.pk, seats=9, officer_id=court.clerk.id, at=clock.now())
    )
    return Panel.objects.get(pk=made)
