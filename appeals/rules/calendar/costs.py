"""What a calendar costs, counted from its places: the same sum that the solver makes least."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from appeals.rules.calendar.facts import Hearing, Question, Weights


def cost_of(*, asked: Question, places: Mapping[str, str]) -> int:
    """Lateness and squared waiting beyond what no calendar could avoid, and every (tax, district, day)."""
    by_key = {session.key: session for session in asked.sessions}
    days = sorted({session.day for session in by_key.values()})
    total, told = 0, set()
    for one in asked.hearings:
        if one.key not in places:
            total += cost_of_nowhere(one, days, asked.weights)
            continue
        session = by_key[places[one.key]]
        total += asked.weights.of_day(one, session.day) - _least(one, asked)
        told.add((one.group, session.day))
    return total + asked.weights.apart * len(told)


def rooms_apart(*, asked: Question, places: Mapping[str, str]) -> int:
    """Rooms beside the first in which cases of one tax and district are heard on one day."""
    by_key = {session.key: session for session in asked.sessions}
    at = {(one.group, by_key[places[one.key]]) for one in asked.hearings if one.key in places}
    rooms = {(group, session.day, session.room) for group, session in at}
    return len(rooms) - len({(group, day) for group, day, _ in rooms})


def _least(hearing: Hearing, asked: Question) -> int:
    """Of the best day that has a room for it; 0 where none has."""
    days = {session.day for session in asked.sessions if hearing.fits(session)}
    return min((asked.weights.of_day(hearing, day) for day in days), default=0)


def cost_of_nowhere(hearing: Hearing, days: Collection[date], weights: Weights) -> int:
    """Of a case that has no place: more than any place would cost, and more the longer it waits."""
    last = max(days, default=hearing.decide_by)
    return 2 * weights.of_day(hearing, max(last, hearing.received)) + weights.late_day + weights.apart
