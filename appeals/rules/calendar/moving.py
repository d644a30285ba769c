"""A case is added, has to move, or lost its room: a new plan that keeps every rule and touches as little as possible.

In this order: everybody has a place; as few days late as can be; as few others moved as can be; then the calendar's own
weights. Exact over the days that are looked at: those of the cases without a place, and whoever sits there already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ortools.sat.python import cp_model

from appeals.rules.calendar.facts import Hearing, NoCalendar, Question, Session

# Each outweighs all that follows it: a place, a day of lateness, another case moved, what the calendar weighs.
PLACE: Final = 10**13
LATE: Final = 10**10
MOVED: Final = 10**7
MOST_COST: Final = 10**6
DAYS: Final = 4


@dataclass(frozen=True, kw_only=True)
class Change:
    """`places`: every hearing's session afterwards; `moved`: whose session is another one, beside those asked about;
    `left`: those for which there was no place; `proven`: nothing better exists on the days that were looked at."""

    places: Mapping[str, str]
    moved: tuple[str, ...]
    left: tuple[str, ...]
    proven: bool


def change(
    *,
    asked: Question,
    places: Mapping[str, str],
    wanted: Collection[str],
    fixed: Collection[str] = (),
    solver: cp_model.CpSolver,
) -> Change:
    """Find places for `wanted`, whatever they had. `fixed`: who must stay, such as those told already.

    Its sessions are those that can still be used: who sits in another is among the wanted. Raises NoCalendar where the
    solver's time was over before it had any answer, KeyError for a hearing that is not among those asked about.
    """
    return _Moving(asked, places, frozenset(wanted), frozenset(fixed)).solve(solver)


class _Moving:
    def __init__(
        self, asked: Question, places: Mapping[str, str], wanted: frozenset[str], fixed: frozenset[str]
    ) -> None:
        self.by_key = {one.key: one for one in asked.hearings}
        self.sessions = {one.key: one for one in sorted(asked.sessions, key=lambda one: (one.day, one.key))}
        self.limits, self.weights, self.places = asked.limits, asked.weights, places
        lost = {key for key, session in places.items() if session not in self.sessions}
        self.wanted = wanted | lost
        self.days = self._days()
        here = {key for key, session in places.items() if key not in lost and self.sessions[session].day in self.days}
        self.may_move = here - fixed - self.wanted
        self.stay = here - self.may_move - self.wanted
        self.model = cp_model.CpModel()
        self.takes = {
            (key, session.key): self.model.new_bool_var("")
            for key in sorted(self.wanted | self.may_move)
            for session in self.sessions.values()
            if session.day in self.days and self.by_key[key].fits(session)
        }
        self.nowhere = {key: self.model.new_bool_var("") for key in sorted(self.wanted)}
        self._limit()

    def _days(self) -> set[date]:
        """Of each wanted case the first days that suit it; all of them up to its last day to decide."""
        found: set[date] = set()
        for key in self.wanted:
            one = self.by_key[key]
            fit = sorted({session.day for session in self.sessions.values() if one.fits(session)})
            in_time = sum(1 for day in fit if day <= one.decide_by)
            found |= set(fit[: max(DAYS, in_time)])
        return found

    def _limit(self) -> None:
        for key in sorted(self.wanted | self.may_move):
            options = [takes for (one, _), takes in self.takes.items() if one == key]
            if key in self.wanted:
                self.model.add_exactly_one([*options, self.nowhere[key]])
            else:
                self.model.add_exactly_one(options)
        kept = [(self.by_key[key], self.sessions[self.places[key]]) for key in sorted(self.stay)]
        asked = [(self.by_key[key], self.sessions[session], takes) for (key, session), takes in self.takes.items()]
        everybody: list[tuple[Hearing, Session, cp_model.LinearExprT]] = [*asked, *((one, at, 1) for one, at in kept)]
        minutes: dict[str, list[cp_model.LinearExprT]] = defaultdict(list)
        for one, session, takes in everybody:
            minutes[session.key].append(one.minutes * takes)
        for key, lengths in minutes.items():
            self.model.add(sum(lengths) <= self.sessions[key].minutes)
        self._people(everybody)

    def _people(self, everybody: list[tuple[Hearing, Session, cp_model.LinearExprT]]) -> None:
        cases = Counter(person for key in self.wanted | self.may_move | self.stay for person in self.by_key[key].people)
        a_day: dict[tuple[str, date], list[cp_model.LinearExprT]] = defaultdict(list)
        there: dict[tuple[str, date, str], dict[str, cp_model.IntVar]] = defaultdict(dict)
        for one, session, takes in everybody:
            for person in one.people:
                a_day[person, session.day].append(takes)
                if cases[person] > self.limits.rooms(person):
                    rooms = there[person, session.day, session.part]
                    if session.room not in rooms:
                        rooms[session.room] = self.model.new_bool_var("")
                    self.model.add(rooms[session.room] >= takes)
        for (person, _), own in a_day.items():
            if person in self.limits.a_day:
                self.model.add(sum(own) <= self.limits.a_day[person])
        for (person, _, _), rooms in there.items():
            self.model.add(sum(rooms.values()) <= self.limits.rooms(person))

    def _cost(self) -> cp_model.LinearExprT:
        terms: list[cp_model.LinearExprT] = [PLACE * one for one in self.nowhere.values()]
        company = self._company()
        for (key, place), takes in self.takes.items():
            one, session = self.by_key[key], self.sessions[place]
            day = session.day
            late = max(0, (day - one.decide_by).days)
            waited = min(MOST_COST, self.weights.waited * (day - one.received).days ** 2)
            moved = key not in self.wanted and self.places[key] != place
            apart = 0 if company[one.group, day, session.room] - {key} else self.weights.apart
            terms.append((LATE * late + MOVED * moved + min(MOST_COST, waited + apart)) * takes)
        return sum(terms)

    def _company(self) -> dict[tuple[tuple[str, str], date, str], set[str]]:
        """What is heard together already: (tax, district), day and room to hearings."""
        found: dict[tuple[tuple[str, str], date, str], set[str]] = defaultdict(set)
        for key in self.stay | self.may_move:
            session = self.sessions[self.places[key]]
            found[self.by_key[key].group, session.day, session.room].add(key)
        return found

    def solve(self, solver: cp_model.CpSolver) -> Change:
        for (key, session), takes in self.takes.items():
            self.model.add_hint(takes, key not in self.wanted and self.places[key] == session)
        self.model.minimize(self._cost())
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise NoCalendar
        after = {key: session for key, session in self.places.items() if key not in self.wanted}
        after.update({key: session for (key, session), takes in self.takes.items() if solver.boolean_value(takes)})
        return Change(
            places=after,
            moved=tuple(sorted(key for key in self.may_move if after[key] != self.places[key])),
            left=tuple(sorted(self.wanted - set(after))),
            proven=status == cp_model.OPTIMAL,
        )
