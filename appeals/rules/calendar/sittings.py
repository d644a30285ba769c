"""Sessions as the calendar is planned with: every room in every part of a sitting's day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from appeals.rules.calendar.facts import Session
from appeals.rules.sittings import rooms_on
from billing.rules.dated import DatedTables


def sessions_on(*, tables: DatedTables, day: date) -> Iterator[Session]:
    """Every room in every part of a sitting's day."""
    rooms, parts = rooms_on(tables=tables, day=day)
    for part in parts:
        for room in rooms:
            yield Session(
                key=f"{day.isoformat()}/{part.code}/{room.code}",
                day=day,
                part=part.code,
                room=room.code,
                minutes=part.minutes,
                step_free=room.step_free,
                remote=room.remote,
            )
