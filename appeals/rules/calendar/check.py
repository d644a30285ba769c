"""What a calendar must never do, looked for in any plan, however it was made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from appeals.rules.calendar.facts import Hearing, Limits, Session


def faults(
    *, hearings: Iterable[Hearing], sessions: Iterable[Session], limits: Limits, places: Mapping[str, str]
) -> list[str]:
    """Every rule that a plan breaks: overbooked minutes, an unfit room or day, somebody in too many rooms or cases."""
    by_key = {session.key: session for session in sessions}
    booked: Counter[str] = Counter()
    rooms: dict[tuple[str, date, str], set[str]] = defaultdict(set)
    cases: Counter[tuple[str, date]] = Counter()
    found = []
    for hearing in hearings:
        if hearing.key not in places:
            continue
        session = by_key[places[hearing.key]]
        booked[session.key] += hearing.minutes
        if not hearing.fits(session):
            found.append(f"{hearing.key} can't be held in {session.key}")
        for person in hearing.people:
            rooms[person, session.day, session.part].add(session.room)
            cases[person, session.day] += 1
    found += [f"{key} is overbooked" for key, minutes in booked.items() if minutes > by_key[key].minutes]
    found += [
        f"{person} would be in {len(inside)} rooms on {day.isoformat()} {part}"
        for (person, day, part), inside in rooms.items()
        if len(inside) > limits.rooms(person)
    ]
    found += [
        f"{person} would have {count} cases on {day.isoformat()}"
        for (person, day), count in cases.items()
        if person in limits.a_day and count > limits.a_day[person]
    ]
    return found
