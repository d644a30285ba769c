"""A calendar for many cases at once: days first, rooms second, and a bound that holds for every calendar."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from ortools.sat.python import cp_model

from appeals.rules.calendar.costs import cost_of
from appeals.rules.calendar.facts import (
    MOST_HEARINGS,
    MOST_SESSIONS,
    Day,
    Hearing,
    NoCalendar,
    Plan,
    Question,
    Session,
)
from appeals.rules.calendar.first_fit import room_for
from appeals.rules.calendar.moving import change
from appeals.rules.calendar.relaxed import Relaxed, relax
from appeals.rules.calendar.to_days import Asked, Days, ToDays
from appeals.rules.calendar.to_rooms import to_rooms
from appeals.rules.solving import timed_solver

# Parts of the time: for the bound, for each look at the days; for like beside like on one day, of what is left then.
FOR_BOUND: Final = 0.4
FOR_DAYS: Final = 0.12
FOR_ROOMS: Final = 0.03
# So many more (case, day) are looked at, the cheapest first, until the days are proven that close to the best.
WIDER: Final = (0, 700, 1_500)
CLOSE_ENOUGH: Final = 0.005
# Up to so many (case, day) all are asked about, and CP-SAT's bound counts.
ASKED_WHOLE: Final = 300
# A day whose rooms could not be packed is asked again with as many minutes less as found no room, so many at
# least, this often.
RESERVE: Final = 30
TURNS: Final = 3


class TooMuchAtOnce(ValueError):
    """More cases or sessions than are planned at once."""


def plan(*, asked: Question, seconds: float, workers: int) -> Plan:
    """A calendar within about `seconds`, and how far from the best it can be. Raises TooMuchAtOnce, NoCalendar."""
    if len(asked.hearings) > MOST_HEARINGS or len(asked.sessions) > MOST_SESSIONS:
        raise TooMuchAtOnce(f"{len(asked.hearings)} cases, {len(asked.sessions)} sessions")
    if not asked.hearings:
        return Plan(places={}, left=(), cost=0, bound=0)
    return _Planning(asked, seconds, workers).plan()


class _Planning:
    def __init__(self, asked: Question, seconds: float, workers: int) -> None:
        self.asked, self.seconds, self.workers = asked, seconds, workers
        self.until = time.monotonic() + seconds
        self.spare: dict[date, int] = defaultdict(int)
        self.relaxed: Relaxed | None = None
        self.rooms: dict[frozenset[str], dict[str, str]] = {}

    def plan(self) -> Plan:
        bound: int | None = None
        best, cost = dict[str, str](), 0
        chosen: Mapping[str, date] = {}
        for turn in range(TURNS):
            days = self._days(chosen)
            # With minutes kept free it is no bound for everybody any more.
            bound = days.bound if bound is None else bound
            places, failed = self._rooms(days.chosen)
            places = self._beside(places)
            costs = cost_of(asked=self.asked, places=places)
            if turn == 0 or costs < cost:
                best, cost, chosen = places, costs, days.chosen
            if not failed or self._left() < 0.25 * self.seconds:
                break
            for day, minutes in failed.items():
                self.spare[day] += max(minutes, RESERVE)
        if missing := [one.key for one in self.asked.hearings if one.key not in best]:
            best = self._squeeze(best, missing)
            cost = cost_of(asked=self.asked, places=best)
        left = tuple(one.key for one in self.asked.hearings if one.key not in best)
        return Plan(places=best, left=left, cost=cost, bound=min(bound or 0, cost))

    def _left(self) -> float:
        return self.until - time.monotonic()

    def _days(self, before: Mapping[str, date]) -> Days:
        """The day of each case, and a bound: the relaxation's, or CP-SAT's where it looked at everything."""
        by_days = Asked(self.asked, self.spare)
        if self.relaxed is None:
            self.relaxed = relax(Asked(self.asked), seconds=self.seconds * FOR_BOUND)
        bound, kept = self.relaxed.bound, self.relaxed.kept
        best: Days | None = None
        for wider in WIDER:
            try:
                model = ToDays(by_days, self.relaxed.worth[: kept + wider], before, all_heard=True)
                best = model.solve(self._solver())
            except NoCalendar:
                continue
            before = best.chosen
            if best.cost - bound <= CLOSE_ENOUGH * best.cost:
                break
        everything = [(key, day) for key, options in by_days.options.items() for day in options]
        if best is None or len(everything) <= ASKED_WHOLE:
            worth = everything if len(everything) <= ASKED_WHOLE else self.relaxed.worth
            best = ToDays(by_days, worth, before or self.relaxed.start).solve(self._solver())
            bound = max(bound, best.bound) if worth is everything and not self.spare else bound
        return replace(best, bound=bound)

    def _solver(self) -> cp_model.CpSolver:
        solver = timed_solver(seconds=max(1.0, self.seconds * FOR_DAYS), workers=self.workers)
        solver.parameters.relative_gap_limit = 0.0005 if len(self.asked.hearings) > ASKED_WHOLE else 0.0
        return solver

    def _rooms(self, chosen: Mapping[str, date]) -> tuple[dict[str, str], dict[date, int]]:
        """Places, and the minutes that found none on a day. A day that is as it was is not asked again."""
        by_day: dict[date, list[Hearing]] = defaultdict(list)
        for one in self.asked.hearings:
            if one.key in chosen:
                by_day[chosen[one.key]].append(one)
        places: dict[str, str] = {}
        failed: dict[date, int] = {}
        by_days = Asked(self.asked)
        for day, hearings in sorted(by_day.items()):
            keys = frozenset(one.key for one in hearings)
            if keys not in self.rooms:
                self.rooms[keys] = to_rooms(
                    asked=Day(
                        hearings=hearings,
                        sessions=by_days.by_day[day],
                        limits=self.asked.limits,
                        elsewhere={one.key: by_days.elsewhere(one.key, day) for one in hearings},
                    ),
                    seconds=max(0.5, self._left() * FOR_ROOMS),
                    workers=self.workers,
                )
            places.update(self.rooms[keys])
            if outside := [one.minutes for one in hearings if one.key not in self.rooms[keys]]:
                failed[day] = sum(outside)
        return places, failed

    def _beside(self, places: Mapping[str, str]) -> dict[str, str]:
        """Who found no room, the oldest first, each on the day that costs least and has one; nobody moves."""
        by_key = {session.key: session for session in self.asked.sessions}
        options = Asked(self.asked).options
        there: dict[date, list[tuple[Hearing, Session]]] = defaultdict(list)
        for one in self.asked.hearings:
            if one.key in places:
                there[by_key[places[one.key]].day].append((one, by_key[places[one.key]]))
        found = dict(places)
        missing = [one for one in self.asked.hearings if one.key not in places]
        for one in sorted(missing, key=lambda one: (one.received, one.key)):
            for day in sorted(options[one.key], key=options[one.key].__getitem__):
                sessions = [session for session in self.asked.sessions if session.day == day]
                key = room_for(hearing=one, sessions=sessions, limits=self.asked.limits, there=there[day])
                if key is not None:
                    found[one.key] = key
                    there[day].append((one, by_key[key]))
                    break
        return found

    def _squeeze(self, places: Mapping[str, str], missing: Sequence[str]) -> dict[str, str]:
        """Where no day has room, others move for who is left."""
        solver = timed_solver(seconds=max(1.0, self._left()), workers=self.workers)
        try:
            return dict(change(asked=self.asked, places=places, wanted=missing, solver=solver).places)
        except NoCalendar:
            return dict(places)
