"""Worker: the solver proposes places in the calendar; a clerk looks at them and fixes them.

A job that dies is taken up again after some minutes; nothing but the plan's own row is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, Q

from appeals.models import Calendar, CalendarPlan
from appeals.rules.calendar import Hearing, Session, TooMuchAtOnce, change, cost_of, faults, plan
from appeals.rules.calendar.arranging import arranged
from appeals.rules.calendar.facts import NoCalendar
from appeals.rules.solving import timed_solver
from appeals.selectors.world import World, world
from appeals.states import PLAN_TRANSITIONS, PlanKind, PlanStatus
from core.states import StaleState, move

WORKERS: Final = 2
# So many seconds for the solver: few cases, many.
FEW: Final = 300
SECONDS: Final = (8.0, 45.0)
# Who makes a plan for longer has died.
PATIENCE: Final = timedelta(minutes=5)
TRIES: Final = 3
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """`minutes`: of whoever is at another minute or session than before, session and begin."""

    minutes: Mapping[str, tuple[str, int]]
    left: tuple[str, ...]
    cost: int = 0
    bound: int = 0
    proven: bool = False


def make_plans(*, at: datetime) -> int:
    """Make every plan that waits, or that somebody began and did not end; how many."""
    gone = Q(status=PlanStatus.WORKING, begun_at__lt=at - PATIENCE)
    CalendarPlan.objects.filter(gone, attempts__gte=TRIES).update(status=PlanStatus.FAILED, step="gave_up", done_at=at)
    due = CalendarPlan.objects.filter(Q(status=PlanStatus.ASKED) | gone).order_by("pk")
    return sum(_made(pk, at=at) for pk in list(due.values_list("pk", flat=True)))


def _made(plan_id: int, *, at: datetime) -> bool:
    mine = CalendarPlan.objects.filter(pk=plan_id).filter(
        Q(status=PlanStatus.ASKED) | Q(status=PlanStatus.WORKING, begun_at__lt=at - PATIENCE)
    )
    if mine.update(status=PlanStatus.WORKING, begun_at=at, step="reading", attempts=F("attempts") + 1) != 1:
        return False  # another worker was quicker
    asked = CalendarPlan.objects.get(pk=plan_id)
    try:
        facts = _proposed(asked, at=at)
        _end(asked, PlanStatus.READY, step="", done_at=at, **facts)
    except (NoCalendar, TooMuchAtOnce) as error:
        step = "too_much" if isinstance(error, TooMuchAtOnce) else "no_calendar"
        _end(asked, PlanStatus.FAILED, step=step, done_at=at)
    except StaleState:
        return False  # a clerk dropped it
    return True


def _proposed(asked: CalendarPlan, *, at: datetime) -> dict[str, Any]:
    """The revision is read first: whatever changes while the rest is read makes the plan out of date."""
    with transaction.atomic():
        revision = Calendar.objects.filter(pk=asked.authority_id).values_list("revision", flat=True).first() or 0
        known = world(
            authority=asked.authority_id,
            at=at,
            wanted=asked.case_id,
            away=[date.fromisoformat(day) for day in asked.away],
            soon=bool(asked.consent),
        )
    _step(asked, "solving")
    made = one_moved(known, wanted=str(asked.case_id)) if asked.kind == PlanKind.ONE else all_placed(known)
    _step(asked, "checking")
    lengths = {one.key: one.minutes for one in known.asked.hearings}
    return {
        "revision": revision,
        "places": [
            {"case": int(key), "session": int(session), "minute": minute, "lasts": lengths[key]}
            for key, (session, minute) in sorted(made.minutes.items(), key=lambda item: int(item[0]))
        ],
        "left": [int(key) for key in made.left],
        "cost": made.cost,
        "bound": made.bound,
        "proven": made.proven,
    }


def all_placed(known: World) -> Proposal:
    """A place for everybody who waits, beside those who have one: nobody moves. Raises NoCalendar, TooMuchAtOnce."""
    waiting = known.waiting
    if not known.asked.sessions:
        return Proposal(minutes={}, left=tuple(one.key for one in waiting))
    free = replace(known.asked, hearings=waiting, sessions=_what_is_free(known))
    seconds = SECONDS[len(waiting) > FEW]
    found = plan(asked=free, seconds=seconds, workers=WORKERS)
    places = {**known.places, **found.places}
    if faults(hearings=known.asked.hearings, sessions=known.asked.sessions, limits=known.asked.limits, places=places):
        places = _without_faults(known, found.places, seconds=seconds)
    new = {key: place for key, place in places.items() if key not in known.booked}
    minutes, crowded = at_minutes(known, places)
    left = sorted({one.key for one in waiting if one.key not in new} | crowded, key=int)
    cost = cost_of(asked=free, places={key: place for key, place in new.items() if key not in crowded})
    bound = min(found.bound, cost)
    return Proposal(minutes=minutes, left=tuple(left), cost=cost, bound=bound, proven=bound == cost)


def one_moved(known: World, *, wanted: str) -> Proposal:
    """Another place for one case; as few others move as can be, and never who could not be told in time."""
    if wanted not in {one.key for one in known.asked.hearings}:  # it ended meanwhile
        return Proposal(minutes={}, left=(wanted,))
    places = {key: place for key, place in known.places.items() if key != wanted}
    solver = timed_solver(seconds=SECONDS[0], workers=WORKERS)
    found = change(asked=known.asked, places=places, wanted=[wanted], fixed=known.fixed - {wanted}, solver=solver)
    minutes, crowded = at_minutes(known, found.places)
    return Proposal(minutes=minutes, left=(*found.left, *sorted(crowded)), proven=found.proven and not crowded)


def _what_is_free(known: World) -> list[Session]:
    taken: dict[str, int] = defaultdict(int)
    for booked in known.booked.values():
        taken[booked.session] += booked.lasts
    return [replace(one, minutes=one.minutes - taken[one.key]) for one in known.asked.sessions]


def _without_faults(known: World, found: Mapping[str, str], *, seconds: float) -> dict[str, str]:
    """Where somebody has a hearing already, those that would need them elsewhere are asked about again, exactly."""
    by_key = {one.key: one for one in known.asked.hearings}
    day_of = {one.key: one.day for one in known.asked.sessions}
    busy = {(person, day_of[booked.session]) for key, booked in known.booked.items() for person in by_key[key].people}
    again = {key for key, place in found.items() if any((p, day_of[place]) in busy for p in by_key[key].people)}
    kept = {key: place for key, place in {**known.places, **found}.items() if key not in again}
    solver = timed_solver(seconds=seconds, workers=WORKERS)
    return dict(change(asked=known.asked, places=kept, wanted=again, fixed=list(kept), solver=solver).places)


def at_minutes(known: World, places: Mapping[str, str]) -> tuple[dict[str, tuple[str, int]], set[str]]:
    """Session and minute of everybody for whom that is new, and for whom the session had no minutes in a row."""
    by_key = {one.key: one for one in known.asked.hearings}
    sessions = {one.key: one for one in known.asked.sessions}
    inside: dict[str, list[Hearing]] = defaultdict(list)
    for key, place in places.items():
        inside[place].append(by_key[key])
    new: dict[str, tuple[str, int]] = {}
    crowded: set[str] = set()
    for place, hearings in inside.items():
        stay = {one.key: known.booked[one.key] for one in hearings if _stays(known, one.key, place)}
        coming = sorted(
            (one for one in hearings if one.key not in stay), key=lambda one: (one.group, one.received, one.key)
        )
        begins = arranged(
            minutes=sessions[place].minutes,
            there={key: (booked.minute, booked.lasts) for key, booked in stay.items()},
            coming=[(one.key, one.minutes) for one in coming],
            may_shift=not known.fixed & set(stay),
        )
        crowded |= {one.key for one in coming if one.key not in begins}
        new |= {key: (place, minute) for key, minute in begins.items() if _is_new(known, key, place, minute)}
    return new, crowded


def _stays(known: World, key: str, place: str) -> bool:
    return key in known.booked and known.booked[key].session == place


def _is_new(known: World, key: str, place: str, minute: int) -> bool:
    return not _stays(known, key, place) or known.booked[key].minute != minute


def _step(asked: CalendarPlan, step: str) -> None:
    CalendarPlan.objects.filter(pk=asked.pk, status=PlanStatus.WORKING).update(step=step)


def _end(asked: CalendarPlan, status: PlanStatus, **facts: Any) -> None:
    move(CalendarPlan, asked.pk, transitions=PLAN_TRANSITIONS, old=PlanStatus.WORKING, new=status, **facts)
