"""The second step: the cases of a day into its rooms and parts, nobody in two places at once, like with like.

First that everybody has a room (`first_fit`, and on a full day `packing`). Then that what is heard together has one
room, which nearly always can be had and is the best there is; where not, few.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Final

from ortools.sat.python import cp_model

from appeals.rules.calendar.facts import Day, Hearing, NoCalendar
from appeals.rules.calendar.first_fit import first_fit
from appeals.rules.calendar.packing import packed
from appeals.rules.solving import timed_solver

# What it costs to hear somebody another day outweighs any number of rooms for what is heard together.
NO_ROOM: Final = 1_000


def to_rooms(*, asked: Day, seconds: float, workers: int) -> dict[str, str]:
    """Hearing to session, for one day; who has no room is not in it."""
    best = first_fit(hearings=asked.hearings, sessions=asked.sessions, limits=asked.limits)
    if _nothing_better(best, asked):
        return best
    if len(best) < len(asked.hearings):
        best = packed(asked)
    for wish in Wish:
        model = ToRooms(asked, wish)
        model.begin_from(best)
        try:
            found = model.solve(timed_solver(seconds=seconds, workers=workers))
        except NoCalendar:
            continue
        if asked.without(found) <= asked.without(best):
            return found
    return best


def _nothing_better(places: Mapping[str, str], asked: Day) -> bool:
    """Everybody has a room, and every (tax, district) one alone."""
    room_of = {session.key: session.room for session in asked.sessions}
    if len(places) < len(asked.hearings):
        return False
    used = {(one.group, room_of[places[one.key]]) for one in asked.hearings}
    return len(used) == len({one.group for one in asked.hearings})


class Wish(Enum):
    """What is asked of a day's rooms: that every (tax, district) has one, and nobody is left; that each has few."""

    WHOLE_GROUPS = auto()
    FEW_ROOMS = auto()


class ToRooms:
    """The model of one day."""

    def __init__(self, asked: Day, wish: Wish) -> None:
        self.asked, self.limits = asked, asked.limits
        self.hearings = sorted(asked.hearings, key=lambda one: one.key)
        self.sessions = sorted(asked.sessions, key=lambda one: one.key)
        self.model = cp_model.CpModel()
        self.takes = {
            (one.key, session.key): self.model.new_bool_var("")
            for one in self.hearings
            for session in self.sessions
            if one.fits(session)
        }
        for session in self.sessions:
            here = [
                (one, self.takes[one.key, session.key]) for one in self.hearings if (one.key, session.key) in self.takes
            ]
            self.model.add(sum(one.minutes * takes for one, takes in here) <= session.minutes)
        self._people()
        if wish == Wish.WHOLE_GROUPS:
            self._one_room_each()
        else:
            self._rooms_as_few_as_can_be()

    def begin_from(self, places: Mapping[str, str]) -> None:
        for (key, session), takes in self.takes.items():
            self.model.add_hint(takes, places.get(key) == session)

    def _people(self) -> None:
        """Somebody with several cases is in no more rooms at once than they can be."""
        cases = Counter(person for one in self.hearings for person in one.people)
        there: dict[tuple[str, str, str], list[cp_model.IntVar]] = defaultdict(list)
        for one in self.hearings:
            for session in self.sessions:
                if (one.key, session.key) not in self.takes:
                    continue
                for person in one.people:
                    if cases[person] > self.limits.rooms(person):
                        there[person, session.part, session.room].append(self.takes[one.key, session.key])
        inside: dict[tuple[str, str], list[cp_model.IntVar]] = defaultdict(list)
        for (person, part, _), own in there.items():
            inside[person, part].append(self._any(own))
        for (person, _), rooms in inside.items():
            self.model.add(sum(rooms) <= self.limits.rooms(person))

    def _any(self, own: Sequence[cp_model.IntVar]) -> cp_model.IntVar:
        """True where any of them is."""
        found = self.model.new_bool_var("")
        for takes in own:
            self.model.add_implication(takes, found)
        return found

    def _in_rooms(self, one: Hearing) -> dict[str, list[cp_model.IntVar]]:
        """A hearing's choices by room."""
        rooms: dict[str, list[cp_model.IntVar]] = defaultdict(list)
        for session in self.sessions:
            if (one.key, session.key) in self.takes:
                rooms[session.room].append(self.takes[one.key, session.key])
        return rooms

    def _one_room_each(self) -> None:
        groups: dict[tuple[str, str], list[dict[str, list[cp_model.IntVar]]]] = defaultdict(list)
        for one in self.hearings:
            groups[one.group].append(self._in_rooms(one))
        for members in groups.values():
            shared = sorted(set.intersection(*(set(rooms) for rooms in members)))
            chosen = {room: self.model.new_bool_var("") for room in shared}
            self.model.add_exactly_one(chosen.values())
            for rooms in members:
                for room, own in rooms.items():
                    self.model.add(sum(own) == chosen.get(room, 0))

    def _rooms_as_few_as_can_be(self) -> None:
        used: dict[tuple[tuple[str, str], str], list[cp_model.IntVar]] = defaultdict(list)
        terms: list[cp_model.LinearExprT] = []
        for one in self.hearings:
            choices = self._in_rooms(one)
            none = self.model.new_bool_var("")
            terms.append(NO_ROOM * self.asked.elsewhere[one.key] * none)
            self.model.add_exactly_one([*(takes for own in choices.values() for takes in own), none])
            for room, own in choices.items():
                used[one.group, room] += own
        terms += [self._any(own) for own in used.values()]
        self.model.minimize(sum(terms))

    def solve(self, solver: cp_model.CpSolver) -> dict[str, str]:
        """Raises NoCalendar where there is none, or the solver's time was over before it had any."""
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise NoCalendar
        return {key: session for (key, session), takes in self.takes.items() if solver.boolean_value(takes)}
