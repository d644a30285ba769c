"""The first step: which case on which day, with the minutes, rooms of a kind and people of each day as limits.

Every calendar obeys what is asked here, so the least that this step can cost is a bound for all calendars; rooms come
in the second step (`to_rooms`), which adds nothing to the cost as long as what is heard together stays in one room.

Seen this way it is nearly a transport problem: cases to days with so many minutes. Its linear relaxation (`relaxed`) is
solved in seconds, is a bound, and leaves only some dozen cases undecided, about as many as there are limits that bind.
CP-SAT decides these, and may move others where the relaxation put them on several days.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from appeals.rules.calendar.costs import cost_of_nowhere
from appeals.rules.calendar.facts import Hearing, NoCalendar, Question, Session


@dataclass(frozen=True, kw_only=True)
class Days:
    """`chosen`: hearing to day; who is in `left` has none. `cost` and `bound` as in `Plan`."""

    chosen: Mapping[str, date]
    left: tuple[str, ...]
    cost: int
    bound: int


@dataclass(frozen=True, kw_only=True)
class Limit:
    """No more than `most` of what these hearings count (minutes, or one each) on a day."""

    day: date
    most: int
    counts: tuple[tuple[str, int], ...]


class Asked:
    """A question by days: who could be heard when, at which cost, within which limits.

    `spare`: minutes that a day must leave free, because its rooms could not be packed so full.
    """

    def __init__(self, asked: Question, spare: Mapping[date, int] | None = None) -> None:
        self.spare = spare or {}
        self.hearings, self.limits, self.weights = asked.hearings, asked.limits, asked.weights
        self.by_day: dict[date, list[Session]] = defaultdict(list)
        for session in sorted(asked.sessions, key=lambda one: one.key):
            self.by_day[session.day].append(session)
        self.days = sorted(self.by_day)
        self.options = {one.key: self._options(one) for one in asked.hearings}
        self.nowhere = {one.key: cost_of_nowhere(one, self.days, self.weights) for one in asked.hearings}

    def _options(self, hearing: Hearing) -> dict[date, int]:
        """Days on which some room could take it, in order, each with what it costs beyond the best of them."""
        fit = [day for day in self.days if any(hearing.fits(session) for session in self.by_day[day])]
        costs = {day: self.weights.of_day(hearing, day) for day in fit}
        least = min(costs.values(), default=0)
        return {day: cost - least for day, cost in costs.items()}

    def elsewhere(self, key: str, day: date) -> int:
        """What a case costs more, and 1 at least, on the next best day than on this one."""
        own = self.options[key][day]
        others = (cost for other, cost in self.options[key].items() if other != day and cost >= own)
        return max(1, min(others, default=self.nowhere[key]) - own)

    def binding(self, takes: Iterable[tuple[str, date]]) -> Iterator[Limit]:
        """The limits that these (case, day) could exceed."""
        by_key = {one.key: one for one in self.hearings}
        here: dict[date, list[Hearing]] = defaultdict(list)
        for key, day in takes:
            here[day].append(by_key[key])
        for day, hearings in here.items():
            for limit in (*self._of_rooms(day, hearings), *self._of_people(day, hearings)):
                if sum(count for _, count in limit.counts) > limit.most:
                    yield limit

    def _of_rooms(self, day: date, hearings: Sequence[Hearing]) -> Iterator[Limit]:
        for step_free, remote in ((False, False), (True, False), (False, True), (True, True)):
            rooms = [one for one in self.by_day[day] if one.step_free >= step_free and one.remote >= remote]
            needing = [one for one in hearings if one.step_free >= step_free and one.remote >= remote]
            counts = tuple((one.key, one.minutes) for one in needing)
            spare = 0 if step_free or remote else self.spare.get(day, 0)
            yield Limit(day=day, most=sum(one.minutes for one in rooms) - spare, counts=counts)

    def _of_people(self, day: date, hearings: Sequence[Hearing]) -> Iterator[Limit]:
        own: dict[str, list[Hearing]] = defaultdict(list)
        for one in hearings:
            for person in one.people:
                own[person].append(one)
        parts: dict[str, list[int]] = defaultdict(list)
        for session in self.by_day[day]:
            parts[session.part].append(session.minutes)
        for person, cases in own.items():
            heads = self.limits.rooms(person)
            minutes = sum(sum(sorted(lengths)[-heads:]) for lengths in parts.values())
            yield Limit(day=day, most=minutes, counts=tuple((one.key, one.minutes) for one in cases))
            if person in self.limits.a_day:
                yield Limit(day=day, most=self.limits.a_day[person], counts=tuple((one.key, 1) for one in cases))

    def groups(self, takes: Iterable[tuple[str, date]]) -> Mapping[tuple[tuple[str, str], date], list[str]]:
        """What could be heard together: (tax, district) and day to hearings."""
        group = {one.key: one.group for one in self.hearings}
        found: dict[tuple[tuple[str, str], date], list[str]] = defaultdict(list)
        for key, day in takes:
            found[group[key], day].append(key)
        return found


class ToDays:
    """The model over some (case, day). `all_heard`: none may be left, else `nowhere` is open to every case, so that
    there is always an answer. `before`: a calendar to begin from."""

    def __init__(
        self, asked: Asked, takes: Iterable[tuple[str, date]], before: Mapping[str, date], *, all_heard: bool = False
    ) -> None:
        self.asked, self.model = asked, cp_model.CpModel()
        self.takes = {one: self.model.new_bool_var("") for one in takes}
        self.nowhere = {one.key: self.model.new_bool_var("") for one in asked.hearings}
        if all_heard:
            self.model.add(sum(self.nowhere.values()) == 0)
        options: dict[str, list[cp_model.IntVar]] = defaultdict(list)
        for (key, _), here in self.takes.items():
            options[key].append(here)
        for key, none in self.nowhere.items():
            self.model.add_exactly_one([*options[key], none])
        for limit in asked.binding(self.takes):
            self.model.add(sum(n * self.takes[key, limit.day] for key, n in limit.counts) <= limit.most)
        terms: list[cp_model.LinearExprT] = [asked.nowhere[key] * none for key, none in self.nowhere.items()]
        terms += [asked.options[key][day] * here for (key, day), here in self.takes.items()]
        for (_, day), keys in asked.groups(self.takes).items():
            heard = self.model.new_bool_var("")
            terms.append(asked.weights.apart * heard)
            for key in keys:
                self.model.add_implication(self.takes[key, day], heard)
            if before:
                self.model.add_hint(heard, any(before.get(key) == day for key in keys))
        self.model.minimize(sum(terms))
        if before:
            self._begin_from(before)

    def _begin_from(self, before: Mapping[str, date]) -> None:
        for (key, day), here in self.takes.items():
            self.model.add_hint(here, before.get(key) == day)
        for key, none in self.nowhere.items():
            self.model.add_hint(none, key not in before)

    def solve(self, solver: cp_model.CpSolver) -> Days:
        """Raises NoCalendar where the solver's time was over before it had any."""
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise NoCalendar
        chosen = {key: day for (key, day), here in self.takes.items() if solver.boolean_value(here)}
        left = tuple(key for key in self.nowhere if key not in chosen)
        bound = max(0, math.ceil(solver.best_objective_bound - 1e-6))
        return Days(chosen=chosen, left=left, cost=round(solver.objective_value), bound=bound)
