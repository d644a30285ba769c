"""Sittings that are open, plans that are made and fixed, and a clock that has moved on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from appeals.models import CalendarPlan, Case, Session, Slot
from appeals.services import hearings, running
from appeals.services.planning import make_plans
from appeals.states import Presence, Speaker
from core import clock
from tests.appeals.cast import Court, today
from tests.payments.test_cancellations import Desk

CITY = "11000"
AHEAD = timedelta(days=70)


def open_sittings(court: Court, *, at: datetime | None = None) -> list[Session]:
    court.clerk.does(
        lambda: hearings.open_sittings(until=today() + AHEAD, officer_id=court.clerk.id, at=at or clock.now())
    )
    return list(Session.objects.order_by("begins", "room"))


def planned(desk: Desk, ask: Callable[[], int] | None = None, *, at: datetime | None = None) -> CalendarPlan:
    """Ask as a clerk, and let the worker make it."""
    plan_id = desk.does(ask or (lambda: hearings.ask_plan(authority=CITY, at=at or clock.now())))
    make_plans(at=at or clock.now())
    return CalendarPlan.objects.get(pk=plan_id)


def fixes(desk: Desk, plan: CalendarPlan, *, at: datetime | None = None) -> None:
    desk.does(lambda: hearings.fix_plan(plan_id=plan.pk, officer_id=desk.id, at=at or clock.now()))


def scheduled(court: Court) -> CalendarPlan:
    plan = planned(court.clerk)
    fixes(court.clerk, plan)
    plan.refresh_from_db()
    return plan


def moves(court: Court, case: Case, *, desk: Desk | None = None, **facts: Any) -> CalendarPlan:
    told: dict[str, Any] = {"away": [], "reason": "The advocate is ill.", "at": clock.now()} | facts
    return planned(
        desk or court.clerk, lambda: hearings.ask_to_move(authority=CITY, case_id=case.pk, **told), at=told["at"]
    )


def slot_of(case: Case) -> Slot:
    return Slot.objects.select_related("session").get(case=case, status__in=("set", "begun"))


def begins(slot: Slot) -> datetime:
    return slot.session.begins + timedelta(minutes=slot.minute)


def comes(court: Court, slot: Slot, *, at: datetime) -> None:
    """Both sides come, and the case begins."""
    for side in (Speaker.PETITIONER, Speaker.OFFICE):
        court.clerk.does(
            lambda side=side: running.note_attendance(  # type: ignore[misc]
                slot_id=slot.pk, side=side, presence=Presence.PRESENT, text="", at=at
            )
        )
    court.clerk.does(lambda: running.begin_hearing(slot_id=slot.pk, officer_id=court.clerk.id, at=at))


def is_over(court: Court, slot: Slot, *, at: datetime) -> None:
    court.clerk.does(lambda: running.end_hearing(slot_id=slot.pk, officer_id=court.clerk.id, at=at))
