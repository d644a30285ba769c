"""The second step: the cases of a day into its rooms and parts, nobody in two places at once, like with like.

First that everybody has a room, which leaves the solver most time on a full day. Then that what is heard together has
one, which nearly always can be had and is the best there is; where not, few.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Final

from ortools.sat.python import cp_model

from appeals.rules.calendar.facts import Hearing, Limits, NoCalendar, Session
from appeals.rules.calendar.first_fit import first_fit
from appeals.rules.solving import timed_solver

# What a hearing without a room costs, against one more room for what is heard together.
NO_ROOM: Final = 1_000
# Of the time for a day, what like beside like may take once everybody has a room.
FOR_ALIKE: Final = 0.1


def to_rooms(
    *, hearings: Sequence[Hearing], sessions: Sequence[Session], limits: Limits, seconds: float, workers: int
) -> dict[str, str]:
    """Hearing to session, for one day; who has no room is not in it."""
    by_hand = first_fit(hearings=hearings, sessions=sessions, limits=limits)
    if _nothing_better(by_hand, hearings, sessions):
        return by_hand
    best = by_hand
    if len(best) < len(hearings):
        best = _solved(best, seconds, workers, ToRooms(hearings, sessions, limits, Wish.EVERYBODY))
    for wish in (Wish.WHOLE_GROUPS, Wish.FEW_ROOMS) if len(best) == len(hearings) else ():
        found = _solved(best, seconds * FOR_ALIKE, workers, ToRooms(hearings, sessions, limits, wish))
        if found is not best:
            return found
    return best


def _solved(before: dict[str, str], seconds: float, workers: int, model: ToRooms) -> dict[str, str]:
    """What the model finds from there on; what was there where it finds nothing, or less."""
    model.begin_from(before)
    try:
        found = model.solve(timed_solver(seconds=seconds, workers=workers))
    except NoCalendar:
        return before
    return found if len(found) >= len(before) else before


def _nothing_better(places: Mapping[str, str], hearings: Sequence[Hearing], sessions: Sequence[Session]) -> bool:
    """Everybody has a room, and every (tax, district) one alone."""
    room_of = {session.key: session.room for session in sessions}
    if len(places) < len(hearings):
        return False
    return len({(one.group, room_of[places[one.key]]) for one in hearings}) == len({one.group for one in hearings})


class Wish(Enum):
    """What is asked of a day's rooms: that everybody has one, whichever; that every (tax, district) has one, and nobody
    is left; that each has few."""

    EVERYBODY = auto()
    WHOLE_GROUPS = auto()
    FEW_ROOMS = auto()


class ToRooms:
    """The model of one day."""

    def __init__(self, hearings: Sequence[Hearing], sessions: Sequence[Session], limits: Limits, wish: Wish) -> None:
        self.hearings = sorted(hearings, key=lambda one: one.key)
        self.sessions = sorted(sessions, key=lambda one: one.key)
        self.limits = limits
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
            self._rooms_as_few_as_can_be(alike=wish == Wish.FEW_ROOMS)

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

    def _rooms_as_few_as_can_be(self, *, alike: bool) -> None:
        used: dict[tuple[tuple[str, str], str], list[cp_model.IntVar]] = defaultdict(list)
        nowhere = []
        for one in self.hearings:
            choices = self._in_rooms(one)
            none = self.model.new_bool_var("")
            nowhere.append(none)
            self.model.add_exactly_one([*(takes for own in choices.values() for takes in own), none])
            for room, own in choices.items():
                used[one.group, room] += own
        rooms = sum(self._any(own) for own in used.values()) if alike else 0
        self.model.minimize(rooms + NO_ROOM * sum(nowhere))

    def solve(self, solver: cp_model.CpSolver) -> dict[str, str]:
        """Raises NoCalendar where there is none, or the solver's time was over before it had any."""
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise NoCalendar
        return {key: session for (key, session), takes in self.takes.items() if solver.boolean_value(takes)}
