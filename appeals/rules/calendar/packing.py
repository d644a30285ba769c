"""A full day packed by many small moves: cases between parts of the day, people with all their cases between rooms.

Rooms with minutes, and people who can be in one of them at a time: packing a day to its last minutes took CP-SAT longer
than a clerk waits, while moves that are nearly always taken back find it in seconds (simulated annealing). Whoever has
most cases of a hearing's people leads it, and has one room in each part of the day, so that no move puts them in two.
Moves and their dice are counted, not timed: the same day is packed the same way on every machine.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from appeals.rules.calendar.facts import Day, Hearing

MOVES_A_HEARING: Final = 5_000
# Minutes that a move may make worse, nearly always at first and hardly ever at last.
HOT: Final = 10.0
COLD: Final = 1.0
COOLER_EVERY: Final = 256
# In minutes too much: a hearing in a room that does not fit, somebody in one room more than they can be in.
WRONG: Final = 60


def packed(asked: Day) -> dict[str, str]:
    """Hearing to session; those are left out, at little cost elsewhere, for whom no room was found."""
    if not asked.hearings or not asked.sessions:
        return {}
    packing = _Packing(asked)
    packing.improve()
    return packing.places()


@dataclass(frozen=True)
class _Move:
    """Cases with the session they leave and the one they go to, and what is decided with it: (where, which, what)."""

    cases: Sequence[tuple[int, int, int]]
    decides: Sequence[tuple[MutableMapping[Any, Any], Any, Any]]


class _Packing:
    def __init__(self, asked: Day) -> None:
        self.asked, self.dice = asked, random.Random(0)  # noqa: S311 - a search, not a draw
        self.hearings = sorted(asked.hearings, key=lambda one: one.key)
        self.sessions = sorted(asked.sessions, key=lambda one: one.key)
        self.minutes = [one.minutes for one in self.hearings]
        self.capacity = [one.minutes for one in self.sessions]
        self.at = {(one.part, one.room): number for number, one in enumerate(self.sessions)}
        self.rooms: dict[str, list[str]] = defaultdict(list)
        for session in self.sessions:
            self.rooms[session.part].append(session.room)
        self.parts = sorted(self.rooms)
        self.fits = [[one.fits(session) for session in self.sessions] for one in self.hearings]
        self._people()
        self.part = {number: self.dice.choice(self.parts) for number in range(len(self.hearings))}
        self.room = {(who, part): self.dice.choice(self.rooms[part]) for who in self.leads for part in self.parts}
        self.load = [0] * len(self.sessions)
        self.there: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for number in self.part:
            at = self._session(number)
            self.load[at] += self.minutes[number]
            self._enter(number, at)
        self.cost = sum(self._over(at) for at in range(len(self.sessions))) + WRONG * (
            self._crowded() + sum(not self.fits[number][self._session(number)] for number in self.part)
        )

    def _people(self) -> None:
        """Who leads each hearing, and who of it has to be looked after: not always leads, and could be in too many
        rooms."""
        cases = Counter(person for one in self.hearings for person in one.people)

        def leader(one: Hearing) -> str:
            alone = [person for person in one.people if self.asked.limits.rooms(person) == 1]
            return max(alone, key=lambda person: (cases[person], person), default=f"hearing {one.key}")

        self.leader = [leader(one) for one in self.hearings]
        self.leads: dict[str, list[int]] = defaultdict(list)
        for number, who in enumerate(self.leader):
            self.leads[who].append(number)
        self.leaders = list(self.leads)
        follows = {
            who for one, leads in zip(self.hearings, self.leader, strict=True) for who in one.people if who != leads
        }
        limits = self.asked.limits
        self.others = [
            [who for who in sorted(one.people & follows) if cases[who] > limits.rooms(who)] for one in self.hearings
        ]

    def _session(self, number: int) -> int:
        part = self.part[number]
        return self.at[part, self.room[self.leader[number], part]]

    def _over(self, session: int, more: int = 0) -> int:
        return max(0, self.load[session] + more - self.capacity[session])

    def _enter(self, number: int, session: int, count: int = 1) -> None:
        where = self.sessions[session]
        for who in self.others[number]:
            self.there[who, where.part][where.room] += count

    def _crowded(self) -> int:
        """Rooms beyond those that people can be in."""
        return sum(
            max(0, sum(1 for count in rooms.values() if count) - self.asked.limits.rooms(who))
            for (who, _), rooms in self.there.items()
        )

    def improve(self) -> None:
        """Move until nothing is wrong, or the moves are used up."""
        heat, most = HOT, MOVES_A_HEARING * len(self.hearings)
        for turn in range(most):
            if not self.cost:
                return
            if turn % COOLER_EVERY == 0:
                heat = max(COLD, HOT * (1 - turn / most))
            if move := self._any_move():
                self._try(move, heat)

    def _any_move(self) -> _Move | None:
        kind = self.dice.random()
        if kind < 0.5:
            return self._to_another_part()
        who, part = self.dice.choice(self.leaders), self.dice.choice(self.parts)
        if kind < 0.8:
            return self._to_rooms(part, {who: self.dice.choice(self.rooms[part])})
        other = self.dice.choice(self.leaders)
        return self._to_rooms(part, {who: self.room[other, part], other: self.room[who, part]})

    def _to_another_part(self) -> _Move | None:
        number = self.dice.randrange(len(self.hearings))
        part = self.dice.choice(self.parts)
        if part == self.part[number]:
            return None
        session = self.at[part, self.room[self.leader[number], part]]
        return _Move([(number, self._session(number), session)], [(self.part, number, part)])

    def _to_rooms(self, part: str, rooms: dict[str, str]) -> _Move | None:
        """Somebody to another room in a part of the day, or two people in each other's place."""
        if all(self.room[who, part] == room for who, room in rooms.items()):
            return None
        return _Move(
            [
                (number, self.at[part, self.room[who, part]], self.at[part, room])
                for who, room in rooms.items()
                for number in self.leads[who]
                if self.part[number] == part
            ],
            [(self.room, (who, part), room) for who, room in rooms.items()],
        )

    def _try(self, move: _Move, heat: float) -> None:
        changes: dict[int, int] = defaultdict(int)
        worse = 0
        crowding = False
        for number, old, new in move.cases:
            changes[old] -= self.minutes[number]
            changes[new] += self.minutes[number]
            worse += WRONG * (self.fits[number][old] - self.fits[number][new])
            crowding = crowding or bool(self.others[number])
        worse += sum(self._over(session, more) - self._over(session) for session, more in changes.items())
        if crowding:
            before = self._crowded()
            self._walk(move, 1)
            worse += WRONG * (self._crowded() - before)
        if worse <= 0 or self.dice.random() < math.exp(-worse / heat):
            for session, more in changes.items():
                self.load[session] += more
            for where, which, what in move.decides:
                where[which] = what
            self.cost += worse
        elif crowding:
            self._walk(move, -1)

    def _walk(self, move: _Move, count: int) -> None:
        for number, old, new in move.cases:
            self._enter(number, old, -count)
            self._enter(number, new, count)

    def places(self) -> dict[str, str]:
        """What stands, without those in whose place something is wrong: of several those that cost least elsewhere."""
        free = list(self.capacity)
        inside: dict[tuple[str, str], set[str]] = defaultdict(set)
        found: dict[str, str] = {}
        for number in sorted(self.part, key=lambda one: -self.asked.elsewhere[self.hearings[one].key]):
            one, at = self.hearings[number], self._session(number)
            session = self.sessions[at]
            rooms = {who: inside[who, session.part] | {session.room} for who in one.people}
            alone = all(len(known) <= self.asked.limits.rooms(who) for who, known in rooms.items())
            if self.fits[number][at] and one.minutes <= free[at] and alone:
                found[one.key] = session.key
                free[at] -= one.minutes
                inside.update({(who, session.part): known for who, known in rooms.items()})
        return found
