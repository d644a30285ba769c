"""When a case is expected to begin while a sitting runs: never before the time that everybody was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Running:
    """A case in the order of its room: `planned` is the time that was told, `lasts` in minutes. Without `began`, but
    with `ended`: it was adjourned before it began."""

    planned: datetime
    lasts: int
    began: datetime | None = None
    ended: datetime | None = None


def expected(*, order: Sequence[Running], now: datetime) -> list[datetime]:
    """When each begins, or began. What takes longer than planned puts those after it off; what is over sooner puts
    nobody forward, since people come for the time that they were told."""
    found = []
    free: datetime | None = None
    for one in order:
        if one.began is not None:
            found.append(one.began)
            ends = one.ended or max(one.began + timedelta(minutes=one.lasts), now)
            free = max(free, ends) if free else ends
        elif one.ended is not None:
            found.append(one.planned)
        else:
            begins = max(one.planned, free) if free else one.planned
            begins = max(begins, now) if free or begins < now else begins
            found.append(begins)
            free = begins + timedelta(minutes=one.lasts)
    return found
