"""Sittings are opened, plans asked for and fixed, in the name of the session's clerk. Office only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from appeals.rules.sittings import rooms_on, sitting_days
from appeals.services.asking import one
from appeals.states import PlanKind
from billing.rules.calendar import CalendarNotKnown
from billing.rules.dated import DatedTables, NoTableForDate
from billing.selectors.city import city_calendar, dated_tables
from core import audit, clock
from core.errors import Refusal

LONGEST: Final = timedelta(days=400)


class NotAClerkOfTheCity(Refusal):
    message = _("Sittings are opened by a clerk of the city, whose rooms they are.")


class NoSittingDays(Refusal):
    message = _("The city's pack does not say on which days it sits until then. Choose an earlier day.")


class NotForTheCalendar(Refusal):
    message = _("This case is not heard here, is being heard, or not any more; or another officer has to do it.")


class SolverIsBusy(Refusal):
    message = _("A plan is being made. Wait for it, or drop it.")


class StalePlan(Refusal):
    message = _(
        "The calendar or a case of the plan has changed since it was made. Nothing was fixed; have a new one made."
    )


class TooLateToTell(Refusal):
    message = _(
        "Whoever may speak hears at least three days before when and where it is, unless the petitioner agrees to less "
        "(Framework Act on Local Taxes, article 92). Nothing was fixed; have a new plan made."
    )


class BookedTwice(Refusal):
    message = _("The plan would book a room or a person twice. Nothing was fixed; have a new one made.")


def open_sittings(*, until: date, officer_id: int, at: datetime) -> int:
    """Open every sitting from today until a day, in all rooms (심리 기일 개설); how many rooms' parts are new.

    Raises NotAClerkOfTheCity, NoSittingDays.
    """
    today, tables = clock.local_date(at), dated_tables()
    try:
        calendar = city_calendar(tables=tables, on=today)
        days = sitting_days(tables=tables, calendar=calendar, begins=today, ends=min(until, today + LONGEST))
        facts = [session for day in days for session in _sessions(tables, day)]
    except (CalendarNotKnown, NoTableForDate) as error:
        raise NoSittingDays from error
    with transaction.atomic():
        made = one("SELECT appeals_open_sessions(%s, %s)", [json.dumps(facts, default=str), at])
        if made is None:
            raise NotAClerkOfTheCity
        audit.record(
            action="appeals.sittings_opened",
            subject=f"until:{until.isoformat()}",
            actor_id=officer_id,
            details={"new": made},
        )
    return int(made)


def _sessions(tables: DatedTables, day: date) -> Iterator[dict[str, object]]:
    rooms, parts = rooms_on(tables=tables, day=day)
    for part in parts:
        begins = datetime.combine(day, part.begins, ZoneInfo(settings.TIME_ZONE))
        for room in rooms:
            facts = {"room" if name == "code" else name: value for name, value in room.__dict__.items()}
            facts |= {"room_ko": facts.pop("name_ko"), "room_en": facts.pop("name_en")}
            yield {**facts, "day": day, "part": part.code, "begins": begins, "minutes": part.minutes}


def ask_plan(*, authority: str, at: datetime) -> int:
    """Have the solver propose places for all cases that wait; the plan's number.

    Raises SolverIsBusy, NotForTheCalendar.
    """
    return _ask([authority, PlanKind.ALL, None, "[]", "", "", at])


def ask_to_move(
    *, authority: str, case_id: int, away: Collection[date], reason: str, consent: str = "", at: datetime
) -> int:
    """Have another place proposed for one case, on none of the days `away`. `consent`: how the petitioner agreed to be
    told later than the law says, if they did. Raises SolverIsBusy, NotForTheCalendar."""
    days = json.dumps(sorted({day.isoformat() for day in away}))
    return _ask([authority, PlanKind.ONE, case_id, days, reason, consent, at])


def _ask(values: Sequence[Any]) -> int:
    made = one("SELECT appeals_ask_plan(%s, %s, %s, %s, %s, %s, %s)", values)
    if made is None:
        raise NotForTheCalendar
    if made == -1:
        raise SolverIsBusy
    return int(made)


def fix_plan(*, plan_id: int, officer_id: int, at: datetime) -> None:
    """Fix a plan, all of it: each side of each case is told at once. Fixed again it does nothing.

    Raises StalePlan, TooLateToTell, BookedTwice, NotForTheCalendar.
    """
    try:
        with transaction.atomic():
            answer = one("SELECT appeals_fix_plan(%s, %s)", [plan_id, at])
            if answer == "done":
                audit.record(action="appeals.plan_fixed", subject=f"plan:{plan_id}", actor_id=officer_id)
    except IntegrityError as error:
        if "제92조" in str(error):
            raise TooLateToTell from error
        raise BookedTwice from error
    if answer is None:
        raise NotForTheCalendar
    if answer == "stale":
        raise StalePlan


def drop_plan(*, plan_id: int) -> None:
    """Throw a plan away that nobody fixed. Raises NotForTheCalendar."""
    if not one("SELECT appeals_drop_plan(%s)", [plan_id]):
        raise NotForTheCalendar
