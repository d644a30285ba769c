"""A hearing as it runs: who came, who spoke, when it began and ended, adjourned, and its minutes signed off."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from appeals.checks import minutes_as_sealed
from appeals.models import CalendarPlan, Case, Entry, Minutes, Moment, Slot
from appeals.selectors.hearings import public_calendar
from appeals.services import hearings, running
from appeals.services.desk import NotYoursToDo
from appeals.services.planning import make_plans
from appeals.services.running import AttendanceFirst, NoQuorum, NotYet, RoomIsBusy, StaleMinutes
from appeals.states import Presence, Speaker
from core import clock
from tests.appeals.bench_cast import a_committee, a_panel, as_owner
from tests.appeals.cast import Court, Petitioner, a_petitioner
from tests.appeals.sittings import CITY, begins, comes, is_over, open_sittings, scheduled, slot_of
from tests.appeals.test_pages import browser_of, text_of
from tests.billing.people import officer_client
from tests.payments.test_cancellations import a_desk
from tests.support.database import AsRole, admin_connection


@pytest.fixture
def slots(court: Court, petitioner: Petitioner, as_role: AsRole) -> list[Slot]:
    """Two cases of one tax and district, one after the other in a room; the second is closed."""
    cases = [petitioner.files(public_hearing=True), a_petitioner(as_role).files()]
    open_sittings(court)
    scheduled(court)
    found = sorted((slot_of(case) for case in cases), key=lambda slot: slot.minute)
    assert found[0].session == found[1].session
    return found


def test_a_case_is_heard_with_who_came_and_what_was_said(court: Court, slots: list[Slot]) -> None:
    slot, at = slots[0], begins(slots[0])

    def begin(when: datetime, of: Slot = slot) -> None:
        court.clerk.does(lambda: running.begin_hearing(slot_id=of.pk, officer_id=court.clerk.id, at=when))

    with pytest.raises(NotYet):
        begin(at - timedelta(days=1))
    with pytest.raises(AttendanceFirst):
        begin(at)
    comes(court, slot, at=at)
    court.clerk.does(
        lambda: running.note_statement(slot_id=slot.pk, side=Speaker.PETITIONER, text="The car was sold.", at=at)
    )
    other = slots[1]
    for side in (Speaker.PETITIONER, Speaker.OFFICE):
        court.clerk.does(
            lambda side=side: running.note_attendance(  # type: ignore[misc]
                slot_id=other.pk, side=side, presence=Presence.ABSENT, text="", at=at
            )
        )
    with pytest.raises(RoomIsBusy):
        begin(at, other)
    is_over(court, slot, at=at + timedelta(minutes=40))
    begin(at + timedelta(minutes=41), other)
    slot.refresh_from_db()
    assert (slot.status, slot.began_at, slot.ended_at) == ("heard", at, at + timedelta(minutes=40))
    kinds = court.clerk.does(lambda: [one.kind for one in Moment.objects.filter(slot=slot).order_by("pk")])
    assert kinds == ["attends", "attends", "begun", "said", "ended"]
    assert Entry.objects.filter(case=slot.case, event="heard").count() == 1
    with pytest.raises(NotYoursToDo):
        court.clerk.does(lambda: running.note_statement(slot_id=slot.pk, side=Speaker.OFFICE, text="No.", at=at))


def test_the_public_sees_live_when_the_next_case_is_expected(court: Court, slots: list[Slot]) -> None:
    day, at = slots[0].session.day, begins(slots[0])
    comes(court, slots[0], at=at + timedelta(minutes=30))
    now = at + timedelta(minutes=31)
    (sitting,) = public_calendar(first=day, last=day, at=now)
    first, second = sitting.rooms[0].items
    assert (first.status, first.expected) == ("begun", at + timedelta(minutes=30))
    assert second.expected == at + timedelta(minutes=30 + slots[0].lasts)
    assert second.late


def test_an_adjourned_case_gets_another_day_out_of_the_calendar(court: Court, slots: list[Slot]) -> None:
    slot, other, at = slots[0], slots[1], begins(slots[0])
    comes(court, slot, at=at)
    court.clerk.does(
        lambda: running.adjourn_hearing(slot_id=slot.pk, reason="A witness.", officer_id=court.clerk.id, at=at)
    )
    plan_id = court.clerk.does(
        lambda: hearings.ask_to_move(
            authority=CITY, case_id=slot.case_id, away=[slot.session.day], reason="A witness.", at=at
        )
    )
    make_plans(at=at)
    plan = CalendarPlan.objects.get(pk=plan_id)
    assert [put["case"] for put in plan.places] == [slot.case_id]
    court.clerk.does(lambda: hearings.fix_plan(plan_id=plan_id, officer_id=court.clerk.id, at=at))
    again = slot_of(Case.objects.get(pk=slot.case_id))
    assert again.session.day > slot.session.day
    slot.refresh_from_db()
    assert slot.status == "adjourned"
    assert slot_of(other.case).session == other.session
    events = list(Entry.objects.filter(case=slot.case).order_by("pk").values_list("event", flat=True))
    assert events[-2:] == ["adjourned", "hearing_set"]


def test_a_hearing_before_a_panel_wants_its_quorum(court: Court, slots: list[Slot]) -> None:
    slot, at = slots[0], begins(slots[0])
    a_panel(a_committee(court.chair.id), [slot.case_id], came=5)
    with pytest.raises(NoQuorum):
        comes(court, slot, at=at)
    as_owner("UPDATE appeals_benchseat SET came_at = now() WHERE place = 5")
    court.clerk.does(lambda: running.begin_hearing(slot_id=slot.pk, officer_id=court.clerk.id, at=at))
    slot.refresh_from_db()
    assert slot.status == "begun"


def test_minutes_are_kept_in_versions_and_signed_off_by_another(court: Court, slots: list[Slot]) -> None:
    slot, at = slots[0], begins(slots[0])
    comes(court, slot, at=at)

    def writes(text: str, believed: int) -> None:
        court.clerk.does(lambda: running.write_minutes(slot_id=slot.pk, text=text, believed=believed, at=at))

    def signs(minutes: Minutes) -> None:
        court.chair.does(lambda: running.sign_minutes(minutes_id=minutes.pk, officer_id=court.chair.id, at=clock.now()))

    writes("Both sides came.", 0)
    with pytest.raises(StaleMinutes):
        writes("Nobody came.", 0)
    with pytest.raises(NotYoursToDo):
        signs(Minutes.objects.get())  # it still runs
    is_over(court, slot, at=at + timedelta(minutes=10))
    writes("Both sides came and spoke.", 1)
    first, second = Minutes.objects.order_by("version")
    with pytest.raises(StaleMinutes):
        signs(first)
    with pytest.raises(NotYoursToDo):
        court.clerk.does(lambda: running.sign_minutes(minutes_id=second.pk, officer_id=court.clerk.id, at=at))
    signs(second)
    with pytest.raises(NotYoursToDo):
        signs(second)
    with pytest.raises(DatabaseError), transaction.atomic():
        Minutes.objects.filter(pk=second.pk).update(text="They did not.")
    assert list(minutes_as_sealed()) == []
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE appeals_minutes SET text = 'They did not.' WHERE id = %s", [second.pk])
    assert list(minutes_as_sealed()) == [f"minutes {second.pk} is not what was sealed"]


def test_who_levied_and_who_does_not_hear_reads_nothing_of_it(court: Court, slots: list[Slot], as_role: AsRole) -> None:
    slot, at = slots[0], begins(slots[0])
    comes(court, slot, at=at)
    auditor = a_desk(as_role, "auditor@example.kr", Role.AUDITOR, Role.ADMINISTRATOR)
    assert court.chair.does(Moment.objects.count) == 3
    for desk in (court.assessor, auditor):
        assert desk.does(Moment.objects.count) == 0
        with pytest.raises(NotYoursToDo):
            desk.does(lambda: running.note_statement(slot_id=slot.pk, side=Speaker.OTHER, text="x", at=at))


def test_the_running_page_from_attendance_to_signed_minutes(
    court: Court, slots: list[Slot], petitioner: Petitioner, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot, at = slots[0], begins(slots[0])
    monkeypatch.setattr(clock, "now", lambda: at)
    clerk = officer_client(as_role, "clerk9@example.kr", Role.COURT_CLERK)
    chair = officer_client(as_role, "chair9@example.kr", Role.CHAIR)
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("UPDATE accounts_session SET code_at = %s", [at])
    page = f"/appeals/hearings/{slot.pk}/"
    assert clerk.post(f"{page}begin/").status_code == 422
    for side in ("petitioner", "office"):
        assert clerk.post(f"{page}attend/", {"side": side, "presence": "present"}).status_code == 302
    assert clerk.post(f"{page}begin/").status_code == 302
    kept = clerk.post(f"{page}state/", {"side": "nobody", "text": "말했습니다"})
    assert (kept.status_code, "말했습니다" in text_of(kept)) == (422, True)
    assert clerk.post(f"{page}state/", {"side": "petitioner", "text": "차를 팔았습니다"}).status_code == 302
    public = text_of(browser_of(petitioner).get(f"/appeals/hearings/{slot.session.day}/"))
    assert 'http-equiv="refresh"' in public
    assert clerk.post(f"{page}end/").status_code == 302
    shown = text_of(clerk.get(page))
    assert "차를 팔았습니다" in shown.split("<textarea")[1], "the minutes begin with what was noted"
    assert clerk.post(f"{page}minutes/", {"believed": "0", "text": "끝"}).status_code == 302
    assert clerk.post(f"{page}minutes/", {"believed": "0", "text": "다른 글"}).status_code == 422
    sign = f"/appeals/hearings/minutes/{Minutes.objects.get().pk}/sign/"
    assert sign in text_of(chair.get(page))
    assert chair.post(sign).status_code == 302
    assert clerk.post(f"/appeals/hearings/{slots[1].pk}/adjourn/", {"reason": ""}).status_code == 422
    going = clerk.post(f"/appeals/hearings/{slots[1].pk}/adjourn/", {"reason": "아픔"})
    assert going["Location"].startswith("/appeals/hearings/plans/")
