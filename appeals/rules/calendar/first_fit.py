"""Cases into the rooms of a day as by hand: the largest groups first, each into the room that it fills best.

Like beside like; good enough on most days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from appeals.rules.calendar.facts import Hearing, Limits, Session


def first_fit(*, hearings: Sequence[Hearing], sessions: Sequence[Session], limits: Limits) -> dict[str, str]:
    """Hearing to session; who found no room is not in it."""
    return _Rooms(sessions, limits).filled_with(hearings, lambda one: one.group)


def room_for(
    *, hearing: Hearing, sessions: Sequence[Session], limits: Limits, there: Sequence[tuple[Hearing, Session]]
) -> str | None:
    """A session of a day for one more case beside those that are there; None where there is none."""
    for person in hearing.people & set(limits.a_day):
        if sum(1 for one, _ in there if person in one.people) >= limits.a_day[person]:
            return None
    rooms = _Rooms(sessions, limits)
    for one, session in there:
        rooms.take([one], {one.key: session})
    found = rooms.together([hearing])
    return found[hearing.key].key if found is not None else None


class _Rooms:
    def __init__(self, sessions: Sequence[Session], limits: Limits) -> None:
        self.limits = limits
        self.by_room: dict[str, list[Session]] = defaultdict(list)
        for session in sorted(sessions, key=lambda one: one.key):
            self.by_room[session.room].append(session)
        self.free = {session.key: session.minutes for session in sessions}
        self.inside: dict[tuple[str, str], set[str]] = defaultdict(set)

    def filled_with(self, hearings: Sequence[Hearing], beside: Callable[[Hearing], Any]) -> dict[str, str]:
        groups: dict[Any, list[Hearing]] = defaultdict(list)
        for one in sorted(hearings, key=lambda one: (-one.minutes, one.key)):
            groups[beside(one)].append(one)
        places: dict[str, str] = {}
        alone: list[Hearing] = []
        for _, members in sorted(groups.items(), key=lambda item: (-sum(one.minutes for one in item[1]), item[0])):
            found = self.together(members)
            if found is None:
                alone += members
            else:
                self.take(members, found)
                places.update({key: session.key for key, session in found.items()})
        for one in alone:
            if (found := self.together([one])) is not None:
                self.take([one], found)
                places[one.key] = found[one.key].key
        return places

    def together(self, members: Sequence[Hearing]) -> dict[str, Session] | None:
        """A room for all of them, the one that is left with the least."""
        options = [(self._spare(room), room) for room in self.by_room]
        for _, room in sorted(options):
            found: dict[str, Session] = {}
            free = {session.key: self.free[session.key] for session in self.by_room[room]}
            for one in members:
                fitting = [session for session in self.by_room[room] if self._may(one, session, free)]
                if not fitting:
                    break
                best = min(fitting, key=lambda session: (free[session.key], session.key))
                found[one.key] = best
                free[best.key] -= one.minutes
            else:
                return found
        return None

    def _spare(self, room: str) -> int:
        return sum(self.free[session.key] for session in self.by_room[room])

    def _may(self, one: Hearing, session: Session, free: Mapping[str, int]) -> bool:
        return (
            one.fits(session)
            and free[session.key] >= one.minutes
            and all(
                len(self.inside[person, session.part] | {session.room}) <= self.limits.rooms(person)
                for person in one.people
            )
        )

    def take(self, members: Sequence[Hearing], found: Mapping[str, Session]) -> None:
        for one in members:
            session = found[one.key]
            self.free[session.key] -= one.minutes
            for person in one.people:
                self.inside[person, session.part].add(session.room)
